//! The commands in the documentation are valid, and those that need no downloads run.
use std::{
    fs::{self, File},
    path::Path,
    process::Command,
};

use serde_json::json;

use super::{program, root, run};

/// Parts of commands that are not run here: they need downloads, a GPU, or a whole dataset, or do
/// not end by themselves.
const NOT_RUN: [&str; 7] =
    ["clothing-dataset-small", ".pth", "cuda", "serve-devices", "FOLDER", "completions", "…"];

/// What `dafe` is given in a page's blocks for the shell, one command each.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut lines = page.lines();
    while lines.any(|line| line == "```sh") {
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = block.join("\n").replace("\\\n", " ");
        commands.extend(block.lines().filter_map(arguments));
    }
    commands
}

/// A line's arguments up to a pipe or a redirection, if the line calls `dafe`.
fn arguments(line: &str) -> Option<Vec<String>> {
    let words = shlex::split(line).unwrap_or_else(|| panic!("quotes are not closed: {line}"));
    let is_checkout = words.starts_with(&["cargo", "run", "--release"].map(String::from))
        && !["-p", "--bin", "--example"].iter().any(|other| words.iter().any(|word| word == other));
    let start = match is_checkout {
        true => words.iter().position(|word| word == "--")?,
        false => words.iter().position(|word| word == "dafe")?,
    };
    if !is_checkout && start > 0 && words[start - 1] != "|" {
        return None;
    }
    let ends = ["|", ">", "<", "&&", "&", ";"];
    let own = words[start + 1..].iter().take_while(|word| {
        !ends.contains(&word.as_str()) && !word.starts_with('>') && !word.starts_with('<')
    });
    Some(own.cloned().collect())
}

/// Every Markdown file of the repository that users read, by its path in the repository.
fn pages() -> Vec<(String, String)> {
    let folders = ["", "docs", "docs/tutorial", "crates/dafe-cli", "crates/dafe-garments"];
    let mut pages = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                pages.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    pages
}

#[test]
fn every_command_is_valid() {
    let mut checked = 0;
    for (page, text) in pages() {
        for arguments in commands(&text) {
            // A placeholder for further options.
            let given = arguments.iter().filter(|word| *word != "…" && *word != "...");
            let words = ["dafe".to_string()].into_iter().chain(given.cloned());
            if let Err(error) = dafe_cli::command().try_get_matches_from(words) {
                use clap::error::ErrorKind::{DisplayHelp, DisplayVersion};
                let is_help = matches!(error.kind(), DisplayHelp | DisplayVersion);
                assert!(is_help, "{page}: {arguments:?}: {error}");
            }
            checked += 1;
        }
    }
    assert!(checked > 50, "only {checked} commands found");
}

/// A folder with the files that the documentation's commands read.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        for (format, folder) in [
            ("fld", "path/to/FLD"),
            ("deepfashion2", "path/to/DeepFashion2"),
            ("coco", "kites"),
            ("coco", "export"),
        ] {
            let counts = ["--train", "6", "--val", "2", "--test", "2"];
            sandbox.succeed(
                &[&["generate", "--format", format, "--out", folder], &counts[..]].concat(),
            );
        }
        let image = sandbox.path().join("path/to/FLD/img/train_000001.jpg");
        fs::create_dir_all(sandbox.path().join("photos/summer")).unwrap();
        for name in ["shirt", "dress", "photo", "street", "photos/a", "photos/summer/b"] {
            fs::copy(&image, sandbox.path().join(name).with_extension("jpg")).unwrap();
        }
        let found = |image: serde_json::Value| {
            let mut found = json!({"category_id": 1, "bbox": [5, 5, 100, 120], "score": 0.9});
            found.as_object_mut().unwrap().extend(image.as_object().unwrap().clone());
            json!([found])
        };
        let files = [
            ("detections.json", found(json!({"file_name": "a.jpg"}))),
            ("results.json", found(json!({"image_id": 1}))),
            ("boxes.json", found(json!({"image_id": 1}))),
            ("annotations.json", json!({"images": [{"id": 1, "file_name": "a.jpg"}]})),
        ];
        for (name, content) in files {
            fs::write(sandbox.path().join(name), content.to_string()).unwrap();
        }
        sandbox
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command of the program here, which may read an image from standard input.
    fn succeed(&self, arguments: &[&str]) {
        let mut command: Command = program();
        command.current_dir(self.path()).args(arguments);
        if let Ok(image) = File::open(self.path().join("dress.jpg")) {
            command.stdin(image);
        }
        let output = run(&mut command);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {errors}");
    }

    /// Trains the run that a command reads, if no earlier command of the page has.
    fn provide(&self, run: &str) {
        if self.path().join(run).exists() {
            return;
        }
        let data = match run {
            run if run.contains("deepfashion2") => "path/to/DeepFashion2",
            run if run.contains("fld") => "path/to/FLD",
            _ => "kites",
        };
        self.succeed(&["train", "--data", data, "--out", run, "--preset", "nano", "--epochs", "1"]);
    }

    /// Runs a command, if training with less of everything.
    fn run(&self, arguments: &[String]) {
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let value = |arguments: &[&str], option: &str| {
            arguments.iter().position(|word| *word == option).map(|at| at + 1)
        };
        for option in ["--model", "--resume", "--init"] {
            if let Some(at) = value(&arguments, option) {
                self.provide(arguments[at]);
            }
        }
        let resumes = arguments.contains(&"--resume");
        if arguments[0] == "train" && !resumes {
            match value(&arguments, "--epochs") {
                Some(at) => arguments[at] = "1",
                None => arguments.extend(["--epochs", "1"]),
            }
            if value(&arguments, "--data").is_none() {
                arguments.extend(["--data", "path/to/FLD"]);
            }
        }
        self.succeed(&arguments);
    }
}

/// The tutorial's commands have their own test.
#[test]
fn commands_without_downloads_run() {
    let mut run = 0;
    for (page, text) in pages() {
        let commands: Vec<_> = commands(&text)
            .into_iter()
            .filter(|words| words.len() > 1 && !page.starts_with("docs/tutorial"))
            .filter(|words| {
                !words.iter().any(|word| NOT_RUN.iter().any(|part| word.contains(part)))
            })
            .collect();
        if commands.is_empty() {
            continue;
        }
        eprintln!("{page}");
        let sandbox = Sandbox::new();
        for command in commands {
            eprintln!("    {}", command.join(" "));
            sandbox.run(&command);
            run += 1;
        }
    }
    assert!(run > 25, "only {run} commands were run");
}
