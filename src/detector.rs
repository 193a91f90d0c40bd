//! One picture in, named landmarks out.
mod config;

use std::path::Path;

use burn::tensor::Device;
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{
    backbone::ResNet,
    blocks::DafeAttention,
    data::{CropTransform, normalise, read_config},
    error::Error,
    geometry::BoundingBox,
    model::LandmarkNet,
    weights::{load_safetensors, save_safetensors},
};

pub use config::DetectorConfig;
pub(crate) use config::write_config;

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
    /// This one, by its index in [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
    Known(usize),
    /// Not asked: all landmarks of the schema are returned.
    All,
}

/// The category that a garment was taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedCategory {
    /// Its index in [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
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
