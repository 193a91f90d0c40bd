//! Pictures in, named landmarks out.
#[cfg(feature = "bundled")]
pub(crate) mod bundled;
mod calibration;
mod config;
mod detection;
mod explanation;
mod look;
pub mod mmpose;
pub(crate) mod model_file;
mod origin;
mod region;
mod without_boxes;

use std::{borrow::Cow, path::Path};

use burn::tensor::Device;

pub use self::{
    calibration::{Calibration, LandmarkCalibration},
    config::DetectorConfig,
    detection::{CategoryChoice, DetectedCategory, DetectedLandmark, Detection, DetectionRequest},
    explanation::{Explanation, InputMap, ModuleAttention},
    origin::{DataOrigin, Origin},
    without_boxes::predict_without_boxes,
};
use crate::{
    data::read_bounded,
    error::Error,
    geometry::BoundingBox,
    heatmap::PictureLandmarks,
    model::{LandmarkNet, LandmarkOutput},
    weights::{LoadRules, Precision},
};

/// A trained network that takes pictures.
///
/// It can be shared between threads (`Arc<LandmarkDetector>` or a plain reference), each of which may ask at any time.
///
/// ```no_run
/// use dafe::{data::picture::read_upright, prelude::*};
///
/// let detector = LandmarkDetector::load("runs/fld", &Device::default())?;
/// // As people see it; landmarks are in this picture's pixels.
/// let picture = read_upright("dress.jpg".as_ref())?;
/// for landmark in detector.detect(&picture, None)?.landmarks {
///     println!("{}: ({:.0}, {:.0})", landmark.name, landmark.x, landmark.y);
/// }
///
/// // Two garments of one picture, in one go.
/// let boxes = [[10.0, 20.0, 200.0, 300.0], [220.0, 15.0, 400.0, 310.0]];
/// let requests = boxes.map(|[x1, y1, x2, y2]| {
///     DetectionRequest::new(&picture).in_box(BoundingBox { x1, y1, x2, y2 })
/// });
/// assert_eq!(detector.detect_batch(&requests)?.len(), 2);
/// # Ok::<(), dafe::error::Error>(())
/// ```
#[derive(Debug)]
pub struct LandmarkDetector {
    net: LandmarkNet,
    config: DetectorConfig,
    device: Device,
}

impl LandmarkDetector {
    /// What the file of a model is called in a run's folder.
    pub const FILE: &'static str = "model.safetensors";

    /// A detector from its parts; `net` must be on `device`, which is without autodiff.
    ///
    /// # Errors
    /// [`Error::Config`] if the parts don't fit.
    pub fn new(net: LandmarkNet, config: DetectorConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self { net, config, device: device.clone() })
    }

    /// Loads a model: a file that [`Self::save`] or a training run wrote, or the folder that holds it as [`Self::FILE`].
    ///
    /// # Errors
    /// [`Error::Io`] if the file can't be read; [`Error::Weights`] if it is none of this crate's models, of another version's
    /// form, or damaged.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let path = file(path.as_ref());
        let refused = |message| Error::Weights { path: path.to_path_buf(), message };
        let bytes = read_bounded(&path, model_file::MOST_BYTES, refused)?;
        Self::from_bytes(bytes, &path, device)
    }

    /// [`Self::load`] from memory; errors name `path`.
    ///
    /// # Errors
    /// As [`Self::load`].
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

    /// Saves the model, all that [`Self::load`] needs, to the file `path`, whole or not at all; in a folder that is there, to its
    /// [`Self::FILE`].
    ///
    /// # Errors
    /// [`Error::Io`] if the file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        model_file::write(&self.net, &self.config, &file(path.as_ref()), Precision::Single)
    }

    /// [`Self::save`] in about half the bytes: numbers are half-precision ones, each rounded by at most 2⁻¹¹ of its value (below
    /// 2⁻¹⁴ in size, by at most 2⁻²⁵). Batch normalisation stays in single precision, as does a parameter with a value above
    /// 65504, the largest that half precision has.
    ///
    /// What [`Self::load`] makes of the file computes in single precision, as any.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub fn save_half(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        model_file::write(&self.net, &self.config, &file(path.as_ref()), Precision::Half)
    }

    /// Finds the landmarks of the garment in `bounding_box` of `picture`, or, without a box, of the garment that the picture
    /// shows: [`Self::detect_batch`] of one, of any category. What a score and a visibility mean is said there.
    ///
    /// # Errors
    /// As [`Self::detect_batch`].
    pub fn detect(
        &self,
        picture: &image::RgbImage,
        bounding_box: Option<BoundingBox>,
    ) -> Result<Detection, Error> {
        let request = DetectionRequest { bounding_box, ..DetectionRequest::new(picture) };
        Ok(self.detect_batch(&[request])?.remove(0))
    }

    /// Finds the landmarks of several garments, in one picture or in many, and answers in the same order.
    ///
    /// Where a request has no box, there are two looks: at the whole picture, and at the region that the landmarks span which
    /// the first was confident of, with the margins that [labelled boxes have](Calibration::margins). A box may reach beyond
    /// the picture, where there is nothing to see; so may landmarks.
    ///
    /// Where the network [tells categories](DetectorConfig::infers_category), the landmarks that the likeliest one lacks are
    /// left out ([`CategoryChoice::Inferred`]). A low score says that the network saw no such landmark.
    ///
    /// A landmark's [visibility](DetectedLandmark::visibility) is guessed from its score alone: whether those who labelled the
    /// validation split called landmarks of such scores visible, or occluded or truncated. It doesn't say that the position
    /// is right, nor that the garment has such a landmark, and is worth as much as pictures, boxes and categories are like that
    /// split's: [`Calibration::report`] measures that. There is none without a [calibration](DetectorConfig::calibration), nor
    /// for landmarks that the split shows too rarely as visible or as hidden.
    ///
    /// # Errors
    /// [`Error::Config`] if a picture has no pixels, a box is none or wholly outside of its picture, or a category doesn't
    /// exist, with the request's place where there are several; nothing is answered then.
    pub fn detect_batch(&self, requests: &[DetectionRequest<'_>]) -> Result<Vec<Detection>, Error> {
        let found = self.find(requests)?.into_iter().zip(requests);
        Ok(found
            .map(|((region, found), request)| self.detection(&found, region, request.category))
            .collect())
    }

    /// Where each garment was looked for, and all landmarks that the network sees there, in the pictures' pixels: what
    /// [`Self::detect_batch`] makes its answers of.
    pub(crate) fn find(
        &self,
        requests: &[DetectionRequest<'_>],
    ) -> Result<Vec<(BoundingBox, PictureLandmarks)>, Error> {
        let regions = self.regions(requests)?;
        let found = self.look(requests, &regions);
        Ok(regions.into_iter().zip(found).collect())
    }

    /// [`Self::detect_batch`] of one, and what led to it.
    ///
    /// # Errors
    /// As [`Self::detect_batch`].
    pub fn explain(&self, request: &DetectionRequest<'_>) -> Result<Explanation, Error> {
        let region = self.regions(std::slice::from_ref(request))?[0];
        let (crops, images) = self.inputs(&[(request, region)]);
        let (input, affine) = (self.config.codec.input_size(), crops[0].affine);
        let LandmarkOutput { heatmaps, attention } =
            self.net.forward_with_attention(images.clone());
        let heatmaps = self.averaged(heatmaps, images);
        let found = self.decoded(heatmaps.clone(), &crops).remove(0);
        let modules = attention.into_iter().map(|one| ModuleAttention::of(one, input, &affine));
        Ok(Explanation {
            detection: self.detection(&found, region, request.category),
            heatmaps: InputMap::all(heatmaps, input, &affine),
            modules: modules.collect(),
        })
    }

    /// What is said of a garment.
    fn detection(
        &self,
        found: &PictureLandmarks,
        bounding_box: BoundingBox,
        choice: CategoryChoice,
    ) -> Detection {
        let DetectorConfig { schema, calibration, .. } = &self.config;
        let category = self.category(choice, &found.scores);
        let landmarks = schema.landmarks_of(category.as_ref().map(|category| category.index));
        let landmark = |index: usize| {
            let ([x, y], score) = (found.positions[index], found.scores[index]);
            let calibration = calibration.as_ref();
            DetectedLandmark {
                index,
                name: schema.names()[index].clone(),
                x,
                y,
                score,
                visibility: calibration.and_then(|known| known.estimate(index, score)),
            }
        };
        Detection {
            landmarks: landmarks.into_iter().map(landmark).collect(),
            category,
            bounding_box,
        }
    }

    /// What a garment with these scores is taken for.
    fn category(&self, choice: CategoryChoice, scores: &[f32]) -> Option<DetectedCategory> {
        let schema = &self.config.schema;
        let (index, probability) = match choice {
            CategoryChoice::Inferred if self.config.infers_category => {
                let (index, probability) = schema.likeliest_category(scores)?;
                (index, Some(probability))
            }
            CategoryChoice::Known(index) => (index, None),
            CategoryChoice::Inferred | CategoryChoice::All => return None,
        };
        let name = schema.categories()[index].name.clone();
        Some(DetectedCategory { index, name, probability })
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

/// The model's file: that path, or in that folder.
fn file(path: &Path) -> Cow<'_, Path> {
    match path.is_dir() {
        true => path.join(LandmarkDetector::FILE).into(),
        false => path.into(),
    }
}
