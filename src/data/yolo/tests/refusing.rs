//! Each rule broken once; messages name file, line and value.
use super::*;

#[track_caller]
fn line_refused(line: &str, message: &str) {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", format!("{LINE}\n{line}\n"));
    tree.refused(&format!("labels/train/a.txt:2: {message}"));
}

#[test]
fn refuses_lines_of_other_forms() {
    let refused = |columns: usize, guess: &str| {
        let line = vec!["0"; columns].join(" ");
        let start = format!("{columns} columns instead of 14, which kpt_shape [3, 3] has");
        line_refused(&line, &format!("{start}: {guess}"));
    };
    refused(5, "a box without landmarks, as for detection");
    refused(6, "a box with a score, as in detection");
    refused(9, "perhaps an outline of 4 points, as for segmentation");
    refused(11, "as kpt_shape [3, 2] would have");
    refused(15, "one more, as in predictions with a score");
    refused(8, "not a YOLO format");
}

#[test]
fn refuses_values_that_cannot_be() {
    let pixels = "expected fractions of the image's width and height, not pixels";
    let with = |from: &str, to: &str| LINE.replacen(from, to, 1);
    for class in ["2", "-1", "0.5", "cat", "nan", "1e99"] {
        let message = format!("class '{class}' is not one of 0 to 1, which names has");
        line_refused(&with("0 ", &format!("{class} ")), &message);
    }
    line_refused(&with("0.4 0.6", "a 0.6"), "the box's width: 'a' is not a number");
    line_refused(&with("0.4 2", "b 2"), "y of landmark 1: 'b' is not a number");
    line_refused(&with("0.4 2", "0.4 c"), "the visibility of landmark 1: 'c' is not a number");
    line_refused(&with("0.5 0.5", "320 0.5"), &format!("the box's center is at 320: {pixels}"));
    line_refused(&with("0.5 0.5", "0.5 nan"), &format!("the box's center is at NaN: {pixels}"));
    line_refused(&with("0.4 0.6", "64 48"), &format!("the box's side is 64: {pixels}"));
    line_refused(&with("0.4 0.6", "0.4 -0.6"), "the box's side is -0.6");
    line_refused(&with("0.4 0.6", "0.4 nan"), "the box's side is NaN");
    line_refused(&with("0.4 2", "100 2"), &format!("landmark 1 is at 100: {pixels}"));
    line_refused(&with("0.4 2", "-inf 2"), &format!("landmark 1 is at -inf: {pixels}"));
    line_refused(&with("0.4 2", "0.4 3"), "landmark 1: visibility 3 is not 0, 1 or 2");
    line_refused(&with("0.4 2", "0.4 -1"), "landmark 1: visibility -1 is not 0, 1 or 2");
}

#[test]
fn all_problems_are_told_where_that_is_asked_for() {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", format!("?\n{LINE}\n0 1\n"));
    tree.bytes("images/train/b.png", "no image");
    tree.bytes("labels/train/b.txt", LINE);
    let (dataset, findings, problems) = tree.told(&ReadOptions::default());
    let columns = "columns instead of 14, which kpt_shape [3, 3] has: not a YOLO format";
    assert_eq!(
        problems[..2],
        [
            format!("labels/train/a.txt:1: 1 {columns}"),
            format!("labels/train/a.txt:3: 2 {columns}"),
        ]
    );
    assert!(problems[2].starts_with("images/train/b.png: "), "{problems:?}");
    assert_eq!((dataset.len(), problems.len()), (1, 3), "what is sound is kept");
    assert!(findings.is_empty(), "a file that can't be used has an image: {findings:?}");
}

#[test]
fn refuses_what_data_yaml_cannot_say() {
    let refused = |from: &str, to: &str, message: &str| {
        let tree = Tree::new();
        tree.bytes("data.yaml", YAML.replace(from, to));
        tree.refused(&format!("data.yaml: {message}"));
    };
    let shape = "kpt_shape: [3, 3]";
    refused(shape, "", "no kpt_shape: a dataset of boxes or outlines, not of landmarks");
    refused(shape, "kpt_shape: [3]", "kpt_shape [3] is not [number of landmarks, 2 or 3]");
    refused(shape, "kpt_shape: [3, 4]", "kpt_shape [3, 4] is not [number of landmarks, 2 or 3]");
    refused(shape, "kpt_shape: [0, 3]", "kpt_shape: 0 landmarks; 1 to 10000 are read");
    let names = "names: [cat, dog]";
    refused(names, "", "neither names nor nc says which classes there are");
    refused(names, "names: []", "names: there are no classes");
    refused(names, "nc: 0", "nc: 0 classes");
    refused(names, "nc: 3\nnames: [cat, dog]", "nc says 3 classes, names has 2");
    refused(names, "names: {1: cat, 2: dog}", "names: class 0 has no name, but 'cat' is class 1");
    let flip = "[0, 2, 1]";
    refused(flip, "[0, 1]", "flip_idx has 2 numbers for 3 landmarks");
    refused(flip, "[0, 3, 1]", "flip_idx has landmark 3, counted from 0, of 3");
    refused(flip, "[1, 2, 0]", "flip_idx: 0 becomes 1, but 1 becomes 2");
    refused("train: images/train\n", "", "names no folder for the split 'train'");
    let missing = "train: 'images/tra' is not there; looked for images/tra";
    refused("images/train", "images/tra", missing);
    let file = "train: 'data.yaml' is neither a folder nor a list (.txt)";
    refused("images/train", "data.yaml", file);
    refused("images/train", "/", "train: '/' has data.yaml's own folder in it");
    let tree = Tree::new();
    tree.rename("images/train/a.png", "a.png");
    tree.refused("data.yaml: there are no images in the split 'train'");
    tree.image("images/train/b.png", [9, 9]);
    tree.refused(
        "data.yaml: no image of the split 'train' has labels that can be used; looked for \
         labels/train/b.txt and others",
    );
}

#[test]
fn names_the_line_of_what_is_no_yaml() {
    let tree = Tree::new();
    let refused = |yaml: &str, start: &str| {
        tree.bytes("data.yaml", yaml);
        let error = tree.plain(&tree.open().unwrap_err());
        assert!(error.starts_with(start) && error.len() < 300, "{error}");
    };
    refused("", "data.yaml: the file is empty");
    refused("a: [\n", "data.yaml:");
    refused("train: x\nkpt_shape: many\n", "data.yaml:2: ");
    refused("train: x\nkpt_shape: [3, 3]\ntrain: y\n", "data.yaml:3: ");
    refused("names: {cat: 0}\n", "data.yaml:1: ");
    refused("train: {a: b}\n", "data.yaml:1: ");
    refused("[1, 2]\n", "data.yaml:1: ");
    tree.bytes("data.yaml", b"names: \xff");
    tree.refused("data.yaml: not UTF-8 after 7 bytes");
}
