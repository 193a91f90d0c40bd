//! The open benchmark, without its photographs: what is said of a folder that has none of them.
use std::fs;

use super::{dafe, fail, run};

const CLONE: &str = "git clone https://github.com/alexeygrigorev/clothing-dataset-small";

#[test]
fn the_photographs_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut evaluate = dafe("evaluate");
    evaluate.args(["--bundled", "--dataset", "clothing", "--data"]).arg(root);
    let error = fail(&mut evaluate);
    assert!(error.contains("83 of the 83 photographs") && error.contains(CLONE), "{error}");
    // Every split is looked at.
    let output = run(dafe("check").args(["--dataset", "clothing", "--data"]).arg(root));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for missing in ["263 of the 263", "30 of the 30", "83 of the 83"] {
        assert!(printed.contains(missing), "{printed}");
    }
    // A clone is known by its folders.
    for split in ["train", "validation", "test"] {
        let classes = "dress hat longsleeve outwear pants shirt shoes shorts skirt t-shirt";
        for class in classes.split(' ') {
            fs::create_dir_all(root.join(split).join(class)).unwrap();
        }
    }
    let error = fail(dafe("convert").args(["--to", "fld", "--out", "none", "--data"]).arg(root));
    assert!(error.contains("263 of the 263"), "{error}");
    let error = fail(dafe("train").args(["--dataset", "clothing"]));
    assert!(error.contains("can't be generated: --data FOLDER"), "{error}");
}

#[test]
fn nothing_is_written_as_the_benchmark() {
    for command in [&["convert", "--out", "none", "--to"][..], &["generate", "--format"]] {
        let output = run(dafe(command[0]).args(&command[1..]).arg("clothing"));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}
