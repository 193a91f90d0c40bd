//! The model that the crate ships.
#[cfg(feature = "train")]
use std::path::Path;

use burn::tensor::Device;
use dafe_model::MODEL;

use super::landmark_detector::LandmarkDetector;
#[cfg(feature = "train")]
use super::{config::DetectorConfig, model_file};
#[cfg(feature = "train")]
use crate::weights::StateDict;

/// What errors call it.
const NAME: &str = "the bundled model";

/// Its configuration, and its parameters for another network.
#[cfg(feature = "train")]
pub(crate) fn parts() -> (DetectorConfig, StateDict) {
    model_file::parse(Path::new(NAME), MODEL.to_vec()).expect(TESTED)
}

/// Why nothing can be wrong with it.
const TESTED: &str = "tests load the same bytes";

impl LandmarkDetector {
    /// The model that comes with the crate, for a first try and as a start for training: it finds
    /// FLD's eight landmarks (left and right collar, sleeve, waistline and hem) of upper-body,
    /// lower-body and full-body clothes, with or without a box. It is
    /// [`Preset::Lite`](crate::model::Preset::Lite)'s network on 192 × 192 pixels, and averages
    /// what it sees in an image and in its mirror image
    /// ([`DetectorConfig::flip_test`](super::DetectorConfig::flip_test)), for twice the time.
    ///
    /// Its backbone was pretrained on ImageNet; all of it was trained on generated garments (the
    /// crate `dafe-garments`) and on the 263 training photographs of the open [clothing
    /// set](crate::data::ClothingDataset). How well it does on other photographs, and where it
    /// fails, is in the repository's `docs/photographs.md`. For more, train on photographs of your
    /// own, starting from these weights (`InitialWeights::Bundled`, `dafe train`, which does so by
    /// default). What made it is in its [`DetectorConfig::origin`](super::DetectorConfig::origin).
    ///
    /// ```
    /// use dafe::prelude::*;
    ///
    /// let detector = LandmarkDetector::bundled(&Device::flex());
    /// assert_eq!(detector.config().schema, LandmarkSchema::fld());
    ///
    /// let image = image::RgbImage::from_pixel(200, 300, image::Rgb([240; 3]));
    /// for landmark in detector.detect(&image, None)?.landmarks {
    ///     println!("{}: ({:.0}, {:.0}), score {:.2}", landmark.name, landmark.x, landmark.y, landmark.score);
    /// }
    /// # Ok::<(), dafe::Error>(())
    /// ```
    pub fn bundled(device: &Device) -> Self {
        Self::from_bytes(MODEL.to_vec(), NAME, device).expect(TESTED)
    }

    /// The file that [`Self::bundled`] is read from: to be written somewhere, or to be told from others by its hash.
    pub fn bundled_file() -> &'static [u8] {
        MODEL
    }
}
