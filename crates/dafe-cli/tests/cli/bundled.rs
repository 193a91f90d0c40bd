//! The bundled model, where no other is named.
use std::{fs, path::Path, process::Command};

use dafe::prelude::*;
use sha2::{Digest, Sha256};

use super::{dafe, example, fail, json, succeed, tree};

/// What it is called in results.
const NAME: &str = concat!("bundled with dafe ", env!("CARGO_PKG_VERSION"));

/// A tree without images to train or validate on.
fn test_split(root: &Path, images: &str) {
    let mut command = dafe("generate");
    command.args(["--train", "0", "--val", "0", "--test", images]);
    succeed(command.arg("--out").arg(root));
}

#[test]
fn predict_needs_an_image_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    test_split(&at("tree"), "1");
    fs::copy(at("tree").join("img/test_000001.jpg"), at("dress.jpg")).unwrap();
    let detect = || {
        let mut command = dafe("detect");
        command.current_dir(&folder).arg("dress.jpg");
        command
    };
    let printed = succeed(&mut detect());
    assert!(
        printed.contains(NAME) && printed.contains("generated garments and a few"),
        "{printed}"
    );
    assert!(at("runs/detect/dress.landmarks.png").is_file());
    for shown in ["runs/detect/dress.json", "runs/detect/dress.landmarks.png", "1 image: 1 done"] {
        assert!(printed.contains(shown), "{printed}");
    }
    let found = || json(at("runs/detect/dress.json"));
    let first = found();
    let config = json(at("runs/detect/detect.json"));
    assert_eq!(config["model"], NAME);
    let hash = Sha256::digest(LandmarkDetector::bundled_file());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(config["model_sha256"], hash.as_str());
    assert_eq!(first["made_by"], config["fingerprint"]);
    assert!(config["origin"]["recipe"]["seed"].is_number(), "{config}");

    // All landmarks are listed, in columns.
    let landmarks = first["detections"][0]["landmarks"].as_array().unwrap();
    assert!(!landmarks.is_empty());
    let heading = printed.lines().find(|line| line.trim_start().starts_with("landmark ")).unwrap();
    for landmark in landmarks {
        let name = landmark["name"].as_str().unwrap();
        let listed = |line: &&str| line.trim_start().starts_with(&format!("{name} "));
        let line = printed.lines().find(listed).unwrap_or_else(|| panic!("no {name}: {printed}"));
        let numbers = ["x", "y"].map(|key| format!("{:.1}", landmark[key].as_f64().unwrap()));
        let score = format!("{:.2}", landmark["score"].as_f64().unwrap());
        let confidence = format!("{:.2}", landmark["confidence"].as_f64().unwrap());
        let (table, remark) = line.split_at(heading.len());
        let cells: Vec<&str> =
            table[table.find(name).unwrap() + name.len()..].split_whitespace().collect();
        assert_eq!(cells, [&numbers[0], &numbers[1], &score, &confidence], "{line}");
        assert!(["", "  not rendered"].contains(&remark), "{line}");
    }

    // The library says the same.
    let detector = LandmarkDetector::bundled(&Device::flex());
    let image = dafe::data::image::read_image(at("dress.jpg")).unwrap();
    let expected = serde_json::to_string(&detector.detect(&image, None).unwrap()).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    assert_eq!(first["detections"], serde_json::json!([expected]));

    // What it did counts as done for the same bytes in a file, and not for others.
    assert!(succeed(&mut detect()).contains("1 done before"));
    fs::write(at("copy.safetensors"), LandmarkDetector::bundled_file()).unwrap();
    let printed = succeed(detect().args(["--model", "copy.safetensors"]));
    assert!(printed.contains("1 done before") && !printed.contains(NAME), "{printed}");
    detector.save(at("wide.safetensors")).unwrap();
    let printed = succeed(detect().args(["--model", "wide.safetensors"]));
    assert!(!printed.contains("done before"), "{printed}");
}

/// A tree may have one split alone.
#[test]
fn evaluate_measures_it_on_any_data() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    test_split(&at("tree"), "5");
    let evaluate = || {
        let mut command = dafe("evaluate");
        command.arg("--bundled").arg("--data").arg(at("tree")).args(["--resamples", "20"]);
        command
    };
    let mut measuring = evaluate();
    measuring.arg("--json").arg(at("test.json")).arg("--without-boxes");
    if cfg!(feature = "report") {
        measuring.arg("--report").arg(at("report"));
    }
    let printed = succeed(&mut measuring);
    assert!(printed.contains(&format!("{NAME} on the test split")), "{printed}");
    assert_eq!(json(at("test.json"))["samples"], 5);
    if cfg!(feature = "report") {
        assert!(fs::read_to_string(at("report/index.html")).unwrap().contains(NAME));
    }
    let error = fail(evaluate().args(["--model", "runs/train"]));
    assert!(error.contains("--bundled") && error.contains("--model"), "{error}");
    let error = fail(evaluate().args(["--split", "val"]));
    assert!(error.contains("no annotations of the split 'val'"), "{error}");
}

#[test]
fn train_fld_starts_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    succeed(&mut tree(&at("tree")));
    let train = || {
        let mut command = dafe("train");
        command.args(["--init", "bundled", "--epochs", "1", "--plain", "--data"]).arg(at("tree"));
        command.arg("--out").arg(at("run"));
        command
    };
    let other_network = [["--preset", "nano"], ["--decoder", "dafe"], ["--pretrained", "a.pth"]];
    for option in other_network {
        let error = fail(train().args(option));
        assert!(error.contains("--init") && error.contains(option[0]), "{error}");
    }
    let printed = succeed(train().args(["--learning-rate", "0.00001"]));
    assert!(!printed.contains("its head is reinitialized"), "{printed}");
    let config = json(at("run/config.json"))["recipe"].take();
    assert_eq!(config["fine_tuning"]["initial_weights"], "bundled");
    let bundled = LandmarkDetector::bundled(&Device::flex());
    let bundled = serde_json::to_value(bundled.config()).unwrap();
    for name in ["model", "codec", "framing", "refinement"] {
        assert_eq!(config[name], bundled[name], "{name}");
    }
    // It knew garments from the first step on.
    let metrics = json(at("run/metrics.json"));
    assert!(metrics["baseline_over_ne"].as_f64().unwrap() > 1.0, "{metrics}");
    let mut resume = dafe("train");
    resume.arg("--plain").arg("--resume").arg(at("run"));
    assert!(succeed(&mut resume).contains("1 epochs and 0 steps are done"));
    assert!(fail(resume.args(["--init", "bundled"])).contains("it can't be given --init"));
}

/// A kite has four corners and no collar.
#[test]
fn train_fld_keeps_all_of_it_but_the_head_for_other_landmarks() {
    let folder = tempfile::tempdir().unwrap();
    succeed(Command::new(example("generate_kites")).current_dir(&folder).arg("kites"));
    let mut train = dafe("train");
    train.current_dir(&folder).args(["--init", "bundled", "--epochs", "1", "--plain"]);
    let printed = succeed(train.args(["--dataset", "coco", "--data", "kites", "--out", "run"]));
    assert!(printed.contains("its head is reinitialized"), "{printed}");
    let config = json(folder.path().join("run/config.json"))["recipe"].take();
    let fine_tuning = &config["fine_tuning"];
    assert_eq!(fine_tuning["initial_weights"], "bundled");
    assert_eq!(fine_tuning["new_head"], true);
    assert_eq!(config["model"]["num_landmarks"], 4);

    // So does a model in a file, whose own recipe is kept; for the same landmarks, all of it.
    fs::write(folder.path().join("fld.safetensors"), LandmarkDetector::bundled_file()).unwrap();
    let train = |model: &str, out: &str| {
        let mut train = dafe("train");
        train.current_dir(&folder).args(["--init", model, "--epochs", "1", "--plain"]);
        train.args(["--dataset", "coco", "--data", "kites", "--out", out]);
        let printed = succeed(&mut train);
        (printed, json(folder.path().join(out).join("config.json"))["recipe"].take())
    };
    let (printed, config) = train("fld.safetensors", "other");
    assert!(printed.contains("fld.safetensors is for other landmarks: its head is"), "{printed}");
    assert_eq!(config["fine_tuning"]["new_head"], true);
    assert_eq!(config["model"]["num_landmarks"], 4);
    let (printed, config) = train("run/model.safetensors", "same");
    assert!(!printed.contains("reinitialized"), "{printed}");
    assert_eq!(config["fine_tuning"]["new_head"], false);
}
