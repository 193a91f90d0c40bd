//! What the reader accepts, and how it is read.
use super::*;
use crate::{
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

#[test]
fn reads_ragged_rows_into_eight_slots() {
    let tree = Tree::new();
    let train = FldDataset::open(tree.root(), Split::Train).unwrap();
    assert_eq!(
        (train.format(), train.split(), train.root()),
        (FldFormat::Fld, Split::Train, tree.root())
    );
    let [a] = train.samples() else { panic!("one image is in train") };
    assert_eq!(a.image, "img/a.jpg");
    assert_eq!(a.bounding_box, BoundingBox { x1: 1.0, y1: 2.0, x2: 40.0, y2: 100.0 });
    assert_eq!(
        (a.category, a.variation_type),
        (Some(ClothesType::Upper as usize), Some(VariationType::Normal))
    );
    let visible = |x, y| Landmark::new(x, y, Visibility::Visible);
    let occluded = |x, y| Landmark::new(x, y, Visibility::Occluded);
    let (absent, truncated) = (Landmark::ABSENT, Landmark::new(0.0, 0.0, Visibility::Truncated));
    let collars = [visible(10.0, 20.0), visible(30.0, 20.0)];
    let sleeves = [occluded(5.0, 60.0), visible(35.0, 60.0)];
    assert_eq!(
        a.landmarks,
        [&collars[..], &sleeves, &[absent, absent], &[visible(12.0, 90.0), truncated]].concat()
    );

    let val = FldDataset::open(tree.root(), Split::Val).unwrap();
    let [b] = val.samples() else { panic!("one image is in val") };
    assert_eq!(b.bounding_box, BoundingBox { x1: -5.0, y1: 0.0, x2: 10.5, y2: 20.0 });
    assert_eq!(
        (b.category, b.variation_type),
        (Some(ClothesType::Lower as usize), Some(VariationType::LargeZoomIn))
    );
    assert_eq!(b.landmarks[..4], [absent; 4]);
    assert_eq!(
        b.landmarks[4..],
        [visible(1.0, 2.0), visible(3.5, 2.0), visible(1.0, 9.0), occluded(-4.0, 9.0)]
    );
}

#[test]
fn reads_the_form_without_variation_types() {
    let tree = Tree::new();
    let full: String = (0..8).map(|i| format!("  0 {i:03} {:03}", i + 1)).collect();
    // The header disagrees, but is ignored.
    let text = format!(
        "2\r\nimage_name clothes_type variation_type\r\nimg/a.jpg 3{full}\r\nimg/b.jpg\t2 {}\r\n\r\n \r\n",
        "0 1 2 ".repeat(4)
    );
    tree.bytes("Anno/list_landmarks.txt", text.as_bytes());
    let dataset = FldDataset::open(tree.root(), Split::Train).unwrap();
    assert_eq!(dataset.format(), FldFormat::DeepFashionC);
    let sample = &dataset.samples()[0];
    assert_eq!((sample.category, sample.variation_type), (Some(ClothesType::Full as usize), None));
    assert_eq!(sample.landmarks[7], Landmark::new(7.0, 8.0, Visibility::Visible));
}

#[test]
fn finds_the_files_in_all_their_places() {
    for folder in ["Anno_coarse", "Anno_fine"] {
        let tree = Tree::new();
        tree.rename("Anno", folder);
        assert!(FldDataset::open(tree.root(), Split::Train).is_ok());
        tree.rename("Eval/list_eval_partition.txt", &format!("{folder}/list_eval_partition.txt"));
        assert!(FldDataset::open(tree.root(), Split::Train).is_ok());
        tree.rename(&format!("{folder}/list_bbox.txt"), "Anno/list_bbox.txt");
        assert!(FldDataset::open(tree.root(), Split::Train).is_ok());
    }
}

#[test]
fn accepts_a_byte_order_mark_and_no_last_line_end() {
    let tree = Tree::new();
    tree.bytes(
        "Anno/list_bbox.txt",
        format!("\u{feff}0002\nx\n{}", BOX_ROWS.join("\n")).as_bytes(),
    );
    assert!(FldDataset::open(tree.root(), Split::Train).is_ok());
}

#[test]
fn finds_images_directly_below_the_root_or_in_img() {
    let tree = Tree::new();
    let dataset = FldDataset::open(tree.root(), Split::Train).unwrap();
    let path = || dataset.image_path(&dataset.samples()[0]);
    let (direct, nested) = (tree.root().join("img/a.jpg"), tree.root().join("Img/img/a.jpg"));
    assert_eq!(path(), direct, "errors name the usual place");
    tree.bytes("Img/img/a.jpg", b"");
    assert_eq!(path(), nested);
    tree.bytes("img/a.jpg", b"");
    assert_eq!(path(), direct);
}

#[test]
fn coordinates_of_truncated_landmarks_mean_nothing() {
    let tree = Tree::new();
    tree.rows("Anno/list_landmarks.txt", &[UPPER, "img/b.jpg 2 1 2 1e38 -1e9 0 1 2 0 1 2 0 1 2"]);
    let val = FldDataset::open(tree.root(), Split::Val).unwrap();
    assert_eq!(val.samples()[0].landmarks[4].visibility, Visibility::Truncated);
}

#[test]
fn splits_and_forms_have_names() {
    for &split in Split::ALL {
        assert_eq!(split.to_string().parse::<Split>().unwrap(), split);
        assert_eq!(serde_json::to_string(&split).unwrap(), format!("\"{split}\""));
    }
    let error = "training".parse::<Split>().unwrap_err();
    assert_eq!(error.to_string(), "unknown split 'training'; there are train, val, test");
    for format in [FldFormat::Fld, FldFormat::DeepFashionC] {
        assert_eq!(serde_json::to_string(&format).unwrap(), format!("\"{format}\""));
    }
}
