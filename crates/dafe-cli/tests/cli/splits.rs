//! Splits: found by their names, divided by image, and never with images in common; and every
//! format from training to detection.
use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{dafe, fail, json, succeed};

/// A generated tree of COCO's form.
fn generated(root: &Path) {
    let mut command = dafe("generate");
    command.args(["--format", "coco", "--train", "10", "--val", "4", "--test", "4"]);
    succeed(command.arg("--out").arg(root));
}

/// The images of each split that training, validation and evaluation would use.
fn split_images(root: &Path, options: &[&str]) -> Vec<(String, u64)> {
    let report = root.with_extension("found.json");
    let mut check = dafe("check");
    check.args(["--no-decode", "--json"]).arg(&report).arg("--data").arg(root).args(options);
    succeed(&mut check);
    let found = json(report.clone());
    let split =
        |one: &Value| (one["split"].as_str().unwrap().to_string(), one["images"].as_u64().unwrap());
    found["splits"].as_array().unwrap().iter().map(split).collect()
}

fn sizes(sizes: [u64; 3]) -> Vec<(String, u64)> {
    ["train", "val", "test"].map(String::from).into_iter().zip(sizes).collect()
}

fn rename(root: &Path, from: &str, to: &str) {
    let to = root.join(to);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(root.join(from), to).unwrap();
}

#[test]
fn usual_names_are_found_without_options() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    generated(&root);
    assert_eq!(split_images(&root, &[]), sizes([10, 4, 4]));
    // CVAT's subsets.
    for (from, to) in [("train", "Train"), ("val", "Validation"), ("test", "Test")] {
        let to = format!("annotations/person_keypoints_{to}.json");
        rename(&root, &format!("annotations/{from}.json"), &to);
    }
    assert_eq!(split_images(&root, &[]), sizes([10, 4, 4]));
    // Names of one's own.
    for (from, to) in [("Train", "one"), ("Validation", "two"), ("Test", "three")] {
        let from = format!("annotations/person_keypoints_{from}.json");
        rename(&root, &from, &format!("labels/{to}.json"));
    }
    let error = fail(dafe("check").arg("--data").arg(&root));
    assert!(error.contains("3 files may be the annotations"), "{error}");
    let named = ["--annotations", "labels/{split}.json", "--split-names", "one,two,three"];
    assert_eq!(split_images(&root, &named), sizes([10, 4, 4]));
}

#[test]
fn one_file_is_divided_by_image_and_overlaps_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    generated(&root);
    let all = "annotations/train.json";
    let train = |options: &[&str]| {
        let mut train = dafe("train");
        train.args(["--preset", "nano", "--epochs", "1", "--plain", "--data"]).arg(&root);
        train.args(options).arg("--out").arg(folder.path().join("run"));
        train
    };
    // The same images to train and to test on.
    fs::copy(root.join(all), root.join("annotations/test.json")).unwrap();
    let error = fail(&mut train(&[]));
    assert!(error.contains("10 images are in two splits, such as train_"), "{error}");
    assert!(error.contains("--allow-overlap") && error.contains("--split"), "{error}");
    let mut check = dafe("check");
    let error = fail(check.arg("--data").arg(&root));
    assert!(error.contains("10 errors"), "{error}");
    // Under other names, too.
    let mut test = json(root.join("annotations/test.json"));
    for image in test["images"].as_array_mut().unwrap() {
        let name = image["file_name"].as_str().unwrap().to_string();
        fs::copy(root.join("images").join(&name), root.join("images").join(format!("copy_{name}")))
            .unwrap();
        image["file_name"] = json!(format!("copy_{name}"));
    }
    fs::write(root.join("annotations/test.json"), test.to_string()).unwrap();
    let error = fail(dafe("check").arg("--data").arg(&root));
    assert!(error.contains("10 errors"), "{error}");

    let one = split_images(&root, &["--annotations", all]);
    assert_eq!(one, sizes([8, 1, 1]));
    let other = split_images(&root, &["--annotations", all, "--split", "0.5,0.3,0.2"]);
    assert_eq!(other, sizes([5, 3, 2]));
    let printed = succeed(&mut train(&["--annotations", all, "--split", "0.6,0.2,0.2"]));
    assert!(
        printed.contains("divided by seed 0 into 6 to train, 2 to validate, 2 to test"),
        "{printed}"
    );
    // What was tested on is found again.
    let mut evaluate = dafe("evaluate");
    evaluate.args(["--annotations", all, "--divide", "0.6,0.2,0.2", "--resamples", "0", "--data"]);
    evaluate.arg(&root).arg("--model").arg(folder.path().join("run"));
    let printed = succeed(evaluate.arg("--json").arg(folder.path().join("numbers.json")));
    assert!(printed.contains("no average precision: the dataset has no sigmas"), "{printed}");
    let [numbers, metrics] =
        ["numbers.json", "run/metrics.json"].map(|name| json(folder.path().join(name)));
    assert_eq!((&numbers["images"], &numbers["ne"]), (&json!(2), &metrics["test"]["ne"]));
}

#[test]
fn every_format_is_checked_trained_on_evaluated_and_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut generate = dafe("generate");
    generate.args(["--format", "fld", "--train", "8", "--val", "3", "--test", "3", "--out"]);
    succeed(generate.arg(at("fld")));
    let mut positions = Vec::new();
    for format in ["coco", "yolo", "deeplabcut", "deepfashion-c"] {
        let mut convert = dafe("convert");
        convert.args(["--to", format, "--data"]).arg(at("fld")).arg("--out").arg(at(format));
        assert!(succeed(&mut convert).contains("14 annotations in 14 images"));
        let mut check = dafe("check");
        let printed = succeed(check.arg("--data").arg(at(format)));
        assert!(printed.contains("no errors") || printed.contains("nothing is wrong"), "{printed}");
        let run = at(&format!("{format}-run"));
        let mut train = dafe("train");
        train.args(["--preset", "nano", "--epochs", "1", "--plain", "--data"]).arg(at(format));
        succeed(train.arg("--out").arg(&run));
        let mut evaluate = dafe("evaluate");
        evaluate.args(["--resamples", "0", "--data"]).arg(at(format)).arg("--model").arg(&run);
        let printed = succeed(&mut evaluate);
        assert!(printed.contains("PCK"), "{printed}");
        let mut detect = dafe("detect");
        detect.arg(at("fld/img/test_000001.jpg")).arg("--model").arg(&run);
        succeed(detect.arg("--out").arg(at("found")).arg("--again"));
        // All formats hold the same landmarks.
        let back = at(&format!("{format}-back"));
        let mut convert = dafe("convert");
        convert.args(["--to", "coco", "--data"]).arg(at(format)).arg("--out").arg(&back);
        succeed(&mut convert);
        let read = json(back.join("annotations/train.json"));
        let count = |v: i64| {
            let keypoints = read["annotations"].as_array().unwrap().iter();
            let triplets = keypoints.flat_map(|one| one["keypoints"].as_array().unwrap().chunks(3));
            triplets.filter(|triplet| triplet[2].as_i64() == Some(v)).count()
        };
        positions.push((format, count(1) + count(2)));
    }
    let of = |format: &str| positions.iter().find(|(name, _)| *name == format).unwrap().1;
    assert_eq!(of("coco"), of("deepfashion-c"));
    assert!(
        of("yolo") > 0 && of("yolo") <= of("coco"),
        "outside of the image, none: {positions:?}"
    );
    // Without splits, all images are in one.
    assert!(of("deeplabcut") > of("coco"), "{positions:?}");
}
