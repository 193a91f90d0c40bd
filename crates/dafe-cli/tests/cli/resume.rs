//! A run that is stopped by a signal and resumed from its folder alone.
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
};

use dafe::{detector::DetectorConfig, prelude::*};

use super::{again, dafe, fail, json, succeed, tree};

fn resume(run: &Path) -> Command {
    let mut command = dafe("train");
    command.arg("--plain").arg("--resume").arg(run);
    command
}

/// Sends Ctrl-C once the first epoch is printed; what was printed in all.
fn interrupt(command: &mut Command) -> (String, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut printed = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    while !printed.lines().any(|line| line.starts_with("epoch  1/")) {
        assert!(stdout.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
    }
    let sent = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
    stdout.read_to_string(&mut printed).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{printed}");
    (printed, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_folder_is_all_that_going_on_takes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    succeed(&mut tree(&at("tree")));
    let mut train = dafe("train");
    train.args(["--preset", "nano", "--epochs", "3", "--batch-size", "8", "--plain"]);
    train.args(["--checkpoint-every", "2", "--keep", "3"]).arg("--data").arg(at("tree"));
    succeed(again(&train).arg("--out").arg(at("whole")));
    let (printed, errors) = interrupt(again(&train).arg("--out").arg(at("run")));
    let expected =
        format!("stopped and saved; resume with `dafe train --resume {}`", at("run").display());
    assert!(printed.contains("starting a new run") && printed.contains(&expected), "{printed}");
    assert!(errors.contains("finishing the step, then saving; again to quit at once"), "{errors}");
    // Curves are drawn after every epoch, also of a run that isn't done.
    let curves = |run: &str| fs::read_to_string(at(run).join("curves.svg")).unwrap();
    assert!(curves("run").contains("validation NE") && curves("run") != curves("whole"));

    // The recipe is the run's, and so are its data unless they moved.
    let error = fail(resume(&at("run")).args(["--seed", "1", "--epochs", "9", "--workers", "1"]));
    let run = at("run").display().to_string();
    for said in [
        format!("{run} holds a run with another configuration"),
        "(epochs is 3 there, not 9, seed is 0 there, not 1)".into(),
        format!("`dafe train --resume {run}` resumes it"),
        format!("`dafe train --init {run} --out {run}-2 --workers 1 --epochs 9 --seed 1` trains"),
    ] {
        assert!(error.contains(&said), "{said}: {error}");
    }
    let error = fail(resume(&at("run")).args(["--pretrained", "a.safetensors", "--epochs", "9"]));
    assert!(error.contains("it can't be given --pretrained\n"), "{error}");
    let error = fail(resume(&at("run")).args(["--accumulate", "2"]));
    assert!(error.contains("--accumulate"), "{error}");
    let error = fail(resume(&at("run")).args(["--device-timeout", "0"]));
    assert!(error.contains("--device-timeout"), "{error}");
    // No device is opened before all names are understood.
    let error = fail(resume(&at("run")).args(["--devices", "cuda:999,nonsense"]));
    assert!(error.contains("device 'nonsense'"), "{error}");
    let error = fail(resume(&at("run")).arg("--out").arg(at("other")));
    assert!(error.contains("--out"), "{error}");
    let error = fail(&mut resume(&at("nowhere")));
    assert!(error.contains("nowhere/arguments.json"), "{error}");
    fs::rename(at("tree"), at("moved")).unwrap();
    let error = fail(&mut resume(&at("run")));
    assert!(error.contains(at("tree").to_str().unwrap()), "{error}");
    let error = fail(resume(&at("run")).arg("--data").arg(at("moved")).args(["--fraction", "0.5"]));
    assert!(error.contains("other training data (48 samples"), "{error}");
    assert!(error.contains("accept-changed-data"), "{error}");

    // A damaged checkpoint is told of; that of an epoch's end before it is there.
    let mut names: Vec<_> = fs::read_dir(at("run").join("checkpoints"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    // The best one may be an older one.
    assert!([3, 4].contains(&names.len()), "{names:?}");
    let newest = names.pop().unwrap();
    fs::write(newest.join("model.bpk"), "x").unwrap();
    let printed = succeed(resume(&at("run")).arg("--data").arg(at("moved")));
    let told =
        format!("{} can't be used: {}: ", newest.display(), newest.join("model.bpk").display());
    let before = format!("resuming from {}:", names.pop().unwrap().display());
    assert!(printed.contains(&told) && printed.contains(&before), "{printed}");
    let model = |run: &str| fs::read(at(run).join("model.safetensors")).unwrap();
    assert!(model("run") == model("whole"), "the parameters differ");
    assert_eq!(curves("run"), curves("whole"), "of all epochs, those before the stop, too");

    // Where they moved to is kept; other data are taken where that is asked for.
    assert!(succeed(&mut resume(&at("run"))).contains("3 epochs and 0 steps are done"));
    succeed(resume(&at("run")).args(["--fraction", "0.5", "--accept-changed-data"]));
    succeed(&mut resume(&at("run")));
}

#[test]
fn a_run_keeps_what_it_was_begun_with_from_wherever_it_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    succeed(&mut tree(&at("tree")));
    let train = |out: &str| {
        let mut command = dafe("train");
        command.current_dir(&folder).args(["--preset", "nano", "--epochs", "1", "--plain"]);
        command.args(["--data", "tree", "--out", out]);
        command
    };
    for parts in ["0", "-1"] {
        let error = fail(train("none").arg(format!("--accumulate={parts}")));
        assert!(error.contains("--accumulate"), "{error}");
    }
    succeed(&mut train("first"));
    let mut tuned = train("tuned");
    tuned.args(["--pretrained", "first/model.safetensors"]);
    tuned.args(["--accumulate", "2", "--device-timeout", "60", "--devices", "flex:0"]);
    let printed = succeed(&mut tuned);
    let loaded = "pretrained weights: network from a landmark network of this crate: ";
    assert_eq!(printed.matches(loaded).count(), 1, "{printed}");
    assert!(printed.contains(" tensors used; nothing left out\n"), "{printed}");
    let config = json(at("tuned/config.json"))["recipe"].take();
    assert_eq!(config["shards"], 2);
    let pretrained = Path::new(config["fine_tuning"]["initial_weights"]["file"].as_str().unwrap());
    assert!(pretrained.is_absolute() && pretrained.ends_with("first/model.safetensors"));
    let arguments = json(at("tuned/arguments.json"));
    assert_eq!((&arguments["accumulate"], &arguments["device_timeout"]), (&2.into(), &60.into()));
    let resumed = succeed(resume(&at("tuned")).current_dir("/"));
    assert!(!resumed.contains("pretrained weights: "), "{resumed}");

    // A file of another format is not taken for one of this.
    let mut changed = arguments.clone();
    changed["format"] = 2.into();
    fs::write(at("tuned/arguments.json"), changed.to_string()).unwrap();
    assert!(fail(&mut resume(&at("tuned"))).contains("its format is 2; this dafe reads 1"));
    // What somebody wrote into the file is an error, not a panic.
    let mut changed = arguments.clone();
    changed["devices"] = serde_json::json!([]);
    fs::write(at("tuned/arguments.json"), changed.to_string()).unwrap();
    assert!(fail(&mut resume(&at("tuned"))).contains("needs a device"));
}

/// The arguments of the command that an error proposes, as it is printed.
fn proposed(error: &str) -> Vec<String> {
    let command = error.split('`').find_map(|part| part.strip_prefix("dafe train --init "));
    let command = command.unwrap_or_else(|| panic!("no command: {error}"));
    ["--init"].into_iter().chain(command.split_whitespace()).map(String::from).collect()
}

#[test]
fn a_run_with_another_recipe_starts_from_the_model_of_one_that_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    succeed(&mut tree(&at("tree")));
    let train = |more: &[&str]| {
        let mut command = dafe("train");
        command.current_dir(&folder).arg("--plain").args(more);
        command
    };
    let first = ["--data", "tree", "--out", "first", "--preset", "nano", "--batch-size", "8"];
    let first = |more: &[&str]| train(&[&first[..], more].concat());
    succeed(first(&["--epochs", "1", "--seed", "7"]).args(["--loose-boxes", "0.25"]));

    // The same recipe resumes; another one is told what differs, and what goes on.
    succeed(train(&["--resume", "first", "--epochs", "1"]).args(["--seed", "7"]));
    let more = ["--epochs", "2", "--seed", "7", "--loose-boxes", "0.25", "--batch-size", "12"];
    let error = fail(&mut train(&[&["--resume", "first"], &more[..]].concat()));
    assert!(error.contains("(batch_size is 8 there, not 12, epochs is 1 there, not 2)"), "{error}");
    let error = fail(&mut first(&["--epochs", "2", "--seed", "7", "--loose-boxes", "0.25"]));
    let said = "another configuration, which can't be changed (epochs is 1 there, not 2); \
                `dafe train --resume first` resumes it";
    assert!(error.contains(said), "{error}");
    let with_data = proposed(&error);
    assert_eq!(with_data[..4], ["--init", "first", "--out", "first-2"].map(String::from));
    assert!(with_data.contains(&"--data".into()) && !with_data.contains(&"--preset".into()));
    // Another network has nothing of the first one's.
    let error = fail(&mut first(&["--decoder", "non-local"]));
    assert!(error.contains("need a new run") && !error.contains("--init"), "{error}");

    // Of a folder, the data are the run's, and so is all of the recipe that is not given.
    let error = fail(&mut train(&["--resume", "first", "--epochs", "2"]));
    let proposed = proposed(&error);
    assert_eq!(proposed[..4], ["--init", "first", "--out", "first-2"].map(String::from), "{error}");
    let proposed: Vec<&str> = proposed.iter().map(String::as_str).collect();
    let printed = succeed(&mut train(&proposed));
    assert!(printed.contains("using the data of first"), "{printed}");
    assert!(!printed.contains("its head is reinitialized"), "{printed}");
    let recipe = |run: &str| json(at(run).join("config.json"))["recipe"].take();
    let (was, now) = (recipe("first"), recipe("first-2"));
    assert_eq!(
        (&now["epochs"], &now["batch_size"], &now["seed"]),
        (&2.into(), &8.into(), &7.into())
    );
    let weights = Path::new(now["fine_tuning"]["initial_weights"]["file"].as_str().unwrap());
    assert!(weights.is_absolute() && weights.ends_with("first/model.safetensors"));
    assert_eq!(now["fine_tuning"]["new_head"], false);
    for key in ["model", "codec", "framing", "refinement", "augmentation", "learning_rate"] {
        assert_eq!(was[key], now[key], "{key}");
    }
    let arguments = |run: &str| json(at(run).join("arguments.json"));
    assert_eq!(arguments("first")["format"], 1);
    assert_eq!(arguments("first")["data"], arguments("first-2")["data"]);
    succeed(&mut resume(&at("first-2")));

    // It starts where the first one ended: its first epoch's loss is below that of a network that
    // begins.
    let loss = |run: &str| {
        let mut checkpoints = fs::read_dir(at(run).join("checkpoints")).unwrap();
        let of_epoch = checkpoints.find_map(|entry| {
            let position = entry.unwrap().path().join("position.json");
            position.is_file().then(|| json(position))
        });
        of_epoch.unwrap()["history"]["epochs"][0]["train_loss"].as_f64().unwrap()
    };
    let [was, now] = ["first", "first-2"].map(loss);
    assert!(now < was, "{now} and {was}");

    let error = fail(&mut train(&["--init", "first", "--out", "first", "--epochs", "3"]));
    assert!(error.contains("dafe train --init first --out first-3"), "{error}");
    let error = fail(&mut train(&["--init", "first", "--preset", "paper"]));
    assert!(error.contains("--init first has its own network; it can't be given --preset"));
    let error = fail(&mut train(&["--init", "frist"]));
    assert!(error.contains("there is no frist: --init takes random, bundled"), "{error}");
    let error = fail(&mut train(&["--init", "tree"]));
    assert!(error.contains("tree has no model.safetensors: it is not a run's folder"), "{error}");
    // A model that nothing is known of but its weights.
    let codec = HeatmapCodec::new([64, 64], LandmarkNetConfig::STRIDE, 2.0);
    let config = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld());
    let net = config.model.init(&Device::flex());
    let detector = LandmarkDetector::new(net, config, &Device::flex()).unwrap();
    detector.save(at("bare.safetensors")).unwrap();
    let bare = ["--init", "bare.safetensors", "--data", "tree", "--out", "none"];
    let error = fail(&mut train(&bare));
    assert!(error.contains("bare.safetensors: no run made this model"), "{error}");
}
