//! The program, run as a user runs it, on a small tree of generated garments.
mod bundled;
mod clothing;
mod datasets;
mod detect;
#[cfg(feature = "full")]
mod documented;
mod exports;
mod features;
mod help;
#[cfg(feature = "report")]
mod report;
#[cfg(unix)]
mod resume;
#[cfg(feature = "remote")]
mod serve_devices;
mod splits;
mod tutorial;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The command `name` of the program.
fn dafe(name: &str) -> Command {
    let mut command = program();
    command.arg(name);
    command
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_dafe"))
}

/// The example `name` of the library. A test of the whole workspace has built it, beside the
/// program; alone, this package's tests do that here.
fn example(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_dafe")).parent().unwrap();
    let path = target.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION);
    if !path.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.current_dir(root()).args(["build", "--quiet", "-p", "dafe", "--example", name]);
        if target.file_name().is_some_and(|profile| profile == "release") {
            build.arg("--release");
        }
        succeed(build.arg("--target-dir").arg(target.parent().unwrap()));
    }
    path
}

/// The workspace's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
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
    let mut copy = program();
    copy.args(command.get_args());
    copy
}

fn json(path: PathBuf) -> serde_json::Value {
    serde_json::from_slice(&fs::read(&path).unwrap()).unwrap()
}

fn tree(root: &Path) -> Command {
    let mut command = dafe("generate");
    command.args(["--train", "48", "--val", "8", "--test", "12"]).arg("--out").arg(root);
    command
}

#[test]
fn from_nothing_to_rendered_predictions() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(succeed(&mut tree(&at("tree"))).contains("68 images"));
    // A finished tree is left alone; another one is not written over it.
    let image = at("tree").join("img/train_000001.jpg");
    let made = fs::metadata(&image).unwrap().modified().unwrap();
    succeed(&mut tree(&at("tree")));
    assert_eq!(fs::metadata(&image).unwrap().modified().unwrap(), made);
    let error = fail(tree(&at("tree")).args(["--seed", "1"]));
    assert!(error.contains("choose another folder"), "{error}");

    let train = || {
        let mut command = dafe("train");
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

    let mut evaluate = dafe("evaluate");
    evaluate.arg("--model").arg(at("run")).arg("--data").arg(at("tree"));
    evaluate.arg("--json").arg(at("test.json"));
    assert!(succeed(&mut evaluate).contains("NE in the box only"));
    assert_eq!(json(at("test.json"))["ne"].as_f64().unwrap(), ne);
    let error = fail(evaluate.args(["--split", "holdout"]));
    assert!(error.contains("holdout"), "{error}");

    let mut detect = dafe("detect");
    detect.arg("--model").arg(at("run")).arg("--out").arg(at("found")).arg("--explain");
    detect.args(["--box", "5,5,150,200"]).arg(&image);
    succeed(&mut detect);
    let found = || json(at("found").join("train_000001.json"))["detections"][0].take();
    let detection = found();
    assert!(detection["category"]["probability"].as_f64().unwrap() > 1.0 / 3.0, "{detection}");
    for (category, count, first) in [("all", 8, "left collar"), ("lower", 4, "left waistline")] {
        succeed(again(&detect).args(["--category", category]));
        let detection = found();
        let landmarks = detection["landmarks"].as_array().unwrap();
        assert_eq!(landmarks.len(), count);
        assert_eq!(landmarks[0]["name"], first);
        let expected =
            serde_json::json!({"index": 1, "name": "lower", "probability": null, "sure": true});
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
fn summaries_are_tables_or_json() {
    let table = succeed(dafe("summary").args(["--preset", "paper", "--input", "256x320"]));
    assert!(table.contains("256×320 in   34,418,299"), "{table}");
    let printed = succeed(dafe("summary").args(["--decoder", "non-local", "--json"]));
    let summary: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(summary["stages"].as_array().unwrap().len(), 9);
    let error = run(dafe("summary").args(["--input", "0x5"]));
    assert!(!error.status.success());
    assert!(String::from_utf8_lossy(&error.stderr).contains("not a size such as 320x320"));
}

#[test]
fn bad_arguments_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let error = fail(dafe("train").arg("--data").arg(&nowhere));
    assert!(error.contains("nowhere"), "{error}");
    let error = fail(dafe("train").args(["--device", "tpu:0"]));
    assert!(error.contains("there are flex, ndarray, cuda, vulkan, wgpu"), "{error}");
    let error = fail(dafe("evaluate").arg("--model").arg(&nowhere));
    assert!(error.contains("cannot read") && error.contains("nowhere"), "{error}");
    let error = fail(dafe("detect").arg("--model").arg(&nowhere).arg("x.jpg"));
    assert!(error.contains("cannot read") && error.contains("nowhere"), "{error}");
    // An output folder that can't be one.
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = fail(&mut tree(&file));
    assert!(error.contains(file.to_str().unwrap()), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    for name in ["train", "evaluate", "detect", "check", "generate", "summary"] {
        let help = succeed(dafe(name).arg("--help"));
        assert!(help.contains("Usage:") && help.contains("Options:"), "{help}");
    }
}
