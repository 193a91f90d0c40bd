//! The pages' lines for the shell, run in order.
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use super::{PAGES, blocks, page};
use crate::{example, json, succeed};

/// The paths below the folders that commands write to, as the text and its tables name them.
fn paths(page: &str) -> Vec<PathBuf> {
    let is_path = |code: &&str| {
        ["runs/", "kites/"].iter().any(|folder| code.starts_with(folder))
            && !code.contains([' ', '*'])
    };
    page.split('`').filter(is_path).map(PathBuf::from).collect()
}

/// A block's commands with what is built already in the place of `cargo run`.
///
/// `cargo run --release -- ARGUMENTS` becomes `dafe ARGUMENTS`, whatever features it names, and
/// `cargo run --release --example NAME -- ARGUMENTS` becomes `PATH ARGUMENTS`.
fn built(block: &str) -> String {
    let mut parts = block.split("cargo run --release ");
    let mut commands = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (options, arguments) = part.split_once("-- ").unwrap_or_else(|| panic!("{part}"));
        let mut options = options.split_whitespace();
        let mut program = "dafe".to_string();
        while let Some(option) = options.next() {
            let value = options.next().unwrap_or_else(|| panic!("{option} of {block}"));
            match option {
                "--example" => program = format!("'{}'", example(value).display()),
                "--features" => (),
                _ => panic!("{option} of {block}"),
            }
        }
        commands += &format!("{program} {arguments}");
    }
    commands
}

/// Runs a block as its reader would, with the program installed.
fn run_block(block: &str, folder: &Path) -> String {
    let installed = Path::new(env!("CARGO_BIN_EXE_dafe")).parent().unwrap();
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = [installed.to_path_buf()].into_iter().chain(env::split_paths(&others));
    let mut shell = Command::new("sh");
    shell.current_dir(folder).env("PATH", env::join_paths(folders).unwrap());
    succeed(shell.arg("-ec").arg(built(block)))
}

#[test]
fn its_commands_do_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for name in PAGES {
        let page = page(name);
        for block in blocks(&page, "sh") {
            run_block(&block, folder.path());
        }
        for path in paths(&page) {
            assert!(folder.path().join(&path).exists(), "{name}: there is no {}", path.display());
        }
    }
    // The network has learnt something: a quarter of what guessing has, where the page shows a
    // tenth.
    let metrics = json(folder.path().join("runs/kites/metrics.json"));
    let ne = |of: &str| metrics[of]["ne"].as_f64().unwrap();
    assert!(ne("test") < ne("baseline") / 4.0, "{} and {}", ne("test"), ne("baseline"));
    // evaluate says the same of the same network.
    let evaluated = json(folder.path().join("runs/kites/test.json"));
    assert_eq!(evaluated["ne"].as_f64().unwrap(), ne("test"));
}
