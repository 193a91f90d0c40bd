//! A small hand-written file, each rule broken once, and round trips.
use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{schema::schema_of, *};
use crate::data::ReadEvent;

mod bytes;
mod reading;
mod refusing;
mod schemas;
mod sizes;
mod writing;

/// Two images with a cat of three landmarks and a door of two, and a tree without any.
pub(crate) fn file() -> Value {
    json!({
        "info": {"description": ["passed", "over"]},
        "images": [
            {"id": 7, "file_name": "home/tom.jpg", "width": 640, "height": 480},
            {"id": 4, "file_name": "door.jpg"},
        ],
        "annotations": [
            {"id": 11, "image_id": 7, "category_id": 2, "bbox": [10, 20, 100.5, 50], "area": 77.5, "iscrowd": 0,
             "num_keypoints": 2, "keypoints": [30, 40.5, 2, 50, 60, 1, 9, 9, 0], "segmentation": [[1, 2, 3]]},
            {"id": 12, "image_id": 4, "category_id": 3, "bbox": [0, 0, 9, 9], "keypoints": [1, 2, 2.0, 3, 4, 2]},
            {"id": 13, "image_id": 4, "category_id": 2, "bbox": [0, 0, 9, 9], "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0],
             "iscrowd": true},
            {"id": 14, "image_id": 4, "category_id": 1, "bbox": [0, 0, 9, 9]},
            {"id": 15, "image_id": 4, "category_id": 2, "bbox": [0, 0, 9, 9], "keypoints": []},
        ],
        "categories": [
            {"id": 1, "name": "tree"},
            {"id": 2, "name": "cat", "supercategory": "animal", "keypoints": ["nose", "left ear", "right ear"],
             "skeleton": [[1, 2], [1, 3]]},
            {"id": 3, "name": "door", "keypoints": ["handle", "lock"], "skeleton": [[0, 1]]},
        ],
    })
}

/// A file on disk.
pub(crate) struct OnDisk(TempDir);

impl OnDisk {
    pub(crate) fn new(bytes: impl AsRef<[u8]>) -> Self {
        let on_disk = Self(tempfile::tempdir().unwrap());
        fs::write(on_disk.path(), bytes).unwrap();
        on_disk
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("a.json")
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.0.path()
    }

    /// The message without the folder's path.
    pub(crate) fn plain(&self, error: &Error) -> String {
        error.to_string().replace(&format!("{}/", self.0.path().display()), "")
    }

    fn open(&self) -> Result<CocoDataset, Error> {
        CocoDataset::open(self.path(), self.0.path())
    }
}

fn open(file: &Value) -> CocoDataset {
    OnDisk::new(file.to_string()).open().unwrap()
}
