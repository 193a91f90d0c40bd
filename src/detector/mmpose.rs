//! MMPose's published fashion networks: the only public weights for this task that were trained on
//! real photographs.
//!
//! ```no_run
//! use dafe::prelude::*;
//!
//! // Reading `.pth` files needs the feature `pytorch`.
//! let path = "res50_deepfashion_upper_256x192-41794f03_20210124.pth";
//! let detector = LandmarkDetector::load_mmpose(path, None, &Device::default())?;
//! for landmark in detector.detect_file("shirt.jpg")?.landmarks {
//!     println!("{landmark}");
//! }
//! # Ok::<(), dafe::Error>(())
//! ```
//! They are SimpleBaseline networks (ResNet-50, three transposed convolutions of 256 channels) for
//! 192×256 inputs. MMPose's model zoo ("Fashion 2D Keypoint") links the files:
//!
//! | file | clothes | heatmaps |
//! |---|---|---|
//! | `res50_deepfashion_upper_256x192-41794f03_20210124.pth` | FLD, upper body | 6 |
//! | `res50_deepfashion_lower_256x192-1292a839_20210124.pth` | FLD, lower body | 4 |
//! | `res50_deepfashion_full_256x192-0dbd6e42_20210124.pth` | FLD, full body | 8 |
//! | thirteen, `res50_deepfashion2_short_sleeved_shirt_256x192-….pth` and so on | a category of DeepFashion2 | 294, of which its own are trained |
//!
//! FLD's files are at `https://download.openmmlab.com/mmpose/fashion/resnet/`, DeepFashion2's at
//! the addresses on their page of the model zoo. They are under MMPose's license (Apache 2.0); the
//! datasets they were trained on are for research only. Images are processed exactly as in the
//! evaluation of MMPose 1.x: the box is cut to the image, enlarged ×1.25 and extended to the aspect
//! 192:256; the image is padded with black; flip test; quarter shift under MMPose's conditions.
//! [`LandmarkDetector::save`] keeps all of it, so the saved model gives the same results.
//!
//! There are two differences. MMPose's `inference_topdown` does not cut boxes to the image; its
//! evaluation does. And its tables of DeepFashion2's mirror pairs have apparent mistakes, which
//! this crate does not repeat: short sleeve outwear swaps landmarks 2 with 26 and 4 with 6 there (2
//! with 6 and 4 with 26 here), and vest leaves 13 in its place. For those two categories, the flip
//! test gives other numbers than MMPose's.
use std::path::Path;

use burn::tensor::Device;

use super::{config::DetectorConfig, landmark_detector::LandmarkDetector};
use crate::{
    Error, ErrorKind,
    data::Framing,
    geometry::Alignment,
    heatmap::{HeatmapCodec, Refinement},
    landmark::{ClothesType, DeepFashion2Category, LandmarkSchema},
    model::{Decoder, LandmarkNetConfig},
    weights::{LoadRules, StateDict},
};

/// The configuration of one of MMPose's fashion networks for the landmarks of `schema`, as
/// published, with the flip test.
///
/// ```
/// use dafe::{detector::mmpose::mmpose_config, landmark::ClothesType, prelude::*};
///
/// let config = mmpose_config(LandmarkSchema::fld_of(ClothesType::Lower));
/// assert_eq!(config.codec.input_size(), [192, 256]);
/// assert_eq!(config.model.num_landmarks, 4);
/// ```
pub fn mmpose_config(schema: LandmarkSchema) -> DetectorConfig {
    let codec = HeatmapCodec::new([192, 256], LandmarkNetConfig::STRIDE, 2.0);
    let model = LandmarkNetConfig::new(schema.len()).with_decoder(Decoder::TransposedConvolution);
    DetectorConfig {
        framing: Framing::Mmpose,
        refinement: Refinement::MmposeQuarterOffset,
        flip_test: true,
        ..DetectorConfig::new(model, codec.with_alignment(Alignment::Legacy), schema)
    }
}

impl LandmarkDetector {
    /// Loads one of MMPose's fashion networks from the `.pth` file that MMPose publishes, or from
    /// one trained with the same configuration. The parameter names of all MMPose versions are
    /// accepted.
    ///
    /// For FLD, the number of heatmaps in the file identifies the clothes type. Files for
    /// DeepFashion2 have 294 heatmaps whatever the category, so `category` must be given; only its
    /// landmarks are predicted.
    ///
    /// ```no_run
    /// use dafe::{landmark::DeepFashion2Category, prelude::*};
    ///
    /// let path = "res50_deepfashion2_skirt_256x192.pth";
    /// let skirt = Some(DeepFashion2Category::Skirt);
    /// let detector = LandmarkDetector::load_mmpose(path, skirt, &Device::default())?;
    /// detector.save("skirts.safetensors")?; // In half of the bytes: `save_half`.
    /// # Ok::<(), dafe::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`StateDict::read`] and [`StateDict::load_into`]; a [weights
    /// error](crate::ErrorKind::Weights) if the file isn't such a network, if it is for
    /// DeepFashion2 and no category was given, or if it is for FLD and one was given.
    pub fn load_mmpose(
        path: impl AsRef<Path>,
        category: Option<DeepFashion2Category>,
        device: &Device,
    ) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut weights = StateDict::read(path)?;
        let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
        let maps = weights.mmpose_landmarks().filter(|_| weights.is_mmpose()).ok_or_else(|| {
            failed(
                "not one of MMPose's networks: no transposed convolutions or no final layer".into(),
            )
        })?;
        let kind = ClothesType::ALL.iter().copied().find(|kind| kind.slots().len() == maps);
        let schema = match (kind, category) {
            (Some(kind), None) => LandmarkSchema::fld_of(kind),
            (None, Some(category)) if maps == DeepFashion2Category::LANDMARKS => {
                weights.narrow_mmpose(category.landmarks())?;
                LandmarkSchema::deepfashion2(category)
            }
            (None, None) if maps == DeepFashion2Category::LANDMARKS => {
                return Err(failed("a file for DeepFashion2: its category must be given".into()));
            }
            (Some(kind), Some(category)) => {
                return Err(failed(format!("for FLD's {} clothes, not {category}", kind.name())));
            }
            _ => {
                return Err(failed(format!(
                    "it has {maps} heatmaps; FLD's networks have 6, 4 or 8, DeepFashion2's {}",
                    DeepFashion2Category::LANDMARKS
                )));
            }
        };
        let config = mmpose_config(schema);
        let mut net = config.model.init(device);
        weights.rename_mmpose()?.load_into(&mut net, &LoadRules::default())?;
        Self::new(net, config, device)
    }
}
