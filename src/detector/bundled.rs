//! The bundled model, shipped with the crate.
#[cfg(feature = "train")]
use std::path::Path;

use burn::tensor::Device;
use dafe_model::MODEL;

use super::landmark_detector::LandmarkDetector;
#[cfg(feature = "train")]
use super::{config::DetectorConfig, model_file};
#[cfg(feature = "train")]
use crate::weights::StateDict;

/// The model's name in error messages.
const NAME: &str = "the bundled model";

/// The bundled model's configuration and weights, for initializing another network.
#[cfg(feature = "train")]
pub(crate) fn parts() -> (DetectorConfig, StateDict) {
    model_file::parse(Path::new(NAME), MODEL.to_vec()).expect(TESTED)
}

/// Why loading can't fail.
const TESTED: &str = "tests load the same bytes";

impl LandmarkDetector {
    /// Loads the model that is bundled with the crate.
    ///
    /// Use it for a first try, or to initialize training. It finds FLD's eight landmarks (left and
    /// right collar, sleeve, waistline and hem) of upper-body, lower-body and full-body clothes,
    /// with or without a box. The network is [`Preset::Lite`](crate::model::Preset::Lite) on 192 ×
    /// 192 pixels. It runs with a flip test, which averages the heatmaps of the image and its
    /// mirror image and doubles the time
    /// ([`DetectorConfig::flip_test`](super::DetectorConfig::flip_test)).
    ///
    /// The backbone was pretrained on ImageNet; the whole network was then trained on generated
    /// garments (the crate `dafe-garments`) and on the 263 training photographs of the open
    /// [clothing set](crate::data::ClothingDataset). The repository's `docs/photographs.md` shows
    /// how well it does on other photographs and where it fails. For better results, train on your
    /// own photographs, starting from these weights (`InitialWeights::Bundled`; the default of
    /// `dafe train`). [`DetectorConfig::origin`](super::DetectorConfig::origin) records how the
    /// model was made.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::prelude::*;
    ///
    /// let detector = LandmarkDetector::bundled(&Device::flex());
    /// let config = detector.config();
    /// assert_eq!(config.schema, LandmarkSchema::fld());
    /// assert_eq!(config.codec.input_size(), [192, 192]);
    /// assert!(config.flip_test && config.infers_category && config.calibration.is_some());
    /// ```
    pub fn bundled(device: &Device) -> Self {
        Self::from_bytes(MODEL.to_vec(), NAME, device).expect(TESTED)
    }

    /// The bytes of the file that [`Self::bundled`] loads, for saving the model or hashing it.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::prelude::*;
    ///
    /// let bytes = LandmarkDetector::bundled_file();
    /// let detector = LandmarkDetector::from_bytes(bytes.to_vec(), "bundled", &Device::flex())?;
    /// assert_eq!(detector.config().schema.len(), 8);
    /// # Ok::<(), dafe::Error>(())
    /// ```
    pub fn bundled_file() -> &'static [u8] {
        MODEL
    }
}
