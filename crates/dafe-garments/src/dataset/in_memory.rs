//! Generated garments as a dataset in memory.
use dafe::{
    Error,
    data::{LandmarkDataset, Split},
    landmark::{LandmarkSample, LandmarkSchema},
};
use image::RgbImage;
use rayon::prelude::*;

use crate::{
    generate::garment::{GeneratedGarment, generate_garment},
    style::Style,
};

/// A dataset of generated garments in memory, for evaluating a model or for short training runs.
///
/// Images are kept as rendered, without JPEG compression. A sample's image is named by its index,
/// counted from 0.
///
/// ```
/// use dafe::data::{LandmarkDataset, Split};
/// use dafe_garments::{InMemoryGarments, Style};
///
/// let mut garments = InMemoryGarments::new();
/// garments.generate(Style::Usual, 7, Split::Test, 2);
/// garments.generate(Style::Unlike, 7, Split::Test, 1);
/// assert_eq!(garments.len(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct InMemoryGarments {
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    images: Vec<RgbImage>,
}

impl InMemoryGarments {
    /// Creates an empty dataset with FLD's schema.
    pub fn new() -> Self {
        Self { schema: LandmarkSchema::fld(), samples: Vec::new(), images: Vec::new() }
    }

    /// Generates the first `count` garments of a split and adds them, on all cores.
    pub fn generate(&mut self, style: Style, seed: u64, split: Split, count: u64) {
        let indices = (0..count).into_par_iter();
        let garments: Vec<_> =
            indices.map(|index| generate_garment(style, seed, split, index)).collect();
        garments.into_iter().for_each(|garment| self.push(garment));
    }

    /// Adds a garment.
    pub fn push(&mut self, garment: GeneratedGarment) {
        self.samples.push(garment.sample(self.samples.len().to_string()));
        self.images.push(garment.image);
    }
}

impl Default for InMemoryGarments {
    fn default() -> Self {
        Self::new()
    }
}

impl LandmarkDataset for InMemoryGarments {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.samples[index].clone()
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        let index = image.parse::<usize>().ok();
        let found = index.and_then(|index| self.images.get(index));
        found.cloned().ok_or_else(|| {
            Error::config(format!(
                "no image is called '{image}': {} generated garments are named by their numbers, \
                 from 0",
                self.images.len()
            ))
        })
    }
}
