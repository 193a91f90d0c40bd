//! Images of several garments, from files to metrics: generated datasets in DeepFashion2's format
//! and as COCO keypoints.
mod boxes;
mod categories;
mod files;
mod training;

use std::{path::Path, sync::Arc};

use dafe::{landmark::LandmarkSample, prelude::*};
use dafe_garments::{SceneDatasetConfig, SceneForm, Style, write_scene_dataset};
use tempfile::TempDir;

const DEEPFASHION2: SceneForm = SceneForm::DeepFashion2;
const COCO: SceneForm = SceneForm::Coco;

/// Twelve training images, four and five others.
fn small(form: SceneForm) -> SceneDatasetConfig {
    SceneDatasetConfig { seed: 3, train: 12, val: 4, test: 5, form, style: Style::Usual }
}

fn write(root: &Path, config: &SceneDatasetConfig) -> Result<(), String> {
    write_scene_dataset(root, config, &|_, _| {}).map_err(|error| error.to_string())
}

/// A small dataset, deleted when the folder is dropped.
fn generated(form: SceneForm) -> TempDir {
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
