//! Each rule of the format broken once, and round trips.
use std::fs;

use super::*;
use crate::data::test_files::{Files, files};

mod reading;
mod refusing;
mod writing;

const UPPER: &str = "img/a.jpg 1 1 0 010 020 0 030 020 1 005 060 0 035 060 0 012 090 2 000 000";
const LOWER: &str = "img/b.jpg 2 5 0 1 2 0 3.5 2 0 1 9 1 -4 9";
const BOX_ROWS: [&str; 2] = ["img/a.jpg 001 002 040 100", "img/b.jpg -5 0 10.5 20"];
const SPLIT_ROWS: [&str; 2] = ["img/a.jpg train", "img/b.jpg val"];

files! {
    /// A dataset on disk; tests replace one file.
    Tree
}

impl Tree {
    fn new() -> Self {
        let tree = Self(Files::new());
        tree.rows("Anno/list_landmarks.txt", &[UPPER, LOWER]);
        tree.rows("Anno/list_bbox.txt", &BOX_ROWS);
        tree.rows("Eval/list_eval_partition.txt", &SPLIT_ROWS);
        tree
    }

    fn rows(&self, file: &str, rows: &[&str]) {
        self.bytes(file, format!("{}\ncolumns\n{}\n", rows.len(), rows.join("\n")).as_bytes());
    }

    /// The error message of opening it, without the root's path.
    fn refused(&self) -> String {
        let message = FldDataset::open(self.root(), Split::Train).unwrap_err().to_string();
        message
            .replace(&format!("{}/", self.root().display()), "")
            .replace(&self.root().display().to_string(), ".")
    }
}

/// Opens a tree with one file replaced by these rows, and compares the message.
#[track_caller]
fn refused(file: &str, rows: &[&str], message: &str) {
    let tree = Tree::new();
    tree.rows(file, rows);
    assert_eq!(tree.refused(), message);
}
