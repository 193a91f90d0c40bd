//! How `Anno_fine` is read, and each rule broken once.
use std::fs;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    data::{
        FldDataset, FldFormat,
        annotation::UNLABELED,
        test_files::{Files, files},
    },
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, Visibility},
};

const NAMES: [&str; 3] = ["img/Blouse/img_1.jpg", "img/Skirt/img_2.jpg", "img/Dress/img_3.jpg"];
const BOXES: [&str; 3] = ["001 002 040 100", "-5 0 10.5 20", "0 0 60 90"];
const LANDMARKS: [&str; 3] = [
    "010 020 030 020 005 060 000 000 000 000 000 000 012 090 034 091",
    "0 0 0 0 0 0 0 0 1 2 3.5 2 0 9 -4 9",
    "1 1 2 1 3 3 4 3 5 5 6 5 7 9 8 9",
];
const CATEGORIES: [&str; 3] = ["3", "36", "41"];

files! {
    /// A split on disk; tests replace one file.
    Tree
}

/// The opened datasets, the problems and the findings.
type Said = (Result<Vec<FldDataset>, Error>, Vec<String>, Vec<(FindingKind, String)>);

impl Tree {
    fn new() -> Self {
        let tree = Self(Files::new());
        tree.rows("train.txt", &NAMES);
        tree.rows("train_bbox.txt", &BOXES);
        tree.rows("train_landmarks.txt", &LANDMARKS);
        tree.rows("train_cate.txt", &CATEGORIES);
        tree
    }

    fn rows(&self, file: &str, rows: &[&str]) {
        self.write(file, &(rows.join("\n") + "\n"));
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        self.0.bytes(&format!("{FINE_FOLDER}/{file}"), text);
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.root().join(FINE_FOLDER).join(file)).unwrap();
    }

    fn shown(&self, text: impl ToString) -> String {
        self.0.plain(&text.to_string())
    }

    /// The error message of opening it.
    fn refused(&self) -> String {
        self.shown(FldDataset::open(self.root(), Split::Train).unwrap_err())
    }

    /// The datasets when reading continues after problems, and all reports.
    fn read(&self) -> Said {
        let (mut problems, mut findings) = (Vec::new(), Vec::new());
        let datasets = FldDataset::open_all(self.root(), &mut |event| {
            match event {
                ReadEvent::Problem(problem) => problems.push(self.shown(problem)),
                ReadEvent::Finding(found) => findings.push((found.kind(), self.shown(found))),
                ReadEvent::Progress { done, total } => assert_eq!(done, total),
            }
            Ok(())
        });
        (datasets, problems, findings)
    }
}

/// Opens a tree with one file replaced by these rows, and compares the message.
#[track_caller]
fn refused(file: &str, rows: &[&str], message: &str) {
    let tree = Tree::new();
    tree.rows(file, rows);
    assert_eq!(tree.refused(), format!("Anno_fine/{file}{message}"));
}

#[test]
fn rows_belong_together_by_their_number() {
    let tree = Tree::new();
    tree.rows("val.txt", &["img/a b.jpg"]);
    tree.write("val_bbox.txt", "\u{feff}1 2 3 4\r\n\r\n \n");
    tree.write("val_landmarks.txt", LANDMARKS[2]);
    tree.write("val_cate.txt", "1");
    let (datasets, problems, findings) = tree.read();
    let datasets = datasets.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    let [train, val] = &datasets[..] else { panic!("a missing split is left out") };
    assert_eq!((train.split(), val.split()), (Split::Train, Split::Val));
    assert_eq!(train.format(), FldFormat::DeepFashionC);
    let strict = FldDataset::open(tree.root(), Split::Train).unwrap();
    assert_eq!(strict.samples(), train.samples());

    let [blouse, skirt, dress] = train.samples() else { panic!("three rows") };
    assert_eq!([blouse, skirt, dress].map(|sample| sample.image.as_str()), NAMES);
    assert_eq!(blouse.bounding_box, BoundingBox { x1: 1.0, y1: 2.0, x2: 40.0, y2: 100.0 });
    assert_eq!(skirt.bounding_box, BoundingBox { x1: -5.0, y1: 0.0, x2: 10.5, y2: 20.0 });
    let types = [ClothesType::Upper, ClothesType::Lower, ClothesType::Full];
    let categories = [blouse, skirt, dress].map(|sample| sample.category);
    assert_eq!(categories, types.map(|clothes_type| Some(clothes_type as usize)));
    let visible = |x, y| Landmark::new(x, y, Visibility::Visible);
    let (absent, unlabeled) = (Landmark::ABSENT, UNLABELED);
    let upper = [visible(10.0, 20.0), visible(30.0, 20.0), visible(5.0, 60.0), unlabeled];
    let hems = [visible(12.0, 90.0), visible(34.0, 91.0)];
    assert_eq!(blouse.landmarks, [&upper[..], &[absent; 2], &hems].concat());
    // 0 together with another coordinate is a position.
    let lower = [visible(1.0, 2.0), visible(3.5, 2.0), visible(0.0, 9.0), visible(-4.0, 9.0)];
    assert_eq!(skirt.landmarks, [&[absent; 4], &lower[..]].concat());
    assert!(dress.landmarks.iter().all(|landmark| landmark.visibility == Visibility::Visible));

    // Upper clothes have no waistlines.
    let [anorak] = val.samples() else { panic!("one row") };
    assert_eq!(anorak.image, "img/a b.jpg");
    assert_eq!(anorak.landmarks[3..6], [visible(4.0, 3.0), absent, absent]);
    let [(FindingKind::VisibilityCode, code), (FindingKind::Position, foreign)] = &findings[..]
    else {
        panic!("{findings:?}")
    };
    assert!(code.starts_with("Anno_fine: these files don't say which landmarks are occluded"));
    let names = "left waistline, right waistline with positions, though upper clothes have none";
    assert!(foreign.starts_with("Anno_fine/val_landmarks.txt:1: "), "{foreign}");
    assert!(foreign.contains("img/a b.jpg") && foreign.contains(names), "{foreign}");
}

#[test]
fn categories_are_of_the_types_that_their_list_says() {
    let tree = Tree::new();
    for folder in ["Anno", "Anno_coarse", "Anno_fine"] {
        let path = tree.root().join(folder).join("list_category_cloth.txt");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "3\ncategory_name  category_type\nAnorak   1\nCape 3\nBlouse 1\n").unwrap();
        tree.rows("train_cate.txt", &["3", "3", "2"]);
        let types = |tree: &Tree| -> Vec<_> {
            let train = FldDataset::open(tree.root(), Split::Train).unwrap();
            train.samples().iter().map(|sample| sample.category.unwrap()).collect()
        };
        let [upper, full] = [ClothesType::Upper, ClothesType::Full].map(|kind| kind as usize);
        assert_eq!(types(&tree), [upper, upper, full], "{folder}");
        tree.rows("train_cate.txt", &["3", "4", "0"]);
        let message = "the category 4 is not one of 1 to 3";
        assert_eq!(tree.refused(), format!("Anno_fine/train_cate.txt:2: {message}"));
    }
    let list = "2\nx\nAnorak 4\nBlouse 1\n";
    tree.write("list_category_cloth.txt", list);
    let message = "list_category_cloth.txt:3: clothes type '4' is not 1, 2 or 3";
    assert_eq!(tree.refused(), format!("Anno_fine/{message}"));
    tree.rows("train_cate.txt", &["1", "2", "2"]);
    let (datasets, problems, _) = tree.read();
    assert_eq!(datasets.unwrap()[0].samples().len(), 2);
    assert_eq!(
        problems[1],
        "Anno_fine/train_cate.txt:1: the category 1 has no clothes type in list_category_cloth.txt"
    );
}

#[test]
fn without_categories_the_landmarks_say_the_type() {
    let tree = Tree::new();
    tree.remove("train_cate.txt");
    let (datasets, problems, findings) = tree.read();
    let types: Vec<_> =
        datasets.unwrap()[0].samples().iter().map(|sample| sample.category.unwrap()).collect();
    assert_eq!((types, problems.len()), (vec![0, 1, 2], 0));
    assert_eq!(findings[1].0, FindingKind::Number);
    assert!(findings[1].1.contains("there is no train_cate.txt"), "{findings:?}");
    let hems = "0 0 0 0 0 0 0 0 0 0 0 0 7 9 8 9";
    tree.rows("train_landmarks.txt", &[LANDMARKS[0], hems, LANDMARKS[2]]);
    let error = tree.refused();
    assert!(error.contains("train_landmarks.txt:2") && error.contains("no collar"), "{error}");
}

#[test]
fn lists_of_all_images_come_first() {
    let tree = Tree::new();
    let rows = |file: &str, row: &str| {
        let path = tree.root().join("Anno_coarse").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("1\ncolumns\nimg/list.jpg {row}\n")).unwrap();
    };
    rows("list_landmarks.txt", "2 0 1 2 0 3 2 0 1 9 0 4 9");
    rows("list_bbox.txt", "0 0 9 9");
    rows("list_eval_partition.txt", "val");
    let (datasets, problems, findings) = tree.read();
    let datasets = datasets.unwrap();
    assert_eq!((datasets.len(), datasets[0].samples()[0].image.as_str()), (1, "img/list.jpg"));
    assert!(problems.is_empty(), "{problems:?}");
    let [(FindingKind::PassedOver, message)] = &findings[..] else { panic!("{findings:?}") };
    assert!(message.starts_with("Anno_fine/train.txt: passed over"), "{message}");
    assert!(message.contains("Anno_coarse/list_landmarks.txt is read"), "{message}");
}

#[test]
fn refuses_malformed_rows() {
    let name = |row: &str, message: &str| refused("train.txt", &[NAMES[0], row, NAMES[2]], message);
    name("../b.jpg", ":2: the image's name '../b.jpg' is not a plain path below the root");
    name("", ":2: a blank line between rows");
    name(NAMES[0], &format!(":2: '{}' appears again, first in train.txt on line 1", NAMES[0]));
    let bounds = |row: &str, message: &str| refused("train_bbox.txt", &[BOXES[0], row], message);
    bounds("1 2 3", ":2: 3 columns instead of 4, a box");
    bounds("img/a.jpg 1 2 3 4", ":2: 5 columns instead of 4, a box");
    bounds("5 5 5 9", ":2: the box 5 5 5 9 (left, top, right, bottom) is empty");
    bounds("1 2 x 4", ":2: 'x' is not a number");
    let landmarks = |row: &str, message: &str| refused("train_landmarks.txt", &[row], message);
    landmarks("1 2", ":1: 2 columns instead of 16, x and y of eight landmarks");
    landmarks(&"nan ".repeat(16), ":1: 'nan' is not finite");
    landmarks(&"-70000 ".repeat(16), ":1: at -70000, -70000: too far away");
    let category = |row: &str, message: &str| refused("train_cate.txt", &[row], message);
    category("0", ":1: the category 0 is not one of 1 to 50");
    category("51", ":1: the category 51 is not one of 1 to 50");
    category("Blouse", ":1: the category 'Blouse' is not a number");
    let tree = Tree::new();
    tree.write("train_bbox.txt", b"1 2 3 4\n\xff\n");
    assert_eq!(tree.refused(), "Anno_fine/train_bbox.txt:2: not UTF-8 after 0 bytes");
    tree.write("train_bbox.txt", vec![b'1'; 1 << 17]);
    assert!(tree.refused().contains("longer than 65536 bytes"));
}

#[test]
fn refuses_files_that_do_not_fit_each_other() {
    let others = [("bbox", BOXES[0]), ("landmarks", LANDMARKS[0]), ("cate", CATEGORIES[0])];
    for (suffix, row) in others {
        let file = format!("train_{suffix}.txt");
        let fits = "but train.txt has 3: rows are matched by their number";
        refused(&file, &[row], &format!(": 1 rows, {fits}"));
        refused(&file, &[row; 4], &format!(": 4 rows, {fits}"));
    }
    let tree = Tree::new();
    tree.rows("test.txt", &NAMES[..1]);
    assert_eq!(tree.refused(), "Anno_fine: no test_bbox.txt beside test.txt");
    tree.rows("test_bbox.txt", &BOXES[..1]);
    tree.rows("test_landmarks.txt", &LANDMARKS[..1]);
    // The same image in two splits: its split is unknown.
    let again = format!("'{}' appears again, first in train.txt on line 1", NAMES[0]);
    let error = tree.refused();
    assert_eq!(error, format!("Anno_fine/test.txt:1: {again}"));
    let (datasets, problems, _) = tree.read();
    assert_eq!((datasets.unwrap()[0].samples().len(), &problems[..]), (2, &[error][..]));
    tree.remove("test.txt");
    assert_eq!(tree.refused(), "Anno_fine: no test.txt beside test_bbox.txt");
    let tree = Tree::new();
    assert!(FldDataset::open(tree.root(), Split::Val).is_err_and(|error| {
        tree.shown(error) == "Anno_fine/val.txt: no image is in the split 'val'"
    }));
    ["train.txt", "train_bbox.txt", "train_landmarks.txt", "train_cate.txt"]
        .iter()
        .for_each(|file| tree.write(file, "\n"));
    assert_eq!(tree.refused(), "Anno_fine: lists no images");
}

#[test]
fn reading_on_keeps_the_rows_that_are_right() {
    let tree = Tree::new();
    tree.rows("train_bbox.txt", &[BOXES[0], "5 5 5 9", BOXES[2]]);
    tree.rows("train_cate.txt", &["99", CATEGORIES[1], CATEGORIES[2]]);
    let (datasets, problems, _) = tree.read();
    let datasets = datasets.unwrap();
    let [dress] = datasets[0].samples() else { panic!("one row has nothing wrong") };
    assert_eq!((dress.image.as_str(), problems.len()), (NAMES[2], 2));
    // If rows may belong to other images, none are used.
    tree.rows("train_bbox.txt", &BOXES[..2]);
    let (datasets, _, _) = tree.read();
    assert!(datasets.unwrap_err().to_string().ends_with("lists no images"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn damaged_files_are_read_or_refused(
        edits in vec((0usize..4, any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let tree = Tree::new();
        let files = ["train.txt", "train_bbox.txt", "train_landmarks.txt", "train_cate.txt"];
        for (file, at, byte) in edits {
            let mut bytes = fs::read(tree.root().join(FINE_FOLDER).join(files[file])).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(bytes.len() - cut.index(bytes.len()) / 8);
            tree.write(files[file], bytes);
        }
        if let Ok(dataset) = FldDataset::open(tree.root(), Split::Train) {
            let whole = dataset.samples().iter().all(|sample| sample.landmarks.len() == 8);
            prop_assert!(whole && !dataset.samples().is_empty());
        }
    }
}
