//! The generated garments that the model is trained and measured on.
use std::{path::Path, sync::Arc};

use dafe::prelude::*;
use dafe_cli::support::{Outcome, Progress};
use dafe_garments::{GarmentDatasetConfig, write_garment_dataset};

use crate::recipe;

/// Garments that are measured on.
pub struct TestSet {
    pub name: &'static str,
    pub seed: u64,
    pub dataset: Arc<dyn LandmarkDataset>,
}

/// The splits that are trained and validated on, below `folder`.
pub fn training(folder: &Path) -> Outcome<[Arc<dyn LandmarkDataset>; 2]> {
    let (root, tree) = (folder.join("train"), recipe::trained());
    generate(&root, &tree, "generating garments to train on")?;
    Ok([open(&root, Split::Train)?, open(&root, Split::Val)?])
}

/// What is measured on, below `folder`.
pub fn tests(folder: &Path) -> Outcome<Vec<TestSet>> {
    let each = recipe::measured().into_iter().map(|(name, tree)| {
        let root = folder.join(name);
        generate(&root, &tree, &format!("generating {name} garments to measure on"))?;
        Ok(TestSet { name, seed: tree.seed, dataset: open(&root, Split::Test)? })
    });
    each.collect()
}

/// Generates what is not there yet.
fn generate(root: &Path, tree: &GarmentDatasetConfig, what: &str) -> Outcome<()> {
    let progress = Progress::new(what, 1);
    write_garment_dataset(root, tree, &|done, total| progress.update(done, total, ""))?;
    progress.done();
    Ok(())
}

fn open(root: &Path, split: Split) -> Outcome<Arc<dyn LandmarkDataset>> {
    Ok(Arc::new(FldDataset::open(root, split)?))
}
