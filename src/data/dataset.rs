//! What the loader asks of a dataset.
use image::RgbImage;

use super::{fld::FldDataset, picture::read_picture};
use crate::{
    error::Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Labelled garments (or other things), and their pictures on demand. Implement it to train on a dataset of your own.
pub trait LandmarkDataset: Send + Sync {
    /// The landmarks that every sample has an entry for.
    fn schema(&self) -> &LandmarkSchema;

    /// How many samples there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sample `index`, made when asked for: a data set need not keep 294 entries for each.
    ///
    /// # Panics
    /// If `index` is not below [`Self::len`].
    fn sample(&self, index: usize) -> LandmarkSample;

    /// The number of sample `index`'s picture, where the data set numbers its pictures: what results name them by.
    fn image_id(&self, _index: usize) -> Option<u64> {
        None
    }

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

    fn len(&self) -> usize {
        self.samples().len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.samples()[index].clone()
    }

    fn picture(&self, index: usize) -> Result<RgbImage, Error> {
        read_picture(&self.picture_path(&self.samples()[index]))
    }
}
