//! The interface between datasets and the loader.
use std::collections::HashSet;

use image::RgbImage;

use super::image::ImageFile;
use crate::{
    Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Labeled garments (or other objects) and their images, loaded on demand.
///
/// Implement this trait to train on your own dataset.
///
/// ```
/// use dafe::{
///     Error, data::image::read_image, image::RgbImage, landmark::LandmarkSample, prelude::*,
/// };
///
/// /// Kites whose images are files.
/// struct Kites {
///     schema: LandmarkSchema,
///     samples: Vec<LandmarkSample>,
/// }
///
/// impl LandmarkDataset for Kites {
///     fn schema(&self) -> &LandmarkSchema {
///         &self.schema
///     }
///
///     fn len(&self) -> usize {
///         self.samples.len()
///     }
///
///     fn sample(&self, index: usize) -> LandmarkSample {
///         self.samples[index].clone()
///     }
///
///     fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
///         read_image(format!("kites/{image}"))
///     }
/// }
/// ```
pub trait LandmarkDataset: Send + Sync {
    /// The schema of the landmarks. Every sample has one entry for each of them.
    fn schema(&self) -> &LandmarkSchema;

    /// The number of samples.
    fn len(&self) -> usize;

    /// Whether there are no samples.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns sample `index`. It is built on demand, so a dataset need not store all 294 landmarks
    /// of each sample.
    ///
    /// # Panics
    /// If `index` is not below [`Self::len`].
    fn sample(&self, index: usize) -> LandmarkSample;

    /// The number of sample `index`'s image, if the dataset numbers its images. Result files refer
    /// to images by this number.
    fn image_id(&self, _index: usize) -> Option<u64> {
        None
    }

    /// All images, each once, including those without samples.
    ///
    /// A detector's boxes may refer to any of them. By default these are the samples' images.
    fn images(&self) -> Vec<DatasetImage> {
        let mut seen = HashSet::new();
        let all = (0..self.len()).map(|index| DatasetImage {
            image: self.sample(index).image,
            image_id: self.image_id(index),
        });
        all.filter(|image| seen.insert(image.image.clone())).collect()
    }

    /// The file of the image named `image` and the options for reading it, if it is stored in a
    /// file. Used by checks that need no pixels.
    fn image_file(&self, _image: &str) -> Option<ImageFile> {
        None
    }

    /// Landmarks whose names contain a side (left or right) but that have no mirror partner.
    ///
    /// Only filled if the mirror pairs are derived from the names. Training refuses to flip such
    /// images, because that would mix up left and right.
    fn unpaired_landmarks(&self) -> &[usize] {
        &[]
    }

    /// Reads the image named `image` in [`Self::sample`] or [`Self::images`], like
    /// [`ImageFile::read`].
    ///
    /// # Errors
    /// An [image error](crate::ErrorKind::Image) naming the file if it can't be decoded or is
    /// rejected; an [I/O error](crate::ErrorKind::Io) if it can't be read.
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

/// Name and number of an image in a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetImage {
    /// Its name, as in [`LandmarkSample::image`].
    pub image: String,
    /// Its number, as in [`LandmarkDataset::image_id`].
    pub image_id: Option<u64>,
}

/// Delegates the methods about samples to the field `$inner`.
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

/// Delegates the methods about images and mirror pairs to the field `$inner`.
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
