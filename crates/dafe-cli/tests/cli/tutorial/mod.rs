//! The tutorial's pages: their programs and files are what the pages say, and so is what their
//! lines for the shell leave. (Their Rust blocks are documentation tests.)
#[cfg(all(unix, feature = "report"))]
mod commands;

use std::fs;

use dafe::data::{CocoDataset, LandmarkDataset};

use super::root;

const PAGES: [&str; 3] = ["1-own-landmarks", "2-images-to-landmarks", "3-own-network"];

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

/// The program on the first page is the example that generates the data.
#[test]
fn its_program_is_the_example() {
    let page = page(PAGES[0]);
    let [program] = &blocks(&page, "rust,no_run")[..] else { panic!("there is one such program") };
    let example = fs::read_to_string(root().join("examples/generate_kites.rs")).unwrap();
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
