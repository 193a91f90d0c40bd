//! The examples, run as a user runs them, on a small tree of drawn garments.
mod bundled;
mod datasets;
mod predict;
mod report;
#[cfg(unix)]
mod resume;
#[cfg(unix)]
mod tutorial;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// `cargo test` builds the examples beside the tests' own folder.
fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let target = test.parent().unwrap().parent().unwrap();
    Command::new(target.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION))
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Runs to success and returns what was printed.
fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs to failure and returns its errors.
fn fail(command: &mut Command) -> String {
    let output = run(command);
    assert!(!output.status.success(), "{command:?} succeeded");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("error: ") && !errors.contains("panicked"), "{errors}");
    errors
}

/// The same command, to be given further arguments.
fn again(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args());
    copy
}

fn json(path: PathBuf) -> serde_json::Value {
    serde_json::from_slice(&fs::read(&path).unwrap()).unwrap()
}

fn tree(root: &Path) -> Command {
    let mut command = example("make_garments");
    command.args(["--train", "48", "--val", "8", "--test", "12"]).arg("--out").arg(root);
    command
}

#[test]
fn from_nothing_to_drawn_predictions() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(succeed(&mut tree(&at("tree"))).contains("68 pictures"));
    // A finished tree is left alone; another one is not written over it.
    let picture = at("tree").join("img/train_000001.jpg");
    let made = fs::metadata(&picture).unwrap().modified().unwrap();
    succeed(&mut tree(&at("tree")));
    assert_eq!(fs::metadata(&picture).unwrap().modified().unwrap(), made);
    let error = fail(tree(&at("tree")).args(["--seed", "1"]));
    assert!(error.contains("choose another folder"), "{error}");

    let train = || {
        let mut command = example("train_fld");
        command.args(["--preset", "nano", "--epochs", "2", "--plain"]);
        command.arg("--data").arg(at("tree")).arg("--out").arg(at("run"));
        command
    };
    let printed = succeed(&mut train());
    assert!(printed.contains("on the test split"), "{printed}");
    for name in ["config.json", "model.safetensors", "curves.svg", "predictions.png"] {
        assert!(at("run").join(name).is_file(), "{name} is missing");
    }
    let metrics = json(at("run").join("metrics.json"));
    let ne = metrics["test"]["ne"].as_f64().unwrap();
    assert!(ne > 0.0 && ne < 1.0, "NE is {ne}");
    assert!(metrics["baseline"]["ne"].as_f64().unwrap() > 0.0);
    assert!(metrics["train_seconds"].as_f64().unwrap() > 0.0);
    let without = &metrics["without_boxes"];
    assert_eq!(without["samples"], metrics["test"]["samples"]);
    let failures = without["headlines"]["failure rate@0.2"]["value"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&failures), "{failures}");
    assert!(printed.contains("without a box"), "{printed}");
    assert_eq!(metrics["test"]["ne_per_landmark"].as_object().unwrap().len(), 8);
    assert!(!metrics["test"]["ne_by_variation"].as_object().unwrap().is_empty());
    let counts = metrics["test"]["counts"].as_object().unwrap();
    assert!(counts.values().map(|count| count.as_u64().unwrap()).sum::<u64>() > 12);
    // The same command again finds the run done, and says the same.
    succeed(&mut train());
    assert_eq!(json(at("run").join("metrics.json")), metrics);
    let error = fail(train().args(["--learning-rate", "0.1"]));
    assert!(error.contains("another configuration"), "{error}");

    let mut evaluate = example("evaluate");
    evaluate.arg("--model").arg(at("run")).arg("--data").arg(at("tree"));
    evaluate.arg("--json").arg(at("test.json"));
    assert!(succeed(&mut evaluate).contains("NE in the box only"));
    assert_eq!(json(at("test.json"))["ne"].as_f64().unwrap(), ne);
    let error = fail(evaluate.args(["--split", "holdout"]));
    assert!(error.contains("holdout"), "{error}");

    let mut predict = example("predict");
    predict.arg("--model").arg(at("run")).arg("--out").arg(at("found")).arg("--explain");
    predict.args(["--box", "5,5,150,200"]).arg(&picture);
    succeed(&mut predict);
    let found = || json(at("found").join("train_000001.json"))["detections"][0].take();
    let detection = found();
    assert!(detection["category"]["probability"].as_f64().unwrap() > 1.0 / 3.0, "{detection}");
    for (category, count, first) in [("all", 8, "left collar"), ("lower", 4, "left waistline")] {
        succeed(again(&predict).args(["--category", category]));
        let detection = found();
        let landmarks = detection["landmarks"].as_array().unwrap();
        assert_eq!(landmarks.len(), count);
        assert_eq!(landmarks[0]["name"], first);
        let expected = serde_json::json!({"index": 1, "name": "lower", "probability": null});
        assert_eq!(
            detection["category"],
            if category == "all" { serde_json::Value::Null } else { expected }
        );
    }
    for name in ["landmarks.png", "explanation.png"] {
        let drawn = at("found").join(format!("train_000001.{name}"));
        assert!(image::open(&drawn).unwrap().width() > 50);
    }
}

#[test]
fn decoders_are_compared_and_done_runs_are_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let (tree_at, out) = (folder.path().join("tree"), folder.path().join("ablation"));
    succeed(&mut tree(&tree_at));
    let ablation = || {
        let mut command = example("ablation");
        command.args(["--variants", "transposed,dafe-no-spatial,transposed", "--epochs", "1"]);
        command.args(["--seeds", "2", "--timed-steps", "1"]);
        command.arg("--data").arg(&tree_at).arg("--out").arg(&out);
        command
    };
    let printed = succeed(&mut ablation());
    assert!(printed.contains("| `dafe`: DAFE as in the paper |"), "{printed}");
    let numbers = |table: &serde_json::Value| -> Vec<(String, Vec<f64>)> {
        let rows = table["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            let ne = row["ne"].as_array().unwrap().iter().map(|ne| ne.as_f64().unwrap());
            (row["variant"].as_str().unwrap().to_string(), ne.collect())
        })
        .collect()
    };
    let table = json(out.join("ablation.json"));
    let first = numbers(&table);
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dafe", "transposed", "dafe-no-spatial"]);
    assert!(first.iter().all(|(_, ne)| ne.len() == 2));
    // The paired difference is the mean of the differences, and its interval t(1) = 12.706 deviations over √2.
    let (dafe, other) = (&first[0].1, &first[1].1);
    let paired = [other[0] - dafe[0], other[1] - dafe[1]];
    let mean = (paired[0] + paired[1]) / 2.0;
    let half = 12.706 * ((paired[0] - mean).powi(2) * 2.0).sqrt() / 2f64.sqrt();
    let difference = &table["rows"][1]["difference"];
    assert!((difference["mean"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert!((difference["half_interval"].as_f64().unwrap() - half).abs() < 1e-9 * half);

    let weights = out.join("transposed/seed-1/model.safetensors");
    let made = fs::metadata(&weights).unwrap().modified().unwrap();
    succeed(&mut ablation());
    assert_eq!(fs::metadata(&weights).unwrap().modified().unwrap(), made);
    assert_eq!(numbers(&json(out.join("ablation.json"))), first);
    let error = fail(ablation().args(["--preset", "small"]));
    assert!(error.contains("another configuration"), "{error}");
}

#[test]
fn summaries_are_tables_or_json() {
    let table = succeed(example("summary").args(["--preset", "paper", "--input", "256x320"]));
    assert!(table.contains("256×320 in     34418299"), "{table}");
    let printed = succeed(example("summary").args(["--decoder", "non-local", "--json"]));
    let summary: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(summary["stages"].as_array().unwrap().len(), 9);
    let error = run(example("summary").args(["--input", "0x5"]));
    assert!(!error.status.success());
    assert!(String::from_utf8_lossy(&error.stderr).contains("no size such as 320x320"));
}

#[test]
fn ways_to_decode_are_compared() {
    let table =
        succeed(example("decoding").args(["--places", "20", "--refinements", "none,dark:7"]));
    assert_eq!(table.matches("| `none` |").count(), 3, "{table}");
    assert_eq!(table.matches("| `dark:7` |").count(), 3, "{table}");
    let error = fail(example("decoding").args(["--refinements", "darker"]));
    assert!(error.contains("unknown refinement 'darker'"), "{error}");
    assert!(fail(example("decoding").args(["--noise", "2"])).contains("no number from 0 to 1"));
}

#[test]
fn custom_networks_train() {
    let printed = succeed(example("custom_network").args(["--steps", "20"]));
    let losses: Vec<f32> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("step")?.rsplit(' ').next()?.parse().ok())
        .collect();
    assert!(losses.len() >= 2 && losses.last() < losses.first(), "{printed}");
    assert!(printed.contains("[1, 64, 4, 4] and [1, 32, 8, 8] to [1, 24, 8, 8]"), "{printed}");
}

#[test]
fn bad_arguments_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let error = fail(example("train_fld").arg("--data").arg(&nowhere));
    assert!(error.contains("nowhere"), "{error}");
    let error = fail(example("train_fld").args(["--device", "tpu:0"]));
    assert!(error.contains("there are flex, ndarray, cuda, vulkan, wgpu"), "{error}");
    let error = fail(example("evaluate").arg("--model").arg(&nowhere));
    assert!(error.contains("cannot read") && error.contains("nowhere"), "{error}");
    let error = fail(example("predict").arg("--model").arg(&nowhere).arg("x.jpg"));
    assert!(error.contains("cannot read") && error.contains("nowhere"), "{error}");
    // An output folder that can't be one.
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = fail(&mut tree(&file));
    assert!(error.contains(file.to_str().unwrap()), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    for name in [
        "train_fld",
        "evaluate",
        "predict",
        "check_dataset",
        "custom_network",
        "make_bundled",
        "make_garments",
        "ablation",
        "summary",
    ] {
        let help = succeed(example(name).arg("--help"));
        assert!(help.contains("Usage:") && help.contains("Options:"), "{help}");
    }
}

/// 51 pictures share a folder, and 64 a file.
#[test]
fn an_epoch_of_a_tree_of_any_size_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    let line = |arguments: &[&str], option: &str| -> serde_json::Value {
        let printed = succeed(example("measure").args(arguments).arg(option).arg(&root));
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    };
    let sizes = ["--train", "100", "--val", "15", "--test", "16"];
    let report = line(&[&["tree", "--side", "32"][..], &sizes].concat(), "--out");
    assert_eq!(report["pictures"], 131);
    let epoch = ["epoch", "--side", "32", "--batch", "16"];
    let report = line(&epoch, "--data");
    assert_eq!(report["samples"], serde_json::json!([100, 15, 16]));
    // As many parts as there are batches after the first.
    assert_eq!(report["epoch"].as_array().unwrap().len(), 6);
    let report = line(&[&epoch[..], &["--first-step"]].concat(), "--data");
    assert!(report["first_step"]["seconds"].as_f64().unwrap() > 0.0);
}

/// The small jobs; the paper's network takes scripts/reference/compare.py, which compares with PyTorch besides.
#[test]
fn measuring_prints_one_line_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    succeed(&mut tree(&at("tree")));
    let measure = |job: &str| {
        let mut command = example("measure");
        command.args([job, "--warmup", "1", "--repeats", "2"]);
        command
    };
    let line = |command: &mut Command| -> serde_json::Value {
        let printed = succeed(command);
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    };

    let report = line(measure("loader").arg("--data").arg(at("tree")));
    assert_eq!(report["pictures"], 48);
    assert_eq!(report["times_ms"].as_array().unwrap().len(), 2);

    // Cell (20, 10) is centred on pixel (81.5, 41.5).
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
    let line = |arguments: &[&str]| -> serde_json::Value {
        let mut command = example("measure");
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
