//! Each rule broken once; messages name the file and the line.
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::data::{annotation::shortened, event::Reporter};

#[test]
fn says_where_it_looked_for_a_file_that_is_missing() {
    let tree = Tree::new();
    fs::remove_file(tree.root().join("Eval/list_eval_partition.txt")).unwrap();
    let tried = "Eval/list_eval_partition.txt, Anno/list_eval_partition.txt, Anno_coarse/list_eval_partition.txt, \
                 Anno_fine/list_eval_partition.txt";
    assert_eq!(tree.refused(), format!(".: no list_eval_partition.txt; tried {tried}"));
    for name in ["list_bbox.txt", "list_landmarks.txt"] {
        fs::remove_file(tree.root().join("Anno").join(name)).unwrap();
        // A folder with the file's name does not count.
        fs::create_dir(tree.root().join("Anno").join(name)).unwrap();
        let mut tried = format!("Anno/{name}, Anno_coarse/{name}, Anno_fine/{name}");
        if name == "list_landmarks.txt" {
            tried += " and Anno_fine/train.txt, Anno_fine/val.txt, Anno_fine/test.txt";
        }
        assert_eq!(tree.refused(), format!(".: no {name}; tried {tried}"));
    }
    let error = FldDataset::open(tree.root().join("nowhere"), Split::Train).unwrap_err();
    assert!(error.to_string().ends_with("nowhere: there is no such folder"), "{error}");
}

#[test]
fn reading_on_keeps_what_is_right_and_names_all_that_is_wrong() {
    let tree = Tree::new();
    let skirt = "img/d.jpg 2 5 0 1 2 0 3 2 0 1 9 0 4 9";
    let (good, lacking) = (skirt.replace("d.jpg", "e.jpg"), skirt.replace("d.jpg", "f.jpg"));
    let rows = [UPPER, LOWER, "img/c.jpg 9 1", UPPER, skirt, &good, &lacking];
    tree.rows("Anno/list_landmarks.txt", &rows);
    let boxes = ["a", "c", "d", "d", "e", "f"].map(|name| format!("img/{name}.jpg 0 0 9 9"));
    let boxes: Vec<_> =
        ["img/b.jpg 5 5 5 9"].into_iter().chain(boxes.iter().map(String::as_str)).collect();
    tree.rows("Anno/list_bbox.txt", &boxes);
    let splits =
        b"6\n\xff\nimg/\xff.jpg\nimg/a.jpg test\nimg/b.jpg test\nimg/c.jpg test\nimg/d.jpg test\n\
        img/e.jpg test\n";
    tree.bytes("Eval/list_eval_partition.txt", splits);
    let (mut found, mut progress) = (Vec::new(), Vec::new());
    let datasets = FldDataset::open_all(tree.root(), &mut |event| {
        match event {
            ReadEvent::Problem(problem) => found.push(problem.to_string()),
            ReadEvent::Progress { done, total } => progress.push((done, total)),
            ReadEvent::Finding(_) => (),
        }
        Ok(())
    });
    let datasets = datasets.unwrap();
    let [test] = &datasets[..] else { panic!("only an image in test has nothing wrong") };
    let [sample] = test.samples() else { panic!("only one") };
    assert_eq!((test.split(), sample.image.as_str()), (Split::Test, "img/e.jpg"));
    let size = |file: &str| fs::metadata(tree.root().join(file)).unwrap().len() as usize;
    let files = ["Anno/list_landmarks.txt", "Anno/list_bbox.txt", "Eval/list_eval_partition.txt"];
    let bytes = files.into_iter().map(size).sum();
    assert_eq!(progress, [(bytes, bytes)]);
    // Each problem once: other files' rows of an image that is already rejected are not reported.
    let expected = [
        "list_landmarks.txt:5: ",
        "list_landmarks.txt:6: 'img/a.jpg' appears again, first on line 3",
        "list_bbox.txt:3: the box 5 5 5 9",
        "list_bbox.txt:7: 'img/d.jpg' appears a second time",
        "list_eval_partition.txt:2: not UTF-8 after 0 bytes",
        "list_eval_partition.txt:3: not UTF-8 after 4 bytes",
        "lacks 'img/f.jpg', which list_landmarks.txt has on line 9",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found} instead of {expected}");
    }
}

#[test]
fn refuses_malformed_landmarks() {
    let check = |row: &str, message: &str| {
        refused(
            "Anno/list_landmarks.txt",
            &[UPPER, row],
            &format!("Anno/list_landmarks.txt:4: {message}"),
        );
    };
    let spaces = "(columns are separated by spaces, so an image's name cannot contain any)";
    let four = "0 1 2 ".repeat(4);
    check(
        &format!("img/b.jpg 1 1 {four}"),
        "clothes type 1 (upper) has 6 landmarks, the row has 4",
    );
    check(&format!("img/b.jpg 0 1 {four}"), &format!("clothes type '0' is not 1, 2 or 3 {spaces}"));
    check(&format!("img/b.jpg 4 1 {four}"), &format!("clothes type '4' is not 1, 2 or 3 {spaces}"));
    check(&format!("img/b.jpg 2 6 {four}"), "variation type '6' is not one of 1 to 5");
    check(
        &format!("img/b.jpg 2 {four}"),
        "a row without a variation type, after rows with a variation type",
    );
    check(
        &format!("img/b c.jpg 2 1 {four}"),
        &format!("16 columns are not a whole number of 'visibility x y' triplets {spaces}"),
    );
    check(
        &format!("img/b c d e.jpg 2 1 {four}"),
        &format!("clothes type 'c' is not 1, 2 or 3 {spaces}"),
    );
    check("img/b.jpg 2 1", "clothes type 2 (lower) has 4 landmarks, the row has 0");
    check("img/b.jpg 2 1 3 1 2 0 1 2 0 1 2 0 1 2", "visibility '3' is not 0, 1 or 2");
    check("img/b.jpg 2 1 0 x 2 0 1 2 0 1 2 0 1 2", "'x' is not a number");
    check("img/b.jpg 2 1 0 1 NaN 0 1 2 0 1 2 0 1 2", "'NaN' is not finite");
    check("img/b.jpg 2 1 0 1 1e39 0 1 2 0 1 2 0 1 2", "'1e39' is not finite");
    check(
        "img/b.jpg 2 1 0 1 1e38 0 1 2 0 1 2 0 1 2",
        "at 1, 100000000000000000000000000000000000000: too far away",
    );
    check("img/b.jpg 2 1 1 -70000 2 0 1 2 0 1 2 0 1 2", "at -70000, 2: too far away");
    check(UPPER, "'img/a.jpg' appears again, first on line 3");
    for name in
        ["/etc/b.jpg", "../b.jpg", "img/../../b.jpg", "C:/b.jpg", r"img\b.jpg", "img/b\0.jpg"]
    {
        let shown = shortened(name);
        let message = format!("the image's name '{shown}' is not a plain path below the root");
        check(&format!("{name} 2 1 {four}"), &message);
    }
}

#[test]
fn refuses_malformed_boxes() {
    let check = |row: &str, message: &str| {
        refused(
            "Anno/list_bbox.txt",
            &[BOX_ROWS[0], row],
            &format!("Anno/list_bbox.txt:4: {message}"),
        );
    };
    let at = "(left, top, right, bottom)";
    check("img/b.jpg 10 20 10 40", &format!("the box 10 20 10 40 {at} is empty"));
    check("img/b.jpg 10 20 30 19.5", &format!("the box 10 20 30 19.5 {at} is empty"));
    check(
        "img/b.jpg 0 0 99999 9",
        &format!("the box 0 0 99999 9 {at} is too large or too far away"),
    );
    check("img/b.jpg 0 0 inf 9", "'inf' is not finite");
    let spaces = "(columns are separated by spaces, so an image's name cannot contain any)";
    check("img/b.jpg 0 0 9", &format!("4 columns instead of 5, a name and a box {spaces}"));
    check("img/b c.jpg 0 0 9 9", &format!("6 columns instead of 5, a name and a box {spaces}"));
    check(BOX_ROWS[0], "'img/a.jpg' appears a second time");
    check("../b.jpg 0 0 9 9", "the image's name '../b.jpg' is not a plain path below the root");
}

#[test]
fn refuses_files_about_different_images() {
    let (boxes, partition) = ("Anno/list_bbox.txt", "Eval/list_eval_partition.txt");
    let lacks = "lacks 'img/b.jpg', which list_landmarks.txt has on line 4";
    refused(boxes, &BOX_ROWS[..1], &format!("{boxes}: {lacks}"));
    refused(partition, &SPLIT_ROWS[..1], &format!("{partition}: {lacks}"));
    let extra = "5: 'img/c.jpg' is not in list_landmarks.txt";
    refused(boxes, &[BOX_ROWS[0], BOX_ROWS[1], "img/c.jpg 0 0 9 9"], &format!("{boxes}:{extra}"));
    refused(
        partition,
        &[SPLIT_ROWS[0], SPLIT_ROWS[1], "img/c.jpg val"],
        &format!("{partition}:{extra}"),
    );
}

#[test]
fn refuses_malformed_partitions() {
    let file = "Eval/list_eval_partition.txt";
    let check = |row: &str, message: &str| {
        refused(file, &[SPLIT_ROWS[0], row], &format!("{file}:4: {message}"))
    };
    check("img/b.jpg dev", "split 'dev' is not train, val or test");
    check("img/b.jpg Train", "split 'Train' is not train, val or test");
    check(SPLIT_ROWS[0], "'img/a.jpg' appears a second time");
    let spaces = "(columns are separated by spaces, so an image's name cannot contain any)";
    check("img/b c.jpg val", &format!("3 columns instead of 2, a name and a split {spaces}"));
    refused(
        file,
        &["img/a.jpg test", "img/b.jpg val"],
        &format!("{file}: no image is in the split 'train'"),
    );
}

#[test]
fn refuses_files_that_are_no_tables() {
    let check = |bytes: &[u8], message: &str| {
        let tree = Tree::new();
        tree.bytes("Anno/list_bbox.txt", bytes);
        assert_eq!(tree.refused(), format!("Anno/list_bbox.txt:{message}"));
    };
    let rows = BOX_ROWS.join("\n");
    check(b"", "1: the file is empty; this line is the number of rows");
    check(b"2", "2: the file ends before this line, which names the columns");
    check(b"two\n", "1: this line is the number of rows, not 'two'");
    check(b"-2\n", "1: this line is the number of rows, not '-2'");
    check(b"20000000\nx\n", "1: announces 20000000 rows; at most 10000000 are read");
    check(format!("3\nx\n{rows}").as_bytes(), "1: announces 3 rows, but the file has 2");
    check(format!("1\nx\n{rows}").as_bytes(), "1: announces 1 rows, but the file has 2");
    check(format!("2\n{rows}").as_bytes(), "1: announces 2 rows, but the file has 1");
    check(format!("2\nx\n\n{rows}").as_bytes(), "3: a blank line between rows");
    check(b"2\nx\nimg/a.jpg 1 2 3 4\nimg/\xff.jpg 1 2 3 4\n", "4: not UTF-8 after 4 bytes");
    check(b"\x89PNG\r\n\x1a\n\0\0\0", "1: not UTF-8 after 0 bytes");
    check(&[b'1'; 1 << 17], "1: longer than 65536 bytes: is this an annotation file?");
    let long = format!("2\nx\n{} 1 2 3 4\n", "y".repeat(1 << 16));
    check(long.as_bytes(), "3: longer than 65536 bytes: is this an annotation file?");
    let tree = Tree::new();
    tree.rows("Anno/list_landmarks.txt", &[]);
    assert_eq!(tree.refused(), "Anno/list_landmarks.txt: lists no images");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_parser_panic(
        junk in vec(any::<u8>(), 0..400),
        text in "[-0-9a-z/. \r\n\u{e4}]{0,200}",
        count in 0usize..9,
    ) {
        for bytes in [junk, format!("{count}\nx\n{text}").into_bytes()] {
            let _ = rows::read_rows(&bytes[..], Path::new("x"), &mut Reporter::new(&mut |_| Ok(()), 9), |_, row| {
                let _ = (rows::parse_box(row), rows::parse_partition(row));
                rows::parse_landmarks(row).map(|_| ())
            });
        }
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        edits in vec((0usize..3, any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let tree = Tree::new();
        let files = ["Anno/list_landmarks.txt", "Anno/list_bbox.txt", "Eval/list_eval_partition.txt"];
        for (file, at, byte) in edits {
            let mut bytes = fs::read(tree.root().join(files[file])).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(bytes.len() - cut.index(bytes.len()) / 8);
            tree.bytes(files[file], &bytes);
        }
        for &split in Split::ALL {
            if let Ok(dataset) = FldDataset::open(tree.root(), split) {
                let whole = dataset.samples().iter().all(|sample| sample.landmarks.len() == 8);
                prop_assert!(whole && !dataset.samples().is_empty());
            }
        }
    }
}
