//! Unusual data that is used anyway.
use super::*;

/// Opens the tree, compares the findings and returns the dataset.
#[track_caller]
fn found(tree: &Tree, expected: &[&str]) -> YoloDataset {
    let (dataset, findings, problems) = tree.told(&ReadOptions::default());
    assert_eq!(findings, expected);
    assert!(problems.is_empty(), "{problems:?}");
    dataset
}

#[test]
fn where_no_landmark_has_a_2_a_1_says_that_it_is_labeled() {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", LINE.replace("0.4 2", "0.4 1"));
    tree.image("images/train/b.png", [9, 9]);
    tree.bytes("labels/train/b.txt", LINE.replace("0.4 2", "0.4 1"));
    let dataset = found(
        &tree,
        &["visibility-code: data.yaml: all visibilities of the split 'train' are 0 or 1, none is \
           2: 1 is taken as visible"],
    );
    let of = |i: usize| dataset.sample(i).landmarks[1].visibility;
    assert_eq!([of(0), of(1)], [Visibility::Visible; 2]);
    // A single 2 in the split is enough.
    tree.bytes("labels/train/b.txt", LINE);
    assert_eq!(found(&tree, &[]).sample(0).landmarks[1].visibility, Visibility::Occluded);
}

#[test]
fn confidences_count_as_visible() {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", LINE.replace("0.3 1", "0.3 0.875"));
    let dataset = found(
        &tree,
        &[
            "visibility-code: data.yaml: 1 landmarks of the split 'train' have visibilities between \
           0 and 1: taken as visible",
        ],
    );
    assert_eq!(dataset.sample(0).landmarks[1].visibility, Visibility::Visible);
}

#[test]
fn landmarks_without_a_place_count_as_not_labeled() {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0 0 1 nan 0.5 2");
    let dataset = found(
        &tree,
        &[
            "position: labels/train/a.txt:1: landmark 2 is at 0, 0: taken as not labeled",
            "position: labels/train/a.txt:1: landmark 3 is at NaN, 0.5: taken as not labeled",
        ],
    );
    let seen = dataset.sample(0).landmarks.iter().filter(|l| l.visibility.has_position()).count();
    assert_eq!(seen, 1);
}

#[test]
fn boxes_of_no_size_are_made() {
    let tree = Tree::new();
    let of_two = "0 0.5 0.5 0 0 0.25 0.5 2 0.75 0.5 1 0 0 0";
    let of_one = "1 0.5 0.5 0 0.3 0.25 0.5 2 0 0 0 0 0 0";
    let of_none = "1 0.5 0.5 0 0.3 0 0 0 0 0 0 0 0 0";
    tree.bytes("labels/train/a.txt", format!("{of_two}\n{of_one}\n{of_none}"));
    let dataset = found(
        &tree,
        &[
            "box-from-landmarks: labels/train/a.txt:1: the box 0 × 0 is empty: made from its landmarks",
            "box-of-image: labels/train/a.txt:2: the box 0 × 0.3 is empty: made from the whole image",
            "unlabeled: labels/train/a.txt:3: neither a box nor a landmark: left out",
        ],
    );
    assert_eq!(dataset.len(), 2);
    // 100 pixels wide, plus an eighth on each side, and half as high.
    assert_eq!(corners(&dataset.sample(0)), [37.5, 18.75, 162.5, 81.25]);
    assert_eq!(corners(&dataset.sample(1)), [0.0, 0.0, 200.0, 100.0]);
}

#[test]
fn repeated_lines_and_labels_without_images_are_told() {
    let tree = Tree::new();
    tree.bytes("labels/train/a.txt", format!("{LINE}\n\n{LINE} \r\n"));
    tree.bytes("labels/train/classes.txt", "cat");
    tree.bytes("labels/train/gone.txt", LINE);
    let repeated = "repeated: labels/train/a.txt:3: a line that is there twice: used once";
    let gone = "passed-over: labels/train: 'gone.txt' has no image: passed over";
    assert_eq!(found(&tree, &[repeated, gone]).len(), 1);
    tree.bytes("labels/train/deep/gone.txt", LINE);
    let gone = "passed-over: labels/train: 2 label files have no image, 'deep/gone.txt' the \
                first: passed over";
    found(&tree, &[repeated, gone]);
}

#[test]
fn names_are_made_where_they_are_missing_or_twice() {
    let tree = Tree::new();
    let yaml = |from: &str, to: &str| tree.bytes("data.yaml", YAML.replace(from, to));
    let lists = "kpt_names: {0: [nose, left ear, right ear]}";
    yaml(lists, "");
    let numbered =
        found(&tree, &["names: data.yaml: no kpt_names: the landmarks are called '1' to '3'"]);
    assert_eq!(numbered.schema().names(), ["1", "2", "3"]);
    yaml(lists, "kpt_names: [1, 2]");
    found(&tree, &["names: data.yaml: kpt_names has 2 names for 3 landmarks: called '1' to '3'"]);
    yaml(lists, "kpt_names: [ear, null, ear]");
    let twice = found(
        &tree,
        &["names: data.yaml: landmark 'ear' is there twice: the second is called 'ear 3'"],
    );
    assert_eq!(twice.schema().names(), ["ear", "null", "ear 3"]);
    yaml(lists, "kpt_names: {0: [a, b, c], 1: [a, b, d]}");
    let message =
        "names: data.yaml: kpt_names of class 1 differ from those of class 0, which are used";
    found(&tree, &[message]);
    yaml("[cat, dog]", "{1: cat, 0: cat}");
    let message = "names: data.yaml: class 'cat' is there twice: the second is called 'cat 2'";
    found(&tree, &[message]);
    yaml("names: [cat, dog]", "nc: 2");
    assert_eq!(found(&tree, &[]).schema().categories()[1].name, "class_1");
}

#[test]
fn mirror_pairs_are_the_files_or_from_names() {
    let tree = Tree::new();
    tree.bytes("data.yaml", YAML.replace("flip_idx: [0, 2, 1]", "flip_idx: []"));
    assert_eq!(found(&tree, &[]).schema().mirror(), [0, 2, 1]);
    tree.bytes("data.yaml", YAML.replace("[0, 2, 1]", "[0, 1, 2]"));
    let message = "mirror-pairs: data.yaml: flip_idx pairs no landmarks, though their names say \
                   left and right: it is used, so flipped images mix up left and right";
    assert_eq!(found(&tree, &[message]).schema().mirror(), [0, 1, 2]);
    tree.bytes("data.yaml", YAML.replace("flip_idx: [0, 2, 1]", "").replace("right ear", "tail"));
    let message = "mirror-pairs: data.yaml: no mirror partner by name for left ear";
    assert_eq!(found(&tree, &[message]).unpaired_landmarks(), [1]);
}

#[test]
fn skeletons_count_from_0_or_1() {
    let tree = Tree::new();
    let with = |skeleton: &str| tree.bytes("data.yaml", format!("{YAML}skeleton: {skeleton}\n"));
    with("[[0, 1], [1, 2]]");
    assert_eq!(found(&tree, &[]).schema().skeleton(), [[0, 1], [1, 2]]);
    with("[[1, 2], [2, 3]]");
    assert_eq!(found(&tree, &[]).schema().skeleton(), [[0, 1], [1, 2]]);
    with("[[0, 1], [1, 3]]");
    let message = "skeleton: data.yaml: the line 0, 1 joins no two of 3 landmarks: not rendered";
    assert_eq!(found(&tree, &[message]).schema().skeleton(), [[0, 2]]);
    with("{nose: 1}");
    found(&tree, &["skeleton: data.yaml: skeleton is not a list of pairs: no lines are rendered"]);
}
