//! Every form of dataset through the program: trained on, measured, submitted; and what is said of
//! damaged ones.
use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{again, dafe, fail, json, run, succeed, tree};

/// A tree of images with several garments.
fn scenes(root: &Path, form: &str) {
    let mut command = dafe("generate");
    command.args(["--format", form, "--train", "14", "--val", "3", "--test", "5"]);
    assert!(succeed(command.arg("--out").arg(root)).contains("22 images"));
}

#[test]
fn several_garments_an_image_are_trained_measured_and_submitted() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (form, landmarks) in [("deepfashion2", 294), ("coco", 8)] {
        let (root, run_at) = (at(form), at(&format!("{form}-run")));
        scenes(&root, form);
        let mut train = dafe("train");
        train.args(["--dataset", form, "--preset", "nano", "--epochs", "1", "--plain"]);
        train.arg("--data").arg(&root).arg("--out").arg(&run_at);
        let mut half = again(&train);
        succeed(half.args(["--fraction", "0.5"]));
        let trained = |folder: &Path| {
            let samples = &json(folder.join("metrics.json"))["training"]["samples"];
            samples.as_u64().unwrap() as usize
        };
        // A run does not resume with other data.
        let error = fail(&mut train);
        assert!(error.contains("other training data"), "{error}");

        let mut evaluate = dafe("evaluate");
        evaluate.args(["--dataset", form, "--resamples", "0"]).arg("--data").arg(&root);
        evaluate.arg("--model").arg(&run_at).arg("--results").arg(at("results.json"));
        evaluate.arg("--json").arg(at("numbers.json")).arg("--sheet").arg(at("sheet.jpg"));
        let printed = succeed(&mut evaluate);
        assert!(printed.contains("inferred category"), "{printed}");
        assert!(printed.lines().count() < 100, "{printed}");
        let numbers = json(at("numbers.json"));
        assert_eq!(numbers["ne_per_landmark"].as_object().unwrap().len(), landmarks);
        assert_eq!(numbers["images"], 5);
        assert!(image::open(at("sheet.jpg")).unwrap().width() > 1000);
        let results = json(at("results.json"));
        let results = results.as_array().unwrap();
        assert_eq!(numbers["samples"], results.len());
        assert!(results.iter().all(|r| r["keypoints"].as_array().unwrap().len() == 3 * landmarks));
        assert!(trained(&run_at) > 7, "several garments in seven images");

        // Boxes of other images are left out; of these, only average precision is measured.
        let boxes = [1, 99].map(|image_id| {
            serde_json::json!({"image_id": image_id, "category_id": 1, "bbox": [9, 9, 80, 90], "score": 0.5})
        });
        fs::write(at("boxes.json"), serde_json::to_vec(&boxes).unwrap()).unwrap();
        let printed = succeed(evaluate.arg("--boxes").arg(at("boxes.json")));
        assert!(printed.contains("left out 1 boxes"), "{printed}");
        assert_eq!(printed.contains("AP vis"), form == "deepfashion2", "{printed}");
        assert!(!printed.contains("PCK"), "{printed}");
        assert_eq!(json(at("results.json")).as_array().unwrap().len(), 1);
    }
    // The wrong format for a tree, and the wrong model for a format.
    let mut evaluate = dafe("evaluate");
    evaluate.arg("--data").arg(at("coco")).arg("--model").arg(at("coco-run"));
    let error = fail(again(&evaluate).args(["--dataset", "deepfashion2"]));
    assert!(error.contains("validation/annos") || error.contains("test/annos"), "{error}");
    let mut other = dafe("evaluate");
    other.args(["--dataset", "deepfashion2"]).arg("--data").arg(at("deepfashion2"));
    let error = fail(other.arg("--model").arg(at("coco-run")));
    assert!(error.contains("the model's landmarks are not the dataset's"), "{error}");
    let nothing =
        again(&evaluate).args(["--dataset", "coco", "--boxes"]).arg(at("boxes.json")).output();
    let errors = String::from_utf8(nothing.unwrap().stderr).unwrap();
    assert!(errors.contains("no sigmas"), "{errors}");
}

/// Changes the text of a file.
fn damage(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn damaged_datasets_are_reported_with_all_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let check = |form: &str| {
        let mut command = dafe("check");
        command.args(["--dataset", form]).arg("--data").arg(at(form));
        command
    };
    for form in ["deepfashion2", "coco"] {
        scenes(&at(form), form);
        let mut good = check(form);
        let printed = succeed(good.arg("--sheet").arg(at("labels.png")));
        assert!(
            printed.contains("in 14 images") && printed.contains("nothing is wrong"),
            "{printed}"
        );
        assert!(image::open(at("labels.png")).unwrap().width() > 1000);
    }
    succeed(tree(&at("fld")).args(["--format", "fld"]));
    assert!(succeed(&mut check("fld")).contains("nothing is wrong"));

    let truncate = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let train = at("deepfashion2").join("train");
    damage(&train.join("annos/000002.json"), "\"category_id\":", "\"category_id\":77");
    damage(&train.join("annos/000003.json"), "\"landmarks\":[", "\"landmarks\":[1,");
    fs::write(train.join("annos/000004.json"), "{\n\"item1\": {").unwrap();
    truncate(train.join("image/000005.jpg"));
    fs::write(train.join("image/000006.jpg"), "<html>").unwrap();
    fs::remove_file(train.join("image/000007.jpg")).unwrap();

    let annotations = at("coco").join("annotations");
    damage(&annotations.join("train.json"), "\"bbox\":[", "\"bbox\":[1e9,");
    truncate(annotations.join("val.json"));
    damage(&annotations.join("test.json"), "\"image_id\":", "\"image_id\":9");
    fs::remove_file(at("coco/images/test_000005.jpg")).unwrap();

    damage(&at("fld/Anno/list_bbox.txt"), "img/val_000001.jpg ", "img/val_000001.jpg x");
    truncate(at("fld/img/val_000002.jpg"));

    for (form, parts) in [
        (
            "deepfashion2",
            &[
                "000002.json: item1: category 77",
                "000003.json: item1: ",
                "000004.json:2: column",
                "image ",
                "000005.jpg: truncated",
                "000006.jpg: not an image but an HTML page",
                "000007.jpg",
            ][..],
        ),
        (
            "coco",
            &[
                "train.json: annotation 1 (image train_000001.jpg): bbox has 5 numbers",
                "val.json:1: column",
                "test.json: annotation 1 (image 9",
                "test_000005.jpg",
            ],
        ),
        ("fld", &["list_bbox.txt:51: 'x", "is not a number", "val_000002.jpg: truncated"]),
    ] {
        let mut command = check(form);
        let output = run(command.arg("--json").arg(at("found.json")));
        let printed = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{printed}{errors}");
        for part in parts {
            assert!(printed.contains(part), "no '{part}' in {printed}");
        }
        let found = json(at("found.json"));
        let findings = found["findings"].as_array().unwrap();
        let of_kind = |kind: &str| findings.iter().find(|group| group["kind"] == kind);
        assert!(errors.contains(&format!(": {} errors", found["errors"])), "{errors}");
        let annotations = of_kind("unusable-annotation").unwrap();
        assert_eq!(
            (&annotations["level"], of_kind("unusable-image").is_some()),
            (&"error".into(), true)
        );
        // The same problem ends training, with the same words.
        let mut train = dafe("train");
        train.args(["--dataset", form, "--plain"]).arg("--data").arg(at(form));
        let error = fail(train.arg("--out").arg(at("run")));
        let first = annotations["examples"][0]["message"].as_str().unwrap();
        assert!(error.contains(first), "{error} is not {first}");
        let is_json = first.starts_with("column ");
        assert!(is_json || error.contains("--skip-bad-annotations"), "{error}");
        assert!(!at("run").exists());
    }
    let error = fail(dafe("check").args(["--dataset", "coco"]).arg("--data").arg(at("fld")));
    assert!(error.contains("no annotation file"), "{error}");
}
