//! Writes drawn garments as a dataset in FLD's format.
use std::path::Path;

use image::RgbImage;

use super::{
    DrawnGarment, Style, describe_garment, draw_garment,
    tree::{TreeConfig, TreeForm, write_tree},
};
use crate::{
    data::fld::{FldForm, Split, write_annotations},
    error::Error,
    landmark::LandmarkSample,
};

/// What a tree of drawn garments holds, in FLD's form or in DeepFashion-C's.
pub type GarmentTreeConfig = TreeConfig<FldForm>;

impl Default for GarmentTreeConfig {
    fn default() -> Self {
        Self { seed: 0, train: 5000, val: 300, test: 600, form: FldForm::Fld, style: Style::Usual }
    }
}

/// Writes the tree that `config` describes under `root`: pictures, then annotations, then
/// [`GarmentTreeConfig::FILE`](TreeConfig::FILE).
///
/// Every file appears under its name only when complete. A finished tree of the same config is left alone, an
/// interrupted one completed; nothing is deleted. `progress` hears how many of all pictures are there, from any thread.
///
/// # Errors
/// The config asks for no pictures, or more than ten million; a tree of another config, or another dataset, is there
/// already, or a file or folder cannot be written.
pub fn write_garment_tree(
    root: &Path,
    config: &GarmentTreeConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    write_tree(root, config, progress)
}

impl TreeForm for FldForm {
    type Drawn = DrawnGarment;
    type Entry = (Split, LandmarkSample);

    const GENERATOR: (&str, u32) = ("generator", 3);

    fn name(self) -> &'static str {
        FldForm::name(self)
    }

    fn picture(self, split: Split, index: u64) -> String {
        format!("img/{}_{:06}.jpg", split.name(), index + 1)
    }

    /// All pictures are in the same three.
    fn annotations(self, _: Split, index: u64) -> Vec<String> {
        let files =
            ["Anno/list_bbox.txt", "Anno/list_landmarks.txt", "Eval/list_eval_partition.txt"];
        files.into_iter().filter(|_| index == 0).map(String::from).collect()
    }

    fn draw(style: Style, seed: u64, split: Split, index: u64) -> DrawnGarment {
        draw_garment(style, seed, split, index)
    }

    fn describe(style: Style, seed: u64, split: Split, index: u64) -> DrawnGarment {
        describe_garment(style, seed, split, index)
    }

    fn jpeg(drawn: &DrawnGarment) -> (&RgbImage, u8) {
        (&drawn.image, drawn.jpeg_quality)
    }

    fn note(
        self,
        _: &Path,
        split: Split,
        index: u64,
        garment: DrawnGarment,
    ) -> Result<Self::Entry, Error> {
        Ok((split, garment.sample(self.picture(split, index))))
    }

    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error> {
        write_annotations(root, self, &entries)
    }
}
