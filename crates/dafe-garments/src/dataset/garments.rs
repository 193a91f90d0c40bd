//! Writes generated garments as a dataset in FLD's format.
use std::path::Path;

use dafe::{
    Error,
    data::{FldFormat, Split, fld::write_annotations},
    landmark::LandmarkSample,
};
use image::RgbImage;

use super::{
    config::DatasetConfig,
    writer::{DatasetForm, write_dataset},
};
use crate::{
    generate::garment::{GeneratedGarment, describe_garment, generate_garment},
    style::Style,
};

/// The configuration of a dataset of generated garments in FLD's or DeepFashion-C's format.
pub type GarmentDatasetConfig = DatasetConfig<FldFormat>;

impl Default for GarmentDatasetConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            train: 5000,
            val: 300,
            test: 600,
            form: FldFormat::Fld,
            style: Style::Usual,
        }
    }
}

/// Writes the dataset with `config` to `root`: images, then annotations, then
/// [`GarmentDatasetConfig::FILE`](DatasetConfig::FILE).
///
/// Files are written atomically. A finished dataset with the same configuration is left alone, an
/// interrupted one is completed; nothing is deleted. `progress` is called with the number of images
/// done and their total, from any thread.
///
/// # Errors
/// If the configuration asks for no images or more than ten million, another dataset or one with
/// another configuration exists, or a file or folder cannot be written.
pub fn write_garment_dataset(
    root: &Path,
    config: &GarmentDatasetConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    write_dataset(root, config, progress)
}

impl DatasetForm for FldFormat {
    type Generated = GeneratedGarment;
    type Entry = (Split, LandmarkSample);

    const GENERATOR: (&str, u32) = ("generator", 4);

    fn name(self) -> &'static str {
        FldFormat::name(self)
    }

    fn image(self, split: Split, index: u64) -> String {
        format!("img/{}_{:06}.jpg", split.name(), index + 1)
    }

    /// All images share the same three files.
    fn annotations(self, _: Split, index: u64) -> Vec<String> {
        let files =
            ["Anno/list_bbox.txt", "Anno/list_landmarks.txt", "Eval/list_eval_partition.txt"];
        files.into_iter().filter(|_| index == 0).map(String::from).collect()
    }

    fn generate(style: Style, seed: u64, split: Split, index: u64) -> GeneratedGarment {
        generate_garment(style, seed, split, index)
    }

    fn describe(style: Style, seed: u64, split: Split, index: u64) -> GeneratedGarment {
        describe_garment(style, seed, split, index)
    }

    fn jpeg(generated: &GeneratedGarment) -> (&RgbImage, u8) {
        (&generated.image, generated.jpeg_quality)
    }

    fn note(
        self,
        _: &Path,
        split: Split,
        index: u64,
        garment: GeneratedGarment,
    ) -> Result<Self::Entry, Error> {
        Ok((split, garment.sample(self.image(split, index))))
    }

    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error> {
        write_annotations(root, self, &entries)
    }
}
