//! What the program says of itself.
use std::process::Stdio;

use super::{dafe, fail, program, run, succeed};

const COMMANDS: [&str; 9] = [
    "detect",
    "train",
    "evaluate",
    "check",
    "convert",
    "generate",
    "summary",
    "serve-devices",
    "completions",
];

#[test]
fn help_fits_a_screen_and_names_all_commands() {
    let help = succeed(program().arg("--help"));
    assert!(help.lines().count() <= 24, "{} lines", help.lines().count());
    for line in help.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for command in COMMANDS {
        assert!(help.contains(command), "no {command}: {help}");
    }
    for command in &COMMANDS[..7] {
        let line = help.lines().find(|line| line.starts_with(&format!("  {command} ")));
        assert!(line.is_some() && help.contains(&format!(" dafe {command} ")), "{help}");
    }
    assert!(help.contains("130 interrupted"), "{help}");
    for other in [&["-h"][..], &["help"]] {
        assert_eq!(succeed(program().args(other)), help);
    }
    // Without a command there is nothing to do, and help is all that can be given.
    let nothing = run(&mut program());
    assert_eq!(nothing.status.code(), Some(2));
    assert_eq!(String::from_utf8(nothing.stderr).unwrap(), help);
    let version = succeed(program().arg("--version"));
    assert_eq!(version, concat!("dafe ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn every_commands_help_fits_a_terminals_width() {
    for command in COMMANDS {
        for option in ["--help", "-h"] {
            for line in succeed(dafe(command).arg(option)).lines() {
                assert!(line.chars().count() <= 100, "{command}: {line}");
            }
        }
    }
}

#[test]
fn what_is_mistyped_is_put_right() {
    for (arguments, nearest) in [
        (&["detekt"][..], "detect"),
        (&["evalute"], "evaluate"),
        (&["train", "--epoch", "3"], "--epochs"),
        (&["detect", "--formt", "csv", "a.jpg"], "--format"),
        (&["generate", "--format", "cocoa"], "coco"),
    ] {
        let output = run(program().args(arguments));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("similar") && errors.contains(&format!("'{nearest}'")), "{errors}");
    }
}

/// Whatever is printed, and whether all of it or a part fits into the pipe.
#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    succeed(
        dafe("generate").args(["--train", "2", "--val", "1", "--test", "1", "--out"]).arg(&tree),
    );
    let mut check = dafe("check");
    check.arg("--data").arg(&tree);
    let mut evaluate = dafe("evaluate");
    evaluate.args(["--bundled", "--resamples", "0", "--data"]).arg(&tree);
    let json = folder.path().join("numbers.json");
    evaluate.arg("--json").arg(&json);
    let mut summary = dafe("summary");
    let mut completions = dafe("completions");
    completions.arg("bash");
    let mut help = dafe("detect");
    help.arg("--help");
    for command in [&mut summary, &mut completions, &mut check, &mut evaluate, &mut help] {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{command:?}");
    }
    // What was to be written is.
    assert!(json.is_file());
}

/// A run is not ended by a log that nobody reads.
#[test]
fn training_goes_on_without_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let sizes = ["--train", "8", "--val", "2", "--test", "2", "--out"];
    succeed(dafe("generate").args(sizes).arg(at("tree")));
    let mut train = dafe("train");
    train.args(["--preset", "nano", "--epochs", "1", "--plain", "--data"]).arg(at("tree"));
    train.arg("--out").arg(at("run")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = train.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""));
    assert!(at("run/metrics.json").is_file() && at("run/predictions.png").is_file());
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = succeed(dafe("completions").arg(shell));
        for word in ["detect", "serve-devices", "min-score"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    assert!(fail(dafe("completions").arg("dash")).contains("bash"));
}
