//! Writes drawn garments as a dataset in FLD's format.
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    DrawnGarment, describe_garment, draw_garment,
    tree_folder::{FINISHED, TreeFolder, check_count},
};
use crate::{
    data::{
        fld::{FldForm, Split, write_annotations},
        picture::write_jpeg,
    },
    error::Error,
    landmark::LandmarkSample,
};

/// Raised whenever the same config draws other pictures, so that older trees are not taken for new ones.
const GENERATOR: u32 = 1;

/// What a tree of drawn garments holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GarmentTreeConfig {
    /// Every picture follows from this, its split and its number.
    pub seed: u64,
    /// Pictures to train on.
    pub train: usize,
    /// Pictures to validate on.
    pub val: usize,
    /// Pictures to test on.
    pub test: usize,
    /// FLD's form of the annotations, or DeepFashion-C's.
    pub form: FldForm,
}

impl Default for GarmentTreeConfig {
    fn default() -> Self {
        Self { seed: 0, train: 5000, val: 300, test: 600, form: FldForm::Fld }
    }
}

impl GarmentTreeConfig {
    /// The file that says a tree is finished, and of which config.
    pub const FILE: &str = FINISHED;

    /// Its JSON, one line: two configs are equal exactly when their texts are.
    fn to_json(&self) -> String {
        format!(
            "{{\"generator\": {GENERATOR}, \"seed\": {}, \"train\": {}, \"val\": {}, \"test\": {}, \"form\": \"{form}\"}}\n",
            self.seed,
            self.train,
            self.val,
            self.test,
            form = self.form.name(),
        )
    }

    /// Every picture: split and number, counted from 0.
    fn pictures(&self) -> Vec<(Split, u64)> {
        let of = |split, count: usize| (0..count as u64).map(move |index| (split, index));
        of(Split::Train, self.train)
            .chain(of(Split::Val, self.val))
            .chain(of(Split::Test, self.test))
            .collect()
    }
}

/// Writes the tree that `config` describes under `root`: pictures, then annotations, then
/// [`GarmentTreeConfig::FILE`].
///
/// Every file appears under its name only when complete. A finished tree of the same config is left alone, an
/// interrupted one completed; nothing is deleted. `progress` hears how many of all pictures are there, from any thread.
///
/// # Errors
/// The config asks for no pictures, or more than ten million; a tree of another config, or another data set, is there already, or a file or folder cannot be written.
pub fn write_garment_tree(
    root: &Path,
    config: &GarmentTreeConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    check_count([config.train, config.val, config.test])?;
    let pictures = config.pictures();
    let annotations =
        ["Anno/list_bbox.txt", "Anno/list_landmarks.txt", "Eval/list_eval_partition.txt"];
    let names = pictures.iter().map(|&(split, index)| picture_name(split, index));
    let files = annotations.into_iter().map(String::from).chain(names);
    let Some(folder) = TreeFolder::begin(root, &config.to_json(), files)? else {
        progress(pictures.len(), pictures.len());
        return Ok(());
    };
    let images = root.join("img");
    fs::create_dir_all(&images).map_err(Error::io("create", &images))?;
    let done = AtomicUsize::new(0);
    let rows = pictures
        .par_iter()
        .map(|&(split, index)| {
            let name = picture_name(split, index);
            let path = root.join(&name);
            let garment = if path.is_file() {
                describe_garment(config.seed, split, index)
            } else {
                let garment = draw_garment(config.seed, split, index);
                write_jpeg(&path, &garment.image, garment.jpeg_quality)?;
                garment
            };
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pictures.len());
            Ok((split, sample(name, garment)))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    write_annotations(root, config.form, &rows)?;
    folder.finish()
}

fn picture_name(split: Split, index: u64) -> String {
    format!("img/{}_{:06}.jpg", split.name(), index + 1)
}

fn sample(image: String, garment: DrawnGarment) -> LandmarkSample {
    LandmarkSample {
        image,
        bounding_box: garment.bounding_box,
        landmarks: garment.landmarks,
        category: Some(garment.clothes_type as usize),
        variation_type: Some(garment.variation_type),
        score: None,
    }
}
