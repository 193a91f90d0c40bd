//! A detector's boxes, for two images with two categories.
#![no_main]
use std::sync::{Arc, OnceLock};

use dafe::data::{CocoDataset, WithBoxes};
use dafe_fuzz::{check, file};
use libfuzzer_sys::fuzz_target;

const ANNOTATIONS: &str = r#"{
    "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "keypoints": [1, 2, 2]},
        {"id": 2, "image_id": 2, "category_id": 2, "bbox": [1, 2, 3, 4], "keypoints": [1, 2, 2]}
    ],
    "categories": [
        {"id": 1, "name": "cat", "keypoints": ["nose"]},
        {"id": 2, "name": "door", "keypoints": ["handle"]}
    ]
}"#;

fuzz_target!(|bytes: &[u8]| {
    static DATASET: OnceLock<Arc<CocoDataset>> = OnceLock::new();
    let dataset = DATASET.get_or_init(|| {
        let path = file("coco.json", ANNOTATIONS.as_bytes());
        Arc::new(CocoDataset::open(path, "").expect("a sound file"))
    });
    let path = file("boxes.json", bytes);
    if let Ok(found) = WithBoxes::open_with(dataset.clone(), path, &mut |_| Ok(())) {
        check(&found);
    }
});
