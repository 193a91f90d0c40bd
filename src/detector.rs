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
    predict::DecodeConfig,
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
    /// Whether heatmaps are logits, by the loss that they were trained with: scores are then their sigmoid.
    #[serde(default)]
    pub logits: bool,
    /// Whether the network was trained towards empty heatmaps where a category lacks a landmark, so that its heatmaps tell
    /// the category ([`LandmarkSchema::category_probabilities`]).
    #[serde(default)]
    pub infers_category: bool,
    /// The landmarks' names, mirror pairs, skeleton and categories.
    pub schema: LandmarkSchema,
}

impl DetectorConfig {
    /// How its heatmaps are decoded.
    pub fn decoding(&self) -> DecodeConfig {
        let Self { refinement, flip_test, logits, .. } = *self;
        DecodeConfig { refinement, flip_test, logits }
    }

    /// Whether the values can work together.
    ///
    /// # Errors
    /// [`Error::Config`] naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        self.model.validate()?;
        self.codec.validate()?;
        self.refinement.validate()?;
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
    /// Its index in the schema.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Pixels from the picture's left.
    pub x: f32,
    /// Pixels from the picture's top.
    pub y: f32,
    /// The highest value of its heatmap, or that value's sigmoid for [logits](DetectorConfig::logits): about 1 where the
    /// network is sure.
    pub score: f32,
}

/// Which of the schema's categories (FLD's clothes types) a garment is taken for: what it lacks is not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CategoryChoice {
    /// The likeliest by the heatmaps, if the network was [trained for it](DetectorConfig::infers_category); else as
    /// [`Self::All`].
    #[default]
    Inferred,
    /// This one, by its index in [`LandmarkSchema::categories`].
    Known(usize),
    /// Not asked: all landmarks of the schema are returned.
    All,
}

/// The category that a garment was taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedCategory {
    /// Its index in [`LandmarkSchema::categories`].
    pub index: usize,
    /// Its name.
    pub name: String,
    /// How likely it is by the heatmaps; none if it was given.
    pub probability: Option<f64>,
}

/// What a network saw in one picture.
#[derive(Debug, Clone)]
pub struct Detection {
    /// The category's landmarks, or all where that is not known, in the schema's order.
    pub landmarks: Vec<DetectedLandmark>,
    /// The category, inferred or given.
    pub category: Option<DetectedCategory>,
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
    /// Where the network [tells categories](DetectorConfig::infers_category), the landmarks that the likeliest one lacks are
    /// left out ([`CategoryChoice::Inferred`]). A low score says that the network saw no such landmark.
    ///
    /// # Errors
    /// [`Error::Config`] if the picture has no pixels.
    pub fn detect(
        &self,
        picture: &RgbImage,
        bounds: Option<BoundingBox>,
    ) -> Result<Detection, Error> {
        self.detect_as(picture, bounds, CategoryChoice::default())
    }

    /// [`Self::detect`] of a garment whose category is known, or shall not be asked for.
    ///
    /// # Errors
    /// As [`Self::detect`]; and if there is no such category.
    pub fn detect_as(
        &self,
        picture: &RgbImage,
        bounds: Option<BoundingBox>,
        choice: CategoryChoice,
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
        let output = self.net.forward_with_attention(images.clone());
        let flipped = || self.net.forward(images.flip([3]));
        let (decoding, schema) = (self.config.decoding(), &self.config.schema);
        let found = decoding.landmarks(output.heatmaps, flipped, codec, schema.mirror()).remove(0);
        let category = self.category(choice, &found.scores)?;
        let landmarks = schema.landmarks_of(category.as_ref().map(|category| category.index));
        let landmarks = landmarks.into_iter().map(|index| {
            let [x, y] = crop.to_picture(found.positions[index]);
            let (name, score) = (schema.names()[index].clone(), found.scores[index]);
            DetectedLandmark { index, name, x, y, score }
        });
        let landmarks = landmarks.collect();
        Ok(Detection { landmarks, category, attention: output.attention, crop })
    }

    /// What a garment with these scores is taken for.
    fn category(
        &self,
        choice: CategoryChoice,
        scores: &[f32],
    ) -> Result<Option<DetectedCategory>, Error> {
        let schema = &self.config.schema;
        let (index, probability) = match choice {
            CategoryChoice::Inferred if self.config.infers_category => {
                match schema.likeliest_category(scores) {
                    Some((index, probability)) => (index, Some(probability)),
                    None => return Ok(None),
                }
            }
            CategoryChoice::Known(index) => (index, None),
            CategoryChoice::Inferred | CategoryChoice::All => return Ok(None),
        };
        let category = schema.categories().get(index).ok_or_else(|| {
            let count = schema.categories().len();
            Error::Config(format!("the model knows {count} categories, and none of index {index}"))
        })?;
        Ok(Some(DetectedCategory { index, name: category.name.clone(), probability }))
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
            logits: false,
            infers_category: false,
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
