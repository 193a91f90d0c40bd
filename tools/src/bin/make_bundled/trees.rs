//! The generated garments and photographs for training and evaluation.
use std::{path::Path, sync::Arc};

use dafe::{
    data::{ClothingDataset, Concatenated},
    prelude::*,
};
use dafe_cli::support::{Outcome, Progress};
use dafe_garments::{GarmentDatasetConfig, write_garment_dataset};

use crate::recipe;

/// A set of garments for evaluation.
pub struct TestSet {
    pub name: &'static str,
    pub seed: u64,
    pub dataset: Arc<dyn LandmarkDataset>,
}

/// The training and validation data: generated garments below `folder`, and the clothing set's
/// photographs in `photographs`, a clone of their repository.
pub fn training(folder: &Path, photographs: &Path) -> Outcome<[Arc<dyn LandmarkDataset>; 2]> {
    let with = |garments, split, repeats| -> Outcome<Arc<dyn LandmarkDataset>> {
        let photographs = Arc::new(ClothingDataset::open(photographs, split)?);
        Ok(Arc::new(Concatenated::new(vec![(garments, 1), (photographs, repeats)])?))
    };
    let (train, val) = (folder.join("train"), folder.join("val"));
    generate(&train, &recipe::trained(), "generating garments to train on")?;
    generate(&val, &recipe::validated(), "generating garments to validate on")?;
    Ok([
        with(open(&train, Split::Train)?, Split::Train, recipe::PHOTOGRAPH_REPEATS)?,
        with(open(&val, Split::Val)?, Split::Val, recipe::VALIDATION_REPEATS)?,
    ])
}

/// The evaluation data below `folder`.
pub fn tests(folder: &Path) -> Outcome<Vec<TestSet>> {
    let each = recipe::measured().into_iter().map(|(name, tree)| {
        let root = folder.join(name);
        generate(&root, &tree, &format!("generating {name} garments to measure on"))?;
        Ok(TestSet { name, seed: tree.seed, dataset: open(&root, Split::Test)? })
    });
    each.collect()
}

/// Generates garments that don't exist yet.
fn generate(root: &Path, tree: &GarmentDatasetConfig, what: &str) -> Outcome<()> {
    let progress = Progress::new(what, 1);
    write_garment_dataset(root, tree, &|done, total| progress.update(done, total, ""))?;
    progress.done();
    Ok(())
}

fn open(root: &Path, split: Split) -> Outcome<Arc<dyn LandmarkDataset>> {
    Ok(Arc::new(FldDataset::open(root, split)?))
}
