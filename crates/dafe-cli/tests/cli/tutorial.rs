//! The tutorial's pages: their lines for the shell are run in order, and leave what the pages say they
//! leave. (Their Rust blocks are documentation tests.)
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use dafe::data::{CocoDataset, LandmarkDataset};

use super::{example, json, root, succeed};

const PAGES: [&str; 3] = ["1-own-landmarks", "2-pictures-to-landmarks", "3-own-network"];

/// A page's text.
fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs/tutorial").join(name).with_extension("md")).unwrap()
}

/// The blocks of a language, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(opening) = lines.find_map(|line| line.strip_prefix("```")) {
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if opening == language {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

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
    // The network has learnt something: a quarter of what guessing has, where the page shows a tenth.
    let metrics = json(folder.path().join("runs/kites/metrics.json"));
    let ne = |of: &str| metrics[of]["ne"].as_f64().unwrap();
    assert!(ne("test") < ne("baseline") / 4.0, "{} and {}", ne("test"), ne("baseline"));
    // evaluate says the same of the same network.
    let evaluated = json(folder.path().join("runs/kites/test.json"));
    assert_eq!(evaluated["ne"].as_f64().unwrap(), ne("test"));
}

/// The program on the first page is the example that draws the data.
#[test]
fn its_program_is_the_example() {
    let page = page(PAGES[0]);
    let [program] = &blocks(&page, "rust,no_run")[..] else { panic!("there is one such program") };
    let example = fs::read_to_string(root().join("examples/draw_kites.rs")).unwrap();
    assert_eq!(program.lines().collect::<Vec<_>>(), example.lines().collect::<Vec<_>>());
}

/// The annotation file on the first page is one.
#[test]
fn its_annotation_file_is_read() {
    let page = page(PAGES[0]);
    let [file] = &blocks(&page, "json")[..] else { panic!("there is one such file") };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("train.json");
    fs::write(&path, file).unwrap();
    let dataset = CocoDataset::open(&path, "images").unwrap();
    assert_eq!(dataset.schema().names(), ["top", "right", "bottom", "left"]);
    assert_eq!(dataset.schema().mirror(), [0, 3, 2, 1]);
    assert_eq!(dataset.annotation(0).num_keypoints, 3);
    // As the page says, the names alone tell the mirror pairs.
    let unpaired = file.replace("\"flip_pairs\": [[\"right\", \"left\"]],", "");
    assert_ne!(&unpaired, file);
    fs::write(&path, unpaired).unwrap();
    let named = CocoDataset::open(&path, "images").unwrap();
    assert_eq!(named.schema(), dataset.schema());
}
