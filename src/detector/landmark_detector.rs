//! A trained network with its configuration; loading and saving.
use std::{borrow::Cow, path::Path};

use burn::tensor::Device;

use super::{config::DetectorConfig, model_file};
use crate::{
    Error,
    model::LandmarkNet,
    weights::{LoadRules, Precision},
};

/// A trained landmark detector.
///
/// It can be shared between threads (`Arc<LandmarkDetector>` or a plain reference), each of which
/// may call it at any time.
///
/// ```no_run
/// use dafe::{data::image::read_image, prelude::*};
///
/// let detector = LandmarkDetector::load("runs/fld", &Device::default())?;
/// // As people see it; landmarks are in this image's pixels.
/// let image = read_image("dress.jpg")?;
/// for landmark in detector.detect(&image, None)?.landmarks {
///     println!("{}: ({:.0}, {:.0})", landmark.name, landmark.x, landmark.y);
/// }
///
/// // Two garments of one image, in one go.
/// let boxes = [[10.0, 20.0, 200.0, 300.0], [220.0, 15.0, 400.0, 310.0]];
/// let requests = boxes.map(|[x1, y1, x2, y2]| {
///     DetectionRequest::new(&image).in_box(BoundingBox { x1, y1, x2, y2 })
/// });
/// assert_eq!(detector.detect_batch(&requests)?.len(), 2);
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug)]
pub struct LandmarkDetector {
    pub(super) net: LandmarkNet,
    pub(super) config: DetectorConfig,
    pub(super) device: Device,
}

impl LandmarkDetector {
    /// The name of the model's file in a run's folder.
    pub const FILE: &'static str = "model.safetensors";

    /// Creates a detector from its parts; `net` must be on `device`, which must not be an autodiff
    /// device.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::{detector::DetectorConfig, prelude::*};
    ///
    /// // Random weights; load your own into the network.
    /// let device = Device::flex();
    /// let codec = HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0);
    /// let config = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld());
    /// let detector = LandmarkDetector::new(config.model.init(&device), config, &device)?;
    /// let detection = detector.detect(&image::RgbImage::new(200, 300), None)?;
    /// assert_eq!(detection.landmarks[0].name, "left collar");
    /// # Ok::<(), dafe::Error>(())
    /// ```
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if the configuration is invalid or doesn't
    /// fit the network.
    pub fn new(net: LandmarkNet, config: DetectorConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self { net, config, device: device.clone() })
    }

    /// Loads a model from a file that [`Self::save`] or a training run wrote, or from a folder that
    /// contains [`Self::FILE`].
    ///
    /// # Errors
    /// An [I/O error](crate::ErrorKind::Io) if the file can't be read; a [weights
    /// error](crate::ErrorKind::Weights) if it isn't a model of this crate, has an unsupported
    /// format version, or is damaged.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let path = file(path.as_ref());
        Self::from_bytes(model_file::bytes(&path)?, &path, device)
    }

    /// Loads a model from memory, like [`Self::load`]; errors name `path`.
    ///
    /// # Errors
    /// The errors of [`Self::load`].
    pub fn from_bytes(
        bytes: Vec<u8>,
        path: impl AsRef<Path>,
        device: &Device,
    ) -> Result<Self, Error> {
        let (config, weights) = model_file::parse(path.as_ref(), bytes)?;
        let mut net = config.model.init(device);
        weights.load_into(&mut net, &LoadRules::default())?;
        Self::new(net, config, device)
    }

    /// Saves the model to the file `path`, atomically; if `path` is an existing folder, to
    /// [`Self::FILE`] in it.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// # use dafe::detector::DetectorConfig;
    /// use dafe::prelude::*;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let device = Device::flex();
    /// # let codec = HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0);
    /// # let config = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld());
    /// # let detector = LandmarkDetector::new(config.model.init(&device), config, &device)?;
    /// detector.save(folder.join("shirts.safetensors"))?;
    /// let saved = LandmarkDetector::load(folder.join("shirts.safetensors"), &device)?;
    /// assert_eq!(saved.config(), detector.config());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// An [I/O error](crate::ErrorKind::Io) if the file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        model_file::write(&self.net, &self.config, &file(path.as_ref()), Precision::Single)
    }

    /// Saves the model in half precision, in about half the bytes.
    ///
    /// Each number is rounded by at most 2⁻¹¹ of its value (numbers below 2⁻¹⁴ in magnitude by at
    /// most 2⁻²⁵). Batch normalization stays in single precision, as does a parameter with a value
    /// above 65504, the largest half-precision number.
    ///
    /// [`Self::load`] converts the numbers back: the model computes in single precision.
    ///
    /// # Errors
    /// The errors of [`Self::save`].
    pub fn save_half(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        model_file::write(&self.net, &self.config, &file(path.as_ref()), Precision::Half)
    }

    /// The network.
    pub fn net(&self) -> &LandmarkNet {
        &self.net
    }

    /// The configuration.
    pub fn config(&self) -> &DetectorConfig {
        &self.config
    }

    /// The device.
    pub fn device(&self) -> &Device {
        &self.device
    }
}

/// The model's file: `path` itself, or [`LandmarkDetector::FILE`] in the folder `path`.
pub(super) fn file(path: &Path) -> Cow<'_, Path> {
    match path.is_dir() {
        true => path.join(LandmarkDetector::FILE).into(),
        false => path.into(),
    }
}
