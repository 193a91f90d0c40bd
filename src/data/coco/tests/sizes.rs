//! The orientation in which images are read, depending on the size in the file. The image is stored
//! as 24 × 16 and is 16 × 24 upright.
use super::*;
use crate::data::FindingKind;

/// Opens a file with one such image, a size and a landmark. Returns the size of the image as read,
/// and the findings.
fn read(size: [u32; 2], landmark: [u32; 2]) -> ([u32; 2], Vec<FindingKind>) {
    let folder = tempfile::tempdir().unwrap();
    let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/images/turned_by_exif.jpg");
    fs::copy(stored, folder.path().join("photo.jpg")).unwrap();
    let ([width, height], [x, y]) = (size, landmark);
    let file = json!({
        "images": [{"id": 1, "file_name": "photo.jpg", "width": width, "height": height}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 9, 9],
                         "keypoints": [x, y, 2]}],
        "categories": [{"id": 1, "name": "kite", "keypoints": ["tip"]}],
    });
    let path = folder.path().join("a.json");
    fs::write(&path, file.to_string()).unwrap();
    let mut found = Vec::new();
    let options = CocoOptions::default();
    let dataset = CocoDataset::open_with(&path, folder.path(), &options, &mut |event| {
        if let ReadEvent::Finding(finding) = event {
            found.push(finding.kind());
        }
        Ok(())
    });
    let image = dataset.unwrap().image(0).unwrap();
    ([image.width(), image.height()], found)
}

#[test]
fn an_upright_size_is_of_an_upright_image() {
    assert_eq!(read([16, 24], [8, 20]), ([16, 24], vec![]));
}

#[test]
fn a_stored_size_is_of_a_stored_image_unless_landmarks_lie_elsewhere() {
    assert_eq!(read([24, 16], [20, 8]), ([24, 16], vec![FindingKind::Orientation]));
    // As Label Studio writes it: the size of the stored image with labels of the upright one.
    assert_eq!(read([24, 16], [8, 20]), ([16, 24], vec![FindingKind::Orientation]));
}

#[test]
fn a_size_that_is_neither_is_reported() {
    assert_eq!(read([160, 240], [8, 20]), ([16, 24], vec![FindingKind::Size]));
}
