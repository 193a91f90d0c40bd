//! A small hand-written tree, each rule broken once, and round trips.
use std::fs;

use serde_json::{Value, json};

use super::{json::read_file, *};
use crate::data::{
    ReadEvent,
    test_files::{Files, files},
};

mod bytes;
mod reading;
mod refusing;
mod writing;

/// An image as in the dataset: trousers with 14 landmarks and a skirt with 8.
fn image() -> Value {
    let skirt = [[1, 2, 2]; 8].concat();
    let mut trousers: Vec<f32> = vec![0.0; 42];
    trousers[..9].copy_from_slice(&[10.0, 20.0, 2.0, 30.5, 21.0, 1.0, 7.0, 8.0, 0.0]);
    json!({
        "item2": {
            "segmentation": [[1, 2, 3, 4]], "scale": 3, "viewpoint": 2, "zoom_in": 1, "occlusion": 2,
            "landmarks": trousers, "style": 1, "bounding_box": [5, 6, 105, 206],
            "category_id": 8, "category_name": "trousers",
        },
        "source": "user",
        "pair_id": 12,
        "item10": {
            "landmarks": skirt, "bounding_box": [0, 0, 9.5, 20], "category_id": 9,
        },
    })
}

files! {
    /// A dataset on disk; tests replace the file `train/annos/000003.json`.
    Tree
}

impl Tree {
    fn new() -> Self {
        let tree = Self(Files::new());
        let skirt = json!({"item1": image()["item10"]});
        tree.bytes("train/annos/000003.json", image().to_string().as_bytes());
        tree.bytes("train/annos/000020.json", skirt.to_string().as_bytes());
        tree
    }

    fn open(&self) -> Result<DeepFashion2Dataset, Error> {
        DeepFashion2Dataset::open(self.root(), Split::Train)
    }
}
