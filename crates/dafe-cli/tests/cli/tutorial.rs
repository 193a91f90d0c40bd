//! The tutorial's pages: their lines for the shell are run in order, and leave what the pages say they leave. (Their Rust blocks are
//! documentation tests.)
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use dafe::data::{CocoDataset, LandmarkDataset};

use super::{json, succeed};

const PAGES: [&str; 3] = ["1-own-landmarks", "2-pictures-to-landmarks", "3-own-network"];

/// A page's text.
fn page(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("docs/tutorial").join(name).with_extension("md")).unwrap()
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

/// Runs a block as its reader would, with the examples that are built in cargo's place.
fn run_block(block: &str, folder: &Path) -> String {
    let test = env::current_exe().unwrap();
    let examples = test.parent().unwrap().parent().unwrap().join("examples");
    const CARGO: &str = "cargo run --release --example ";
    // `NAME -- ARGUMENTS` becomes `"$EXAMPLES"/NAME ARGUMENTS`.
    let commands = block.split(CARGO).enumerate().map(|(i, part)| match i {
        0 => part.to_string(),
        _ => format!("\"$EXAMPLES\"/{}", part.replacen(" -- ", " ", 1)),
    });
    let mut shell = Command::new("sh");
    shell
        .current_dir(folder)
        .env("EXAMPLES", examples)
        .arg("-ec")
        .arg(commands.collect::<String>());
    succeed(&mut shell)
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = fs::read_to_string(root.join("examples/draw_kites.rs")).unwrap();
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
