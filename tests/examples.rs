//! Runs the examples like a user would, on little data. Cargo builds them along with the tests, but
//! not for `cargo test --test examples` alone: run `cargo build --examples` first.
use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

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
    assert!(errors.to_lowercase().contains("error: "), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

/// A shirt of 150 × 200 pixels.
fn shirt() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read(root.join("tests/fixtures/parity/mmpose/shirt.png")).unwrap()
}

/// A tree in FLD's format: one training batch, and two samples each for validation and testing.
fn fld_tree(root: &Path) {
    let splits = [("train", 16), ("val", 2), ("test", 2)];
    let names: Vec<(String, &str)> = splits
        .iter()
        .flat_map(|&(split, count)| (0..count).map(move |i| (format!("img/{split}{i}.png"), split)))
        .collect();
    for folder in ["img", "Anno", "Eval"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for (name, _) in &names {
        fs::write(root.join(name), shirt()).unwrap();
    }
    let write = |file: &str, columns: &str, row: &dyn Fn(&str) -> String| {
        let rows: String =
            names.iter().map(|(name, split)| format!("{name} {}\n", row(split))).collect();
        fs::write(root.join(file), format!("{}\n{columns}\n{rows}", names.len())).unwrap();
    };
    write("Eval/list_eval_partition.txt", "image_name evaluation_status", &|split| split.into());
    write("Anno/list_bbox.txt", "image_name x_1 y_1 x_2 y_2", &|_| "10 10 140 190".into());
    // Upper-body clothes without variation: collars, sleeves, hems.
    let landmarks = "1 1 0 60 20 0 90 20 0 15 120 0 135 120 0 40 180 0 110 180";
    write("Anno/list_landmarks.txt", "image_name clothes_type …", &|_| landmarks.into());
}

#[test]
fn a_tree_of_fld_is_trained_on_and_evaluated() {
    let folder = tempfile::tempdir().unwrap();
    let train = || {
        let mut command = example("train_fld");
        command.current_dir(&folder).args(["--epochs", "1"]);
        command
    };
    let error = fail(&mut train());
    assert!(error.contains("runs/garments-0"), "{error}");
    assert!(error.contains("cargo run --release -- generate"), "{error}");

    fld_tree(&folder.path().join("tree"));
    let printed = succeed(train().arg("tree"));
    assert!(printed.contains("epoch 1"), "{printed}");
    let ne = |printed: &str| -> f64 {
        let line = printed.lines().find(|line| line.starts_with("NE ")).unwrap();
        assert!(line.ends_with("on 2 test samples"), "{line}");
        line.split(' ').nth(1).unwrap().parse().unwrap()
    };
    assert!((0.0..2.0).contains(&ne(&printed)), "{printed}");
    let rendered = folder.path().join("runs/train_fld/predictions.png");
    assert!(fs::read(rendered).unwrap().starts_with(b"\x89PNG"));
    // A finished run is only evaluated again; with another recipe, it can't be resumed.
    let again = succeed(train().arg("tree"));
    assert_eq!(ne(&again), ne(&printed));
    let error = fail(example("train_fld").current_dir(&folder).args(["--epochs", "2", "tree"]));
    assert!(error.contains("runs/train_fld"), "{error}");
}

#[test]
fn an_image_is_enough_to_detect_landmarks() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shirt.png"), shirt()).unwrap();
    let detect = || {
        let mut command = example("detect");
        command.current_dir(&folder);
        command
    };
    let printed = succeed(detect().arg("shirt.png"));
    assert!(printed.contains(" garment\n") && printed.contains("left hem"), "{printed}");
    let rendered = folder.path().join("runs/detect/shirt.landmarks.png");
    assert!(fs::read(rendered).unwrap().starts_with(b"\x89PNG"));
    assert!(fail(detect().arg("skirt.png")).contains("skirt.png"));
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
fn custom_datasets_are_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let printed = succeed(example("custom_dataset").current_dir(&folder).args(["--epochs", "1"]));
    assert!(printed.contains("epoch 1"), "{printed}");
    for name in ["roof", "left eave", "right eave", "left foot", "right foot"] {
        assert!(printed.lines().any(|line| line.starts_with(name)), "{printed}");
    }
    assert!(folder.path().join("runs/custom_dataset-1/model.safetensors").is_file());
}

/// A kite has four corners and no collar.
#[test]
fn the_bundled_model_is_fine_tuned_for_other_landmarks() {
    let folder = tempfile::tempdir().unwrap();
    succeed(example("generate_kites").current_dir(&folder).arg("kites"));
    let mut fine_tune = example("fine_tune");
    let printed = succeed(fine_tune.current_dir(&folder).args(["--epochs", "1", "kites"]));
    assert!(printed.contains("4 landmarks, a new head"), "{printed}");
    assert!(printed.contains("NE ") && printed.contains("guessing "), "{printed}");
    let error = fail(example("fine_tune").current_dir(&folder).arg("nowhere"));
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn backends_are_compared() {
    let printed = succeed(example("compare_backends").args(["flex", "flex"]));
    assert!(printed.contains("flex, flex agree"), "{printed}");
    let error = fail(example("compare_backends").args(["flex", "tpu:0"]));
    assert!(error.contains("device 'tpu:0'"), "{error}");
}

#[test]
fn arguments_that_are_not_understood_show_the_usage() {
    for name in [
        "compare_backends",
        "custom_dataset",
        "custom_network",
        "detect",
        "fine_tune",
        "generate_kites",
        "train_fld",
    ] {
        let mut command = example(name);
        // These only take a file, so they would take the option for one.
        if !["detect", "generate_kites"].contains(&name) {
            command.arg("--nonsense");
        }
        let error = fail(&mut command);
        assert!(error.contains(&format!("usage: {name} ")), "{error}");
    }
}
