//! Pictures of several garments, from files to numbers: drawn trees in DeepFashion2's form and as COCO keypoints.
mod boxes;
mod categories;
#[path = "../common/devices.rs"]
mod devices;
mod training;
mod trees;

use std::{path::Path, sync::Arc};

use dafe::{
    data::synthetic::{SceneForm, SceneTreeConfig, Style, write_scene_tree},
    prelude::*,
};
use tempfile::TempDir;

const DEEPFASHION2: SceneForm = SceneForm::DeepFashion2;
const COCO: SceneForm = SceneForm::Coco;

/// Twelve pictures to train on, four and five others.
fn small(form: SceneForm) -> SceneTreeConfig {
    SceneTreeConfig { seed: 3, train: 12, val: 4, test: 5, form, style: Style::Usual }
}

fn write(root: &Path, config: &SceneTreeConfig) -> Result<(), String> {
    write_scene_tree(root, config, &|_, _| {}).map_err(|error| error.to_string())
}

/// A small tree; it is gone when the folder is dropped.
fn tree(form: SceneForm) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &small(form)).unwrap();
    folder
}

fn open(root: &Path, form: SceneForm, split: Split) -> Arc<dyn LandmarkDataset> {
    match form {
        SceneForm::DeepFashion2 => Arc::new(DeepFashion2Dataset::open(root, split).unwrap()),
        SceneForm::Coco => {
            let annotations = root.join(format!("annotations/{split}.json"));
            Arc::new(CocoDataset::open(annotations, root.join("images")).unwrap())
        }
    }
}

fn samples(dataset: &dyn LandmarkDataset) -> Vec<LandmarkSample> {
    (0..dataset.len()).map(|index| dataset.sample(index)).collect()
}
