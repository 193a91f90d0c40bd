//! One picture in, named landmarks out.
use std::{
    io::Write,
    path::{Path, PathBuf},
};

use burn::tensor::Device;
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{
    atomic::write_atomically,
    backbone::ResNet,
    blocks::DafeAttention,
    data::{CropTransform, Framing, normalise, read_config},
    error::Error,
    geometry::BoundingBox,
    heatmap::{HeatmapCodec, Refinement},
    landmark::LandmarkSchema,
    model::{LandmarkNet, LandmarkNetConfig},
    weights::{load_safetensors, save_safetensors},
};

/// What, beside the parameters, it takes to use a trained network; saved beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorConfig {
    /// The network.
    pub model: LandmarkNetConfig,
    /// Input size, stride, sigma and alignment.
    pub codec: HeatmapCodec,
    /// How a box becomes the network's input.
    #[serde(default)]
    pub framing: Framing,
    /// How heatmaps are decoded.
    pub refinement: Refinement,
    /// Whether the mirrored picture is looked at, too, and the heatmaps averaged: twice the time.
    #[serde(default)]
    pub flip_test: bool,
    /// The landmarks' names, mirror pairs and skeleton.
    pub schema: LandmarkSchema,
}

impl DetectorConfig {
    /// Whether the values can work together.
    ///
    /// # Errors
    /// [`Error::Config`] naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        self.model.validate()?;
        self.codec.validate()?;
        self.schema.validate()?;
        if self.codec.stride() != LandmarkNetConfig::STRIDE {
            return Err(Error::Config(format!(
                "the network's stride is {}, the codec's {}",
                LandmarkNetConfig::STRIDE,
                self.codec.stride()
            )));
        }
        if self.schema.len() != self.model.num_landmarks {
            return Err(Error::Config(format!(
                "the schema has {} landmarks, the network {} heatmaps",
                self.schema.len(),
                self.model.num_landmarks
            )));
        }
        Ok(())
    }
}

/// A landmark that was found in a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedLandmark {
    /// Its name.
    pub name: String,
    /// Pixels from the picture's left.
    pub x: f32,
    /// Pixels from the picture's top.
    pub y: f32,
    /// The highest value of its heatmap: about 1 where the network is sure.
    pub score: f32,
}

/// What a network saw in one picture.
#[derive(Debug, Clone)]
pub struct Detection {
    /// All landmarks of the schema, in its order.
    pub landmarks: Vec<DetectedLandmark>,
    /// What each DAFE module's attentions looked at, coarse to fine; a batch of one.
    pub attention: Vec<DafeAttention>,
    /// How the picture was cropped to the network's input.
    pub crop: CropTransform,
}

/// A trained network that takes pictures.
#[derive(Debug)]
pub struct LandmarkDetector {
    net: LandmarkNet<ResNet>,
    config: DetectorConfig,
    device: Device,
}

impl LandmarkDetector {
    /// The file of parameters in a model's folder.
    pub const WEIGHTS: &'static str = "model.safetensors";
    /// The file of the [`DetectorConfig`] in a model's folder.
    pub const CONFIG: &'static str = "model.json";

    /// A detector from its parts; `net` must be on `device`, which is without autodiff.
    ///
    /// # Errors
    /// [`Error::Config`] if the parts don't fit.
    pub fn new(net: LandmarkNet, config: DetectorConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self { net, config, device: device.clone() })
    }

    /// Loads the model in `folder`: the files [`Self::CONFIG`] and [`Self::WEIGHTS`].
    ///
    /// # Errors
    /// [`Error::Io`] if a file can't be read; [`Error::Config`] or [`Error::Weights`] if it doesn't fit.
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let path = folder.as_ref().join(Self::CONFIG);
        let config: DetectorConfig = read_config(&path)?;
        config.validate().map_err(|error| Error::Config(format!("{}: {error}", path.display())))?;
        let mut net = config.model.init(device);
        load_safetensors(&mut net, &folder.as_ref().join(Self::WEIGHTS))?;
        Self::new(net, config, device)
    }

    /// Saves the model into `folder`, which must exist.
    ///
    /// # Errors
    /// [`Error::Io`] if a file can't be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        write_config(folder.as_ref(), &self.config)?;
        save_safetensors(&self.net, &folder.as_ref().join(Self::WEIGHTS))
    }

    /// Finds the landmarks of the garment in `bounds` of `picture`, or, without a box, in the whole picture.
    ///
    /// Every landmark of the schema is returned, whether the garment has it or not; a low score says that the network
    /// saw none.
    ///
    /// # Errors
    /// [`Error::Config`] if the picture has no pixels.
    pub fn detect(
        &self,
        picture: &RgbImage,
        bounds: Option<BoundingBox>,
    ) -> Result<Detection, Error> {
        if picture.width() == 0 || picture.height() == 0 {
            return Err(Error::Config("a picture without pixels has no landmarks".into()));
        }
        let bounds =
            bounds.unwrap_or_else(|| BoundingBox::whole(picture.width(), picture.height()));
        let codec = &self.config.codec;
        let size = codec.input_size();
        let framing = self.config.framing;
        let bounds = framing.region(&bounds, [picture.width(), picture.height()], size);
        let crop = CropTransform::plain(&bounds, size, codec.alignment()).with_framing(framing);
        let pixels = crop.picture(picture, size).into_raw();
        let images = normalise(pixels, [1, size[1], size[0]], &self.device);
        let mut output = self.net.forward_with_attention(images.clone());
        if self.config.flip_test {
            let flipped = self.net.forward(images.flip([3]));
            let mirror = self.config.schema.mirror();
            output.heatmaps = codec.average_flipped(output.heatmaps, flipped, mirror);
        }
        let found = codec.decode(output.heatmaps, self.config.refinement).into_pictures();
        let landmarks = found
            .into_iter()
            .flat_map(|found| found.positions.into_iter().zip(found.scores))
            .zip(self.config.schema.names())
            .map(|((point, score), name)| {
                let [x, y] = crop.to_picture(point);
                DetectedLandmark { name: name.clone(), x, y, score }
            })
            .collect();
        Ok(Detection { landmarks, attention: output.attention, crop })
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

/// Writes the file [`LandmarkDetector::CONFIG`].
pub(crate) fn write_config(folder: &Path, config: &DetectorConfig) -> Result<(), Error> {
    let path: PathBuf = folder.join(LandmarkDetector::CONFIG);
    let json = serde_json::to_vec_pretty(config).expect("plain numbers and strings");
    write_atomically(&path, |file| file.write_all(&json))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::Index};

    use super::*;
    use crate::model::Preset;

    fn config() -> DetectorConfig {
        DetectorConfig {
            model: Preset::Nano.config(8),
            codec: HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0),
            framing: Framing::default(),
            refinement: Refinement::QuarterOffset,
            flip_test: true,
            schema: LandmarkSchema::fld(),
        }
    }

    #[test]
    fn networks_that_would_fill_the_memory_are_refused() {
        let mut config = config();
        config.model.backbone.width = 4096;
        config.model.backbone.blocks = [4096; 4];
        let error = config.validate().unwrap_err().to_string();
        assert!(error.contains("parameters; at most 500000000"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_bytes_make_the_configuration_panic(
            junk in vec(any::<u8>(), 0..100),
            edits in vec((any::<Index>(), any::<u8>()), 1..4),
            numbers in vec((any::<Index>(), any::<i64>()), 1..4),
        ) {
            let valid = serde_json::to_string(&config()).unwrap();
            let mut edited = valid.clone().into_bytes();
            for (at, byte) in edits {
                let at = at.index(edited.len());
                edited[at] = byte;
            }
            // Other numbers leave it valid JSON.
            let mut text = valid;
            for (at, number) in numbers {
                let digits: Vec<_> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
                let at = digits[at.index(digits.len())];
                text.replace_range(at..at + 1, &number.to_string());
            }
            for bytes in [junk, edited, text.into_bytes()] {
                if let Ok(config) = serde_json::from_slice::<DetectorConfig>(&bytes) && config.validate().is_ok() {
                    let size = config.codec.input_size();
                    prop_assert!(size.iter().all(|side| (1..=HeatmapCodec::MAX_SIDE).contains(side)));
                    prop_assert_eq!(config.schema.len(), config.model.num_landmarks);
                }
            }
        }
    }
}
