//! What the loader asks of a dataset.
use image::RgbImage;

use super::{fld::FldDataset, picture::read_picture};
use crate::{
    error::Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Labelled garments, and their pictures on demand. Implement it to train on a dataset of your own.
pub trait LandmarkDataset: Send + Sync {
    /// The landmarks that every sample has an entry for.
    fn schema(&self) -> &LandmarkSchema;

    /// All samples.
    fn samples(&self) -> &[LandmarkSample];

    /// Reads the picture of sample `index`.
    ///
    /// # Errors
    /// [`Error::Picture`] naming the file, if it can't be decoded or is refused.
    fn picture(&self, index: usize) -> Result<RgbImage, Error>;
}

impl LandmarkDataset for FldDataset {
    fn schema(&self) -> &LandmarkSchema {
        FldDataset::schema(self)
    }

    fn samples(&self) -> &[LandmarkSample] {
        FldDataset::samples(self)
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        read_picture(&self.picture_path(&FldDataset::samples(self)[index]))
    }
}
