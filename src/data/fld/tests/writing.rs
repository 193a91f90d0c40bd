//! What the writer writes and rejects, and round trips.
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

fn upper() -> LandmarkSample {
    FldDataset::open(Tree::new().root(), Split::Train).unwrap().samples()[0].clone()
}

#[test]
fn writes_what_the_format_prescribes() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = upper();
    sample.landmarks[0].x = -9.6;
    sample.landmarks[7] = Landmark::new(f32::NAN, 3.0, Visibility::Truncated);
    let path = |name: &str| folder.path().join(name);
    write_annotations(folder.path(), FldFormat::Fld, &[(Split::Test, sample.clone())]).unwrap();
    let text = |name: &str| fs::read_to_string(path(name)).unwrap();
    let landmarks = text("Anno/list_landmarks.txt");
    let row = UPPER.replace(" 010 ", " -10 ");
    assert!(landmarks.starts_with(
        "1\nimage_name clothes_type variation_type landmark_visibility_1 landmark_location_x_1"
    ));
    assert!(landmarks.ends_with(&format!("landmark_location_y_8\n{row}\n")), "{landmarks}");
    assert_eq!(
        text("Anno/list_bbox.txt"),
        format!("1\nimage_name x_1 y_1 x_2 y_2\n{}\n", BOX_ROWS[0])
    );
    assert_eq!(
        text("Eval/list_eval_partition.txt"),
        "1\nimage_name evaluation_status\nimg/a.jpg test\n"
    );
    write_annotations(folder.path(), FldFormat::DeepFashionC, &[(Split::Test, sample)]).unwrap();
    assert!(text("Anno/list_landmarks.txt").contains("\nimg/a.jpg 1 0 -10 020 "));
}

#[test]
fn writes_nothing_if_a_row_will_not_do() {
    let check = |format, change: fn(&mut LandmarkSample), message: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut rows = vec![(Split::Train, upper()), (Split::Train, upper())];
        rows[1].1.image = "img/z.jpg".into();
        change(&mut rows[1].1);
        let error = write_annotations(folder.path(), format, &rows).unwrap_err().to_string();
        let name = &rows[1].1.image;
        assert_eq!(error, format!("{}: image '{name}'{message}", folder.path().display()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    };
    let fld = FldFormat::Fld;
    check(fld, |s| s.image = "img/a.jpg".into(), " is there twice");
    check(fld, |s| s.image = "a b.jpg".into(), ": a name must not be empty or contain white space");
    check(fld, |s| s.image = "".into(), ": a name must not be empty or contain white space");
    check(
        fld,
        |s| s.image = "../b".into(),
        ": the image's name '../b' is not a plain path below the root",
    );
    check(
        fld,
        |s| s.variation_type = None,
        ": its variation type is not known; the format deepfashion-c has none",
    );
    check(FldFormat::DeepFashionC, |s| s.category = None, ": its clothes type is not known");
    check(fld, |s| s.landmarks[0] = Landmark::ABSENT, ": clothes type upper needs landmark 0");
    check(fld, |s| s.landmarks[4] = s.landmarks[0], ": clothes type upper has no landmark 4");
    check(fld, |s| s.landmarks[1].y = f32::NAN, ": landmark 1 is at 30, NaN");
    check(fld, |s| s.landmarks.truncate(6), ": 6 landmarks instead of 8");
    check(
        fld,
        |s| s.bounding_box.x2 = 1.4,
        ": the box 1 2 1.4 100, rounded, is empty or too large",
    );
    let folder = tempfile::tempdir().unwrap();
    let error = write_annotations(folder.path(), fld, &[]).unwrap_err();
    assert!(error.to_string().ends_with("there are no images to write"), "{error}");
    // A file in place of a folder.
    fs::write(folder.path().join("Eval"), "").unwrap();
    let error = write_annotations(folder.path(), fld, &[(Split::Train, upper())]).unwrap_err();
    assert!(error.to_string().starts_with("cannot create "), "{error}");
}

fn sample() -> impl Strategy<Value = (Split, LandmarkSample)> {
    let seen = select(vec![Visibility::Visible, Visibility::Occluded, Visibility::Truncated]);
    let point = (-300i16..3000, -300i16..3000, seen);
    let numbers = (select(ClothesType::ALL), select(VariationType::ALL), select(Split::ALL));
    let corner = (-500i16..500, -500i16..500, 1u16..2000, 1u16..2000);
    (numbers, corner, vec(point, 8)).prop_map(
        |((clothes, variation, split), (x, y, w, h), points)| {
            let mut landmarks = vec![Landmark::ABSENT; 8];
            for &slot in clothes.slots() {
                let (x, y, visibility) = points[slot];
                let place =
                    if visibility.has_position() { (x.into(), y.into()) } else { (0.0, 0.0) };
                landmarks[slot] = Landmark::new(place.0, place.1, visibility);
            }
            let (x1, y1) = (f32::from(x), f32::from(y));
            let (x2, y2) = (x1 + f32::from(w), y1 + f32::from(h));
            let bounding_box = BoundingBox::new(x1, y1, x2, y2).unwrap();
            let sample = LandmarkSample {
                category: Some(clothes as usize),
                variation_type: Some(variation),
                ..LandmarkSample::new("", bounding_box, landmarks)
            };
            (split, sample)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read_again(mut rows in vec(sample(), 1..20), with_variation: bool) {
        let format = if with_variation { FldFormat::Fld } else { FldFormat::DeepFashionC };
        for (i, (_, sample)) in rows.iter_mut().enumerate() {
            sample.image = format!("img/größe/{i}.jpg");
            sample.variation_type = sample.variation_type.filter(|_| with_variation);
        }
        let folder = tempfile::tempdir().unwrap();
        write_annotations(folder.path(), format, &rows).unwrap();
        let mut all = FldDataset::open_all(folder.path(), &mut strictly).unwrap().into_iter();
        for &split in Split::ALL {
            let expected: Vec<_> = rows.iter().filter(|row| row.0 == split).map(|row| row.1.clone()).collect();
            if !expected.is_empty() {
                let of_all = all.next().unwrap();
                prop_assert_eq!((of_all.split(), of_all.samples()), (split, &expected[..]));
            }
            match FldDataset::open(folder.path(), split) {
                Ok(read) => {
                    prop_assert_eq!((read.samples(), read.format()), (&expected[..], format));
                }
                Err(error) => prop_assert!(expected.is_empty(), "{}", error),
            }
        }
        prop_assert!(all.next().is_none(), "empty splits are left out");
    }
}
