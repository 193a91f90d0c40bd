//! The measurements.
use std::{fs, process::Command};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::{Value, json};

use super::{fail, succeed, tree};

fn measure() -> Command {
    Command::new(env!("CARGO_BIN_EXE_measure"))
}

/// 51 images share a folder, and 64 share a file.
#[test]
fn an_epoch_of_a_tree_of_any_size_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    let line = |arguments: &[&str], option: &str| -> Value {
        let printed = succeed(measure().args(arguments).arg(option).arg(&root));
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    };
    let sizes = ["--train", "100", "--val", "15", "--test", "16"];
    let report = line(&[&["tree", "--side", "32"][..], &sizes].concat(), "--out");
    assert_eq!(report["images"], 131);
    let epoch = ["epoch", "--side", "32", "--batch", "16"];
    let report = line(&epoch, "--data");
    assert_eq!(report["samples"], json!([100, 15, 16]));
    // As many parts as batches after the first.
    assert_eq!(report["epoch"].as_array().unwrap().len(), 6);
    let report = line(&[&epoch[..], &["--first-step"]].concat(), "--data");
    assert!(report["first_step"]["seconds"].as_f64().unwrap() > 0.0);
}

/// The small tasks; the paper's network is for tools/reference/compare.py, which also compares with
/// PyTorch.
#[test]
fn measuring_prints_one_line_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    tree(&at("tree"));
    let measure = |job: &str| {
        let mut command = measure();
        command.args([job, "--warmup", "1", "--repeats", "2"]);
        command
    };
    let line = |command: &mut Command| -> Value {
        let printed = succeed(command);
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    };

    let report = line(measure("loader").arg("--data").arg(at("tree")));
    assert_eq!(report["images"], 48);
    assert_eq!(report["times_ms"].as_array().unwrap().len(), 2);

    // Cell (20, 10) is centered on pixel (81.5, 41.5).
    let numbers =
        |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let (positions, weights) = (numbers(&[81.5, 41.5]), numbers(&[1.0]));
    let view = |shape: &[usize], bytes| TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap();
    let labels =
        [("positions", view(&[1, 1, 2], &positions)), ("weights", view(&[1, 1], &weights))];
    safetensors::serialize_to_file(labels, None, &at("labels.safetensors")).unwrap();
    let mut codec = measure("codec");
    codec.arg("--positions").arg(at("labels.safetensors"));
    let report = line(codec.arg("--found").arg(at("found.safetensors")));
    assert_eq!(report["decode_ms"].as_array().unwrap().len(), 2);
    let found = fs::read(at("found.safetensors")).unwrap();
    let found = SafeTensors::deserialize(&found).unwrap();
    assert_eq!(found.tensor("positions").unwrap().data(), positions);
    assert_eq!(found.tensor("heatmaps").unwrap().shape(), [1, 1, 80, 80]);

    let error = fail(measure("codec").arg("--positions").arg(at("found.safetensors")));
    assert!(error.contains("found.safetensors: weights"), "{error}");
    let mut forward = measure("forward");
    forward
        .arg("--weights")
        .arg(at("none.safetensors"))
        .arg("--images")
        .arg(at("labels.safetensors"));
    assert!(fail(&mut forward).contains("none.safetensors"));
}

#[test]
fn recomputation_and_half_precision_are_measured() {
    let line = |arguments: &[&str]| -> Value {
        let mut command = measure();
        let printed = succeed(command.args(arguments).args(["--warmup", "0", "--batch", "2"]));
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    };
    let losses = |recompute: &str| {
        let sizes = ["--preset", "nano", "--side", "64", "--repeats", "2"];
        let step = ["memory", "step", "--recompute", recompute];
        let mut report = line(&[&step[..], &sizes].concat());
        assert_eq!(report["times_ms"].as_array().unwrap().len(), 2);
        let peak = report["peak_mib"].as_f64();
        assert!(!cfg!(target_os = "linux") || peak.unwrap() > 0.0);
        report["losses"].take()
    };
    let kept = losses("none");
    assert_eq!(kept.as_array().unwrap().len(), 2);
    assert_ne!(kept[0], kept[1]);
    assert_eq!(losses("stages"), kept);

    let report = line(&["precision", "--float", "bf16", "--steps", "2", "--repeats", "1"]);
    // bf16 has 8 bits.
    let apart = report["difference"].as_f64().unwrap();
    assert!(apart > 1e-4 && apart < 0.1, "{apart}");
    for losses in [&report["losses"], &report["losses_f32"]] {
        let losses = losses.as_array().unwrap();
        assert_eq!(losses.len(), 2);
        assert!(losses.iter().all(|loss| loss.as_f64().unwrap() > 0.0), "{losses:?}");
    }
}
