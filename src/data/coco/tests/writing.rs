//! What the writer writes and rejects, and round trips.
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::landmark::{LandmarkCategory, Visibility};

fn sample(schema: &LandmarkSchema, category: Option<usize>) -> LandmarkSample {
    let mut landmarks = unlabeled(schema, category);
    let first = schema.landmarks_of(category)[0];
    landmarks[first] = Landmark::new(1.5, -2.0, Visibility::Occluded);
    let bounding_box = BoundingBox::new(1.0, 2.5, 4.0, 8.0).unwrap();
    LandmarkSample { category, ..LandmarkSample::new("a.jpg", bounding_box, landmarks) }
}

fn image(samples: Vec<LandmarkSample>) -> CocoImage {
    CocoImage { id: 3, file_name: "a.jpg".into(), size: Some([64, 48]), samples }
}

#[test]
fn writes_what_the_format_prescribes() {
    let on_disk = OnDisk::new("");
    let names = ["nose", "left ear", "right ear"].map(String::from).to_vec();
    let schema = LandmarkSchema::new(names, vec![0, 2, 1], vec![[0, 1], [0, 2]])
        .and_then(|schema| schema.with_sigmas(vec![0.1, 0.25, 0.25]))
        .and_then(|schema| {
            let landmarks = vec![0, 1, 2];
            schema.with_categories(vec![LandmarkCategory { id: 5, name: "cat".into(), landmarks }])
        })
        .unwrap();
    write_coco(on_disk.path(), &schema, &[image(vec![sample(&schema, Some(0))])]).unwrap();
    let written: Value = serde_json::from_slice(&fs::read(on_disk.path()).unwrap()).unwrap();
    assert_eq!(
        written,
        json!({
            "images": [{"id": 3, "file_name": "a.jpg", "width": 64, "height": 48}],
            "annotations": [{
                "id": 1, "image_id": 3, "category_id": 5, "bbox": [1.0, 2.5, 3.0, 5.5], "area": 16.5, "iscrowd": 0,
                "num_keypoints": 1, "keypoints": [1.5, -2, 1, 0, 0, 0, 0, 0, 0],
            }],
            "categories": [{
                "id": 5, "name": "cat", "keypoints": ["nose", "left ear", "right ear"],
                "skeleton": [[1, 2], [1, 3]], "flip_pairs": [[2, 3]], "sigmas": [0.1, 0.25, 0.25],
            }],
            "visibility_code": "coco",
        }),
        "a schema that follows from the categories is not written a second time"
    );
}

#[test]
fn areas_and_crowds_are_written_where_they_are_known() {
    let on_disk = OnDisk::new("");
    let schema = LandmarkSchema::fld();
    let outlined = LandmarkSample { area: Some(9.25), crowd: true, ..sample(&schema, Some(1)) };
    let images = [image(vec![outlined.clone(), sample(&schema, Some(1))])];
    write_coco(on_disk.path(), &schema, &images).unwrap();
    let read = on_disk.open().unwrap();
    assert_eq!(read.sample(0), outlined);
    assert_eq!((read.sample(1).area, read.sample(1).crowd), (Some(16.5), false), "the box's");
}

#[test]
fn refuses_what_the_format_cannot_hold() {
    let schema = LandmarkSchema::fld();
    let check = |change: fn(&mut CocoImage), message: &str| {
        let on_disk = OnDisk::new("old");
        let mut images = vec![image(vec![]), image(vec![sample(&schema, Some(1)); 2])];
        images[1].id = 4;
        change(&mut images[1]);
        let error = write_coco(on_disk.path(), &schema, &images).unwrap_err();
        let CocoImage { id, file_name, .. } = &images[1];
        let at = format!("a.json: image {id} '{file_name}': ");
        assert_eq!(on_disk.plain(&error), at + message);
        assert_eq!(fs::read(on_disk.path()).unwrap(), b"old");
    };
    check(|image| image.id = 3, "its number is there twice");
    check(
        |image| image.file_name = "/a.jpg".into(),
        "the image's name '/a.jpg' is not a plain path below the root",
    );
    check(|image| image.samples[1].landmarks.truncate(4), "sample 2: 4 landmarks instead of 8");
    check(|image| image.samples[1].area = Some(-2.0), "sample 2: its area is -2");
    check(|image| image.samples[0].category = None, "sample 1: its category is not known");
    check(|image| image.samples[0].category = Some(3), "sample 1: there is no category 3");
    check(
        |image| image.samples[0].landmarks[4].x = f32::INFINITY,
        "sample 1: landmark 5 'left waistline': at inf, -2: too far away",
    );
    check(
        |image| image.samples[0].landmarks[0] = image.samples[0].landmarks[4],
        "sample 1: landmark 1 'left collar': there, though its category has no such landmark",
    );
    check(
        |image| image.samples[0].landmarks[7] = Landmark::ABSENT,
        "sample 1: landmark 8 'right hem': absent, though its category has it",
    );
    check(
        |image| image.samples[0].bounding_box.x2 = 1.0,
        "sample 1: the box [1.0, 2.5, 0.0, 5.5] is empty",
    );
}

/// Schemas whose categories share landmarks, have separate ones, or are missing.
fn schemas() -> Vec<LandmarkSchema> {
    let names = || ["a", "b", "c"].map(String::from).to_vec();
    vec![
        LandmarkSchema::fld(),
        LandmarkSchema::deepfashion2_all(),
        LandmarkSchema::new(names(), vec![2, 1, 0], vec![[2, 0]]).unwrap(),
        LandmarkSchema::fld_of(crate::landmark::ClothesType::Lower),
    ]
}

fn images() -> impl Strategy<Value = (LandmarkSchema, Vec<CocoImage>)> {
    let seen = select(vec![Visibility::Visible, Visibility::Occluded, Visibility::Truncated]);
    let point = (-300f32..3000.0, -300f32..3000.0, seen);
    let corner = (-500f32..500.0, -500f32..500.0, 1f32..2000.0, 1f32..2000.0);
    let thing = (any::<prop::sample::Index>(), corner, vec(point, 39));
    (select(schemas()), vec(vec(thing, 0..3), 1..5)).prop_map(|(schema, all)| {
        let sample =
            |(which, (x, y, w, h), points): (prop::sample::Index, (f32, f32, f32, f32), Vec<_>)| {
                let categories = schema.categories().len();
                let category = (categories > 0).then(|| which.index(categories));
                let mut landmarks = unlabeled(&schema, category);
                for (slot, (x, y, seen)) in schema.landmarks_of(category).into_iter().zip(points) {
                    if Visibility::has_position(seen) {
                        landmarks[slot] = Landmark::new(x, y, seen);
                    }
                }
                let bounding_box = BoundingBox::new(x, y, x + w, y + h).unwrap();
                LandmarkSample {
                    category,
                    area: Some((w * h / 2.0).ceil()),
                    crowd: w > h,
                    ..LandmarkSample::new("", bounding_box, landmarks)
                }
            };
        let images = all.into_iter().zip(1..).map(|(things, number)| {
            let file_name = format!("größe/{number}.jpg");
            let mut samples: Vec<_> = things.into_iter().map(sample).collect();
            samples.iter_mut().for_each(|sample| sample.image.clone_from(&file_name));
            CocoImage { id: 1000 - number, file_name, size: None, samples }
        });
        let images = images.collect();
        (schema, images)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_again((schema, images) in images()) {
        let on_disk = OnDisk::new("");
        write_coco(on_disk.path(), &schema, &images).unwrap();
        let expected: Vec<_> =
            images.iter().flat_map(|image| image.samples.iter().map(|sample| (image.id, sample))).collect();
        match on_disk.open() {
            Ok(read) => {
                prop_assert_eq!((read.schema(), read.len()), (&schema, expected.len()));
                for (i, (id, sample)) in expected.into_iter().enumerate() {
                    prop_assert_eq!(&read.sample(i), sample);
                    prop_assert_eq!(read.image_id(i), Some(id));
                }
            }
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }
}
