//! What the writer writes and rejects, and round trips.
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{geometry::BoundingBox, landmark::Landmark};

fn schema() -> LandmarkSchema {
    let names = ["snout, tip", "ear \"L\""].map(String::from).to_vec();
    LandmarkSchema::new(names, vec![0, 1], vec![[0, 1]]).unwrap()
}

fn sample(landmarks: [Landmark; 2]) -> LandmarkSample {
    LandmarkSample::new("", BoundingBox::whole(9, 9), landmarks.to_vec())
}

fn seen(x: f32, y: f32) -> Landmark {
    Landmark::new(x, y, Visibility::Visible)
}

fn image(name: &str, samples: Vec<LandmarkSample>) -> DeepLabCutImage {
    DeepLabCutImage { name: format!("labeled-data/{name}"), size: [64, 48], samples }
}

#[test]
fn writes_what_the_form_prescribes() {
    let folder = tempfile::tempdir().unwrap();
    let hidden = Landmark::new(1.0, -0.5, Visibility::Occluded);
    let images =
        [image("b/1.png", vec![sample([seen(0.1, 20.0), hidden])]), image("a/2.png", Vec::new())];
    write_deeplabcut(folder.path(), &schema(), "Ana", &images).unwrap();
    let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    let head = "scorer,Ana,Ana,Ana,Ana\n\
                bodyparts,\"snout, tip\",\"snout, tip\",\"ear \"\"L\"\"\",\"ear \"\"L\"\"\"\n\
                coords,x,y,x,y\n";
    let row = "labeled-data/b/1.png,0.1,20.0,1.0,-0.5\n";
    assert_eq!(text("labeled-data/b/CollectedData_Ana.csv"), format!("{head}{row}"));
    let row = "labeled-data/a/2.png,,,,\n";
    assert_eq!(text("labeled-data/a/CollectedData_Ana.csv"), format!("{head}{row}"));
    let project = folder.path().display();
    let config = text("config.yaml");
    let expected = format!(
        "# A project of DeepLabCut.\nTask: dafe\nscorer: \"Ana\"\ndate: Jan1\n\
         multianimalproject: false\nidentity: false\nproject_path: \"{project}\"\nvideo_sets:\n  \
         \"{project}/videos/a.avi\":\n    crop: 0, 64, 0, 48\n  \"{project}/videos/b.avi\":\n    \
         crop: 0, 64, 0, 48\nbodyparts: [\"snout, tip\", \"ear \\\"L\\\"\"]\nstart: 0\nstop: 1\n\
         numframes2pick: 20\nskeleton: [[\"snout, tip\", \"ear \\\"L\\\"\"]]\n"
    );
    assert!(config.starts_with(&expected), "{config}");
    assert!(config.contains("\nTrainingFraction: [0.95]\niteration: 0\n"), "{config}");
}

#[test]
fn several_samples_of_an_image_are_individuals() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) =
        (sample([seen(1.0, 2.0), seen(3.0, 4.0)]), sample([seen(5.0, 6.0), seen(7.0, 8.0)]));
    let images = [image("a/1.png", vec![one, two.clone()]), image("a/2.png", vec![two])];
    write_deeplabcut(folder.path(), &schema(), "Ana", &images).unwrap();
    let table = fs::read_to_string(folder.path().join("labeled-data/a/CollectedData_Ana.csv"));
    let lines: Vec<String> = table.unwrap().lines().map(String::from).collect();
    let individuals = [["individual1"; 4], ["individual2"; 4]].concat().join(",");
    assert_eq!(lines[1], format!("individuals,{individuals}"));
    assert_eq!(lines[4], "labeled-data/a/1.png,1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0");
    assert_eq!(lines[5], "labeled-data/a/2.png,5.0,6.0,7.0,8.0,,,,");
    let config = fs::read_to_string(folder.path().join("config.yaml")).unwrap();
    assert!(
        config.contains("individuals: [\"individual1\", \"individual2\"]\nuniquebodyparts: []\n")
    );
    assert!(config.contains("bodyparts: MULTI!\n"));
    assert_eq!(DeepLabCutDataset::open(folder.path()).unwrap().len(), 3);
}

#[test]
fn writes_nothing_if_an_image_will_not_do() {
    let check = |scorer: &str, change: fn(&mut Vec<DeepLabCutImage>), message: &str| {
        let folder = tempfile::tempdir().unwrap();
        let good = vec![sample([seen(1.0, 2.0), Landmark::ABSENT])];
        let mut images = vec![image("a/1.png", good.clone()), image("a/2.png", good)];
        change(&mut images);
        let error = write_deeplabcut(folder.path(), &schema(), scorer, &images).unwrap_err();
        assert_eq!(error.message(), message);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    };
    check("Ana", Vec::clear, "there are no images to write");
    let second = "image 'labeled-data/a/1.png': it is there twice";
    check("Ana", |images| images[1].name = images[0].name.clone(), second);
    let form = "image 'a.png': its name is not labeled-data/<video>/<file>";
    check("Ana", |images| images[0].name = "a.png".into(), form);
    let breaks = "image 'labeled-data/a/\\n.png': its name has a line break or a quotation mark";
    check("Ana", |images| images[0].name = "labeled-data/a/\n.png".into(), breaks);
    let count = "image 'labeled-data/a/2.png': sample 1: 1 landmarks instead of 2";
    check("Ana", |images| images[1].samples[0].landmarks.truncate(1), count);
    let far =
        "image 'labeled-data/a/1.png': sample 1: landmark 'snout, tip': at NaN, 2: too far away";
    check("Ana", |images| images[0].samples[0].landmarks[0].x = f32::NAN, far);
    check("../Ana", |_| (), "the scorer '../Ana' can't be part of a file name");
}

fn images() -> impl Strategy<Value = Vec<Vec<LandmarkSample>>> {
    let kind = select(vec![Visibility::Visible, Visibility::Occluded, Visibility::Truncated]);
    let place = || prop_oneof![-300f32..3000.0, (-300i16..3000).prop_map(f32::from)];
    let point = (place(), place(), kind).prop_map(|(x, y, kind)| Landmark::new(x, y, kind));
    // Two different points, so there is a box.
    let sample = (point, -300f32..3000.0).prop_map(|(point, x)| sample([seen(3001.0, x), point]));
    let sample =
        sample.prop_filter("a box", |sample| sample.landmarks[1].visibility.has_position());
    vec(vec(sample, 0..3), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_again(all in images()) {
        let folder = tempfile::tempdir().unwrap();
        let written: Vec<_> = all.iter().enumerate()
            .map(|(i, samples)| image(&format!("video {}/größe {i}.png", i % 2), samples.clone())).collect();
        write_deeplabcut(folder.path(), &schema(), "Ana", &written).unwrap();
        // In the order of the folders.
        let mut expected: Vec<_> = written.iter()
            .flat_map(|image| image.samples.iter().map(move |sample| (&image.name, sample))).collect();
        expected.sort_by_key(|(name, _)| name.split('/').nth(1));
        match DeepLabCutDataset::open(folder.path()) {
            Ok(read) => {
                prop_assert_eq!(read.schema(), &schema());
                prop_assert_eq!(read.images().len(), all.len());
                prop_assert_eq!(read.len(), expected.len());
                for (i, (name, expected)) in expected.into_iter().enumerate() {
                    let found = read.sample(i);
                    prop_assert_eq!(&found.image, name);
                    for (found, expected) in found.landmarks.iter().zip(&expected.landmarks) {
                        prop_assert_eq!((found.x, found.y), (expected.x, expected.y));
                        prop_assert_eq!(found.visibility, Visibility::Visible);
                    }
                }
            }
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }
}
