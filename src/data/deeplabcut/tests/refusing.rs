//! Each rule broken once; messages name file, line and value.
use super::*;

#[track_caller]
fn head_refused(head: &str, line: usize, message: &str) {
    let tree = Tree::new();
    tree.bytes(TABLE, head);
    tree.refused(&format!("{TABLE}:{line}: {message}"));
}

#[test]
fn refuses_tables_of_other_forms() {
    head_refused("", 1, "the table ends before the line of coords");
    head_refused("scorer,A,A\nbodyparts,b,b\n", 2, "the table ends before the line of coords");
    let no_table = "not a table of labels";
    head_refused("x,y\n", 1, &format!("begins with 'x', not with scorer: {no_table}"));
    head_refused(
        "scorer,A\ncoords,x\n",
        2,
        &format!(
            "begins with 'coords', not with individuals or individual or bodyparts: {no_table}"
        ),
    );
    head_refused(
        "scorer,A\nbodyparts,b\nx,1\n",
        3,
        &format!("begins with 'x', not with coords: {no_table}"),
    );
    head_refused("scorer,A,A\nbodyparts,b\n", 2, "2 cells, but line 1 has 3");
    let head = |coords: &str| format!("scorer,A,A\nbodyparts,b,b\ncoords,{coords}\n");
    head_refused(&head("x,z"), 3, "coords has 'z', not x or y");
    head_refused(&head("x,x"), 3, "there are two columns x of 'b'");
    head_refused(&head(",x"), 3, "2 cells before x and y: 1 or 3 name the image");
    head_refused("scorer,A,A\nbodyparts,b,c\ncoords,x,y\n", 3, "'b' has no x or no y");
    head_refused("scorer,A,A\nbodyparts,b,\ncoords,x,y\n", 3, "column 3 has no name");
    head_refused("scorer\nbodyparts\ncoords\n", 3, "there are no columns of body parts");
    head_refused(
        "scorer,A,A,A\nbodyparts,b,b,b\ncoords,x,y,likelihood\n",
        3,
        "predictions, not labels: there is a column 'likelihood'. Labels are in \
         labeled-data/<video>/CollectedData_<scorer>.csv; DeepLabCut makes them of predictions \
         with extract_outlier_frames, refine_labels and merge_datasets",
    );
}

#[test]
fn refuses_rows_that_cannot_be() {
    let refused = |row: &str, message: &str| {
        let tree = Tree::new();
        tree.bytes(TABLE, format!("{HEAD}{ROW}\n{row}\n"));
        tree.refused(&format!("{TABLE}:6: {message}"));
    };
    refused("labeled-data/run/img2.png,1,2,3", "4 cells, but the head has 5");
    refused("labeled-data/run/img2.png,1,2,3,4,", "6 cells, but the head has 5");
    refused("labeled-data/run/img2.png,1,,3,4", "'snout': x without y");
    refused("labeled-data/run/img2.png,1,2,nan,4", "'tail': y without x");
    refused("labeled-data/run/img2.png,1,2,3,q", "'tail': 'q' is not a number");
    refused("labeled-data/run/img2.png,1,2,inf,4", "'tail': at inf, 4: too far away");
    refused("labeled-data/run/img1.png,,,,", "'labeled-data/run/img1.png' appears a second time");
    let out = "the image's name '../img2.png' is not a plain path below the root";
    refused("../img2.png,1,2,3,4", out);
    refused(",1,2,3,4", "'' is not an image name");
    let tree = Tree::new();
    tree.bytes(TABLE, format!("{HEAD}\u{e9}").as_bytes());
    tree.refused(&format!("{TABLE}:4: 1 cells, but the head has 5"));
    tree.bytes(TABLE, [HEAD.as_bytes(), b"\xff,1,2,3,4"].concat());
    tree.refused(&format!("{TABLE}:4: not UTF-8 after 0 bytes"));
}

#[test]
fn refuses_what_has_no_labels() {
    let tree = Tree::new();
    tree.bytes(TABLE, format!("{HEAD}labeled-data/run/img1.png,,,,\n"));
    let root = tree.root().display().to_string();
    tree.refused(&format!("{root}: nothing is labeled"));
    let open =
        |path: &str| tree.plain(&DeepLabCutDataset::open(tree.root().join(path)).unwrap_err());
    assert_eq!(open("x"), "x: there is no such file or folder");
    tree.bytes("labeled-data/run/CollectedData_Ana.h5", "");
    assert_eq!(
        open("labeled-data/run/CollectedData_Ana.h5"),
        "labeled-data/run/CollectedData_Ana.h5: not a table of labels: CollectedData_<scorer>.csv, as \
         DeepLabCut writes it beside the .h5"
    );
    fs::remove_file(tree.root().join(TABLE)).unwrap();
    tree.refused(&format!(
        "{root}: there are no labels: neither labeled-data/<video>/CollectedData_<scorer>.csv nor \
         CollectedData_<scorer>.csv"
    ));
    let margin = ReadOptions::default().with_box_margin(-1.0);
    let read = DeepLabCutDataset::open_with(tree.root(), &margin, &mut strictly);
    assert_eq!(read.unwrap_err().to_string(), "the box margin must be at least 0, not -1");
}

#[test]
fn all_problems_are_told_where_that_is_asked_for() {
    let tree = Tree::new();
    let lone = "labeled-data/run/img3.png,1,2,,\n";
    tree.bytes(TABLE, format!("{HEAD}?\n{ROW}{lone}"));
    let (dataset, _, problems) = tree.told(&ReadOptions::default());
    let cells = format!("{TABLE}:4: 1 cells, but the head has 5");
    let image = "cannot read labeled-data/run/img3.png".to_string();
    assert_eq!(problems, [cells, image], "whose size is asked for, for a box");
    assert_eq!((dataset.len(), dataset.images().len()), (1, 2));
}
