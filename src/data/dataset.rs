//! What the loader asks of a dataset.
use std::collections::HashSet;

use image::RgbImage;

use super::image::ImageFile;
use crate::{
    Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Labelled garments (or other things), and their images on demand. Implement it to train on a
/// dataset of your own.
pub trait LandmarkDataset: Send + Sync {
    /// The landmarks that every sample has an entry for.
    fn schema(&self) -> &LandmarkSchema;

    /// How many samples there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sample `index`, made when asked for: a dataset need not keep 294 entries for each.
    ///
    /// # Panics
    /// If `index` is not below [`Self::len`].
    fn sample(&self, index: usize) -> LandmarkSample;

    /// The number of sample `index`'s image, where the dataset numbers its images: what results
    /// name them by.
    fn image_id(&self, _index: usize) -> Option<u64> {
        None
    }

    /// The images, those that have no samples among them, each once: what a detector's boxes may be
    /// of. Unless the dataset knows of others, those of its samples.
    fn images(&self) -> Vec<DatasetImage> {
        let mut seen = HashSet::new();
        let all = (0..self.len()).map(|index| DatasetImage {
            image: self.sample(index).image,
            image_id: self.image_id(index),
        });
        all.filter(|image| seen.insert(image.image.clone())).collect()
    }

    /// The file of the image that is called `image`, where it is one, and how it is read: what
    /// checks go by that need no pixels.
    fn image_file(&self, _image: &str) -> Option<ImageFile> {
        None
    }

    /// The landmarks that say a side in their names, in a dataset whose mirror pairs are from
    /// names, and that have no partner. Training refuses to flip images then: they would teach the
    /// wrong side.
    fn unpaired_landmarks(&self) -> &[usize] {
        &[]
    }

    /// Reads the image that is called `image` in [`Self::sample`] or [`Self::images`], as
    /// [`ImageFile::read`] does.
    ///
    /// # Errors
    /// An [image error](crate::ErrorKind::Image) naming the file, if it can't be decoded or is
    /// refused; an [I/O error](crate::ErrorKind::Io) if it can't be read.
    fn read_image(&self, image: &str) -> Result<RgbImage, Error>;

    /// Reads the image of sample `index`.
    ///
    /// # Errors
    /// As [`Self::read_image`].
    ///
    /// # Panics
    /// If `index` is not below [`Self::len`].
    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        self.read_image(&self.sample(index).image)
    }
}

/// What a dataset calls one of its images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetImage {
    /// Its name, as in [`LandmarkSample::image`].
    pub image: String,
    /// Its number, as in [`LandmarkDataset::image_id`].
    pub image_id: Option<u64>,
}

/// The methods about samples of a dataset that has those of its field `$inner`.
macro_rules! samples_of {
    ($inner:ident) => {
        fn len(&self) -> usize {
            self.$inner.len()
        }

        fn sample(&self, index: usize) -> $crate::landmark::LandmarkSample {
            self.$inner.sample(index)
        }

        fn image_id(&self, index: usize) -> Option<u64> {
            self.$inner.image_id(index)
        }

        fn images(&self) -> Vec<$crate::data::DatasetImage> {
            self.$inner.images()
        }
    };
}
pub(super) use samples_of;

/// The methods about images and mirror pairs of a dataset that has those of its field `$inner`.
macro_rules! images_of {
    ($inner:ident) => {
        fn image_file(&self, image: &str) -> Option<$crate::data::image::ImageFile> {
            self.$inner.image_file(image)
        }

        fn unpaired_landmarks(&self) -> &[usize] {
            self.$inner.unpaired_landmarks()
        }

        fn read_image(&self, image: &str) -> Result<::image::RgbImage, $crate::Error> {
            self.$inner.read_image(image)
        }
    };
}
pub(super) use images_of;
