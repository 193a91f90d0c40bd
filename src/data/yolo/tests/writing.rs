//! What the writer writes and rejects, and round trips.
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkCategory},
};

const SIZE: [u32; 2] = [200, 100];

fn schema() -> LandmarkSchema {
    let names = ["tip: \"ü\"", "left hem", "right hem"].map(String::from).to_vec();
    let category =
        |id, name: &str, landmarks| LandmarkCategory { id, name: name.into(), landmarks };
    let categories = vec![category(4, "null", vec![0, 1, 2]), category(9, "skirt", vec![1, 2])];
    LandmarkSchema::new(names, vec![0, 2, 1], vec![[1, 0], [1, 2]])
        .and_then(|schema| schema.with_categories(categories))
        .unwrap()
}

fn sample() -> LandmarkSample {
    let landmarks = vec![
        Landmark::new(100.0, 40.0, Visibility::Visible),
        Landmark::new(0.0, 0.0, Visibility::Occluded),
        Landmark::new(f32::NAN, 9.0, Visibility::Truncated),
    ];
    let bounds = BoundingBox::new(60.0, 20.0, 140.0, 80.0).unwrap();
    LandmarkSample { category: Some(0), ..LandmarkSample::new("", bounds, landmarks) }
}

fn split(images: Vec<YoloImage>) -> Vec<(Split, Vec<YoloImage>)> {
    vec![(Split::Train, images), (Split::Val, Vec::new())]
}

fn image(name: &str, samples: Vec<LandmarkSample>) -> YoloImage {
    YoloImage { name: name.into(), size: SIZE, samples }
}

#[test]
fn writes_what_the_form_prescribes() {
    let tree = Tree::new();
    let mut outside = sample();
    outside.category = Some(1);
    outside.landmarks =
        vec![Landmark::ABSENT, Landmark::new(-9.0, 5.0, Visibility::Visible), Landmark::ABSENT];
    let images = vec![image("x/b.jpg", vec![sample(), outside]), image("c.png", Vec::new())];
    assert_eq!(write_yolo(tree.root(), &schema(), &split(images)).unwrap(), 1);
    let text = |file: &str| fs::read_to_string(tree.root().join(file)).unwrap();
    assert_eq!(
        text("labels/train/x/b.txt"),
        "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.000000001 0 1 0 0 0\n\
         1 0.5 0.5 0.4 0.6 0 0 0 0 0 0 0 0 0\n"
    );
    assert_eq!(text("labels/train/c.txt"), "");
    assert_eq!(
        text("data.yaml"),
        "# Read by Ultralytics and dafe. The folders are relative to this file's.\n\
         train: images/train\nval: images/val\nkpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\nnames:\n  \
         0: \"null\"\n  1: \"skirt\"\nkpt_names:\n  0: [\"tip: \\\"ü\\\"\", \"left hem\", \
         \"right hem\"]\n  1: [\"tip: \\\"ü\\\"\", \"left hem\", \"right hem\"]\n\
         skeleton: [[2, 1], [2, 3]]\n"
    );
    assert!(tree.root().join("images/val").is_dir() && tree.root().join("labels/val").is_dir());
}

#[test]
fn writes_nothing_if_a_sample_will_not_do() {
    let check = |change: fn(&mut YoloImage), message: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut images = vec![image("a.png", vec![sample()]), image("b.png", vec![sample()])];
        change(&mut images[1]);
        let name = images[1].name.clone();
        let error = write_yolo(folder.path(), &schema(), &split(images)).unwrap_err();
        let start = format!("{}: image '{name}': ", folder.path().display());
        assert_eq!(error.to_string().strip_prefix(&start), Some(message), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    };
    check(|i| i.name = "a.jpg".into(), "another image has the label file labels/train/a.txt");
    let endings = "its name has none of the extensions bmp, jpeg, jpg, png, tif, tiff, webp";
    check(|i| i.name = "a.gif".into(), endings);
    check(|i| i.name = ".png".into(), endings);
    check(
        |i| i.name = "images/a.png".into(),
        "its name has an empty or hidden part, or a folder 'images'",
    );
    check(
        |i| i.name = "../a.png".into(),
        "the image's name '../a.png' is not a plain path below the root",
    );
    check(|i| i.size = [0, 4], "sample 1: the image has no pixels");
    check(|i| i.samples[0].category = Some(2), "sample 1: there is no category 2");
    check(|i| i.samples[0].category = None, "sample 1: its category is not known");
    check(|i| i.samples[0].landmarks.truncate(2), "sample 1: 2 landmarks instead of 3");
    let empty = "sample 1: the box [60.0, 20.0, 60.0, 80.0] is empty, or its center is outside of \
                 the image of 200 × 100";
    check(|i| i.samples[0].bounding_box.x2 = 60.0, empty);
    let side = "sample 1: the box's side is 10: expected fractions of the image's width and \
                height, not pixels";
    check(|i| i.samples[0].bounding_box = BoundingBox::new(-900., 0., 1100., 9.).unwrap(), side);
    let splits = |splits: &[Split], message: &str| {
        let folder = tempfile::tempdir().unwrap();
        let splits: Vec<_> = splits.iter().map(|&split| (split, Vec::new())).collect();
        let error = write_yolo(folder.path(), &schema(), &splits).unwrap_err();
        assert_eq!(error.message(), message);
    };
    splits(&[Split::Train], "there is no split 'val', which the format requires");
    let twice = [Split::Train, Split::Val, Split::Train];
    splits(&twice, "the split 'train' is there twice");
}

fn samples() -> impl Strategy<Value = Vec<LandmarkSample>> {
    let seen = select(vec![Visibility::Visible, Visibility::Occluded, Visibility::Truncated]);
    let point = (0f32..=200.0, 0f32..=100.0, seen);
    let sample = ((0f32..150.0, 0f32..70.0, 1f32..50.0, 1f32..30.0), vec(point, 3), 0usize..2);
    let sample = sample.prop_map(|((x, y, w, h), points, category)| {
        let mut landmarks: Vec<_> = points
            .into_iter()
            .map(|(x, y, seen)| match seen.has_position() {
                true => Landmark::new(x, y, seen),
                false => Landmark::new(0.0, 0.0, seen),
            })
            .collect();
        if category == 1 {
            landmarks[0] = Landmark::ABSENT;
        }
        let bounds = BoundingBox::new(x, y, x + w, y + h).unwrap();
        LandmarkSample { category: Some(category), ..LandmarkSample::new("", bounds, landmarks) }
    });
    vec(sample, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_again(mut all in vec(samples(), 1..5)) {
        let tree = Tree::new();
        // One sample with a 2, which makes the meaning of 1 unambiguous.
        all[0].insert(0, sample());
        let named = |(i, samples): (usize, &Vec<LandmarkSample>)| image(&format!("{i}.png"), samples.clone());
        let images: Vec<YoloImage> = all.iter().enumerate().map(named).collect();
        fs::remove_file(tree.root().join("images/train/a.png")).unwrap();
        for image in &images {
            tree.image(&format!("images/train/{}", image.name), SIZE);
        }
        prop_assert_eq!(write_yolo(tree.root(), &schema(), &split(images)).unwrap(), 0);
        let options = ReadOptions::default().with_schema(Some(schema()));
        let (read, findings, problems) = tree.told(&options);
        prop_assert!(problems.is_empty(), "{:?}", problems);
        prop_assert!(findings.iter().all(|f| f.starts_with("repeated") || f.contains("a.txt")), "{:?}", findings);
        let schema = schema();
        prop_assert_eq!(read.schema(), &schema);
        let own = YoloDataset::open(tree.root(), Split::Train).unwrap();
        prop_assert_eq!(own.schema().names(), schema.names());
        prop_assert_eq!(own.schema().mirror(), schema.mirror());
        prop_assert_eq!(own.schema().skeleton(), schema.skeleton());
        let expected: Vec<_> = all.iter().enumerate().flat_map(|(i, all)| all.iter().map(move |s| (i, s))).collect();
        prop_assert_eq!(read.len(), expected.len());
        for (at, (i, expected)) in expected.into_iter().enumerate() {
            let found = read.sample(at);
            prop_assert_eq!(&found.image, &format!("images/train/{i}.png"));
            prop_assert_eq!(found.category, expected.category);
            for (found, expected) in corners(&found).iter().zip(corners(expected)) {
                prop_assert!((found - expected).abs() < 1e-4, "{} {}", found, expected);
            }
            for (found, expected) in found.landmarks.iter().zip(&expected.landmarks) {
                prop_assert_eq!(found.visibility, expected.visibility);
                if found.visibility.has_position() {
                    prop_assert!((found.x - expected.x).abs() < 1e-4 && (found.y - expected.y).abs() < 1e-4);
                }
            }
        }
    }
}
