//! MMPose's published fashion networks: the only public weights for this task that know real photographs.
//!
//! They are SimpleBaseline networks (ResNet-50, three transposed convolutions of 256 channels) for 192×256 inputs. The
//! files are MMPose's; its model zoo ("Fashion 2D Keypoint") links them:
//!
//! | file | clothes | heatmaps |
//! |---|---|---|
//! | `res50_deepfashion_upper_256x192-41794f03_20210124.pth` | FLD, upper body | 6 |
//! | `res50_deepfashion_lower_256x192-1292a839_20210124.pth` | FLD, lower body | 4 |
//! | `res50_deepfashion_full_256x192-0dbd6e42_20210124.pth` | FLD, full body | 8 |
//! | thirteen, `res50_deepfashion2_short_sleeved_shirt_256x192-….pth` and so on | a category of DeepFashion2 | 294, of which its own are trained |
//!
//! FLD's lie at `https://download.openmmlab.com/mmpose/fashion/resnet/`, DeepFashion2's where their
//! page in the model zoo says, under the licence of MMPose (Apache 2.0); the datasets that they
//! were trained on allow research only. Images go through them as in the evaluation of MMPose 1.x,
//! step by step: the box cut to the image, ×1.25, at the aspect 192:256; black around the image;
//! flip test; quarter shift under its own conditions. [`LandmarkDetector::save`] keeps all of it,
//! so that the file it writes does the same again.
//!
//! Two things differ. MMPose's `inference_topdown` does not cut boxes to the image; its evaluation
//! does. And its tables of DeepFashion2's mirror pairs have what look like slips, which this crate
//! does not repeat: short sleeve outwear swaps landmarks 2 with 26 and 4 with 6 there (2 with 6 and
//! 4 with 26 here), vest leaves 13 in its place. For those two categories the flip test gives other
//! numbers than MMPose's.
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

/// Everything about one of MMPose's fashion networks but its parameters: for the landmarks of `schema`, as published,
/// with the flip test.
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
    /// Loads one of MMPose's fashion networks from the `.pth` file that MMPose publishes, or from one that it trained
    /// by the same configuration: any of its versions' names for the parameters will do.
    ///
    /// How many heatmaps the file has says which of FLD's kinds of clothes it is for. A file for DeepFashion2 has 294,
    /// whatever its category, so that `category` must be told; its landmarks alone are then predicted.
    ///
    /// # Errors
    /// As [`StateDict::read`] and [`StateDict::load_into`]; a [weights
    /// error](crate::ErrorKind::Weights) if it is no such network, or is for DeepFashion2 and no
    /// category was told, or the other way round.
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
                return Err(failed("for DeepFashion2: its category must be told".into()));
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
