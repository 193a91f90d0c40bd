//! The losses by name, each with its parameters.
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{
    AdaptiveWing, Focal, Wing, coordinate_l1_per_sample, coordinate_smooth_l1_per_sample,
    coordinate_wing_per_sample, heatmap_adaptive_wing_per_sample, heatmap_bce_per_sample,
    heatmap_focal_per_sample, heatmap_js_per_sample, heatmap_kl_per_sample, heatmap_mse_per_sample,
    heatmap_ohkm_per_sample, reduce::is_positive,
};
use crate::{
    Error,
    heatmap::{HeatmapTarget, check_temperature, soft_argmax},
};

/// A loss with its parameters.
///
/// The soft-argmax losses compare the position that [`soft_argmax`] reads from a heatmap, in cells,
/// with the landmark's true position. `temperature` is the divisor of the heatmaps before the
/// softmax; it is the inverse of MMPose's `beta`.
///
/// ```
/// use dafe::loss::LandmarkLoss;
///
/// let loss: LandmarkLoss = "soft-argmax-l1:0.1".parse()?;
/// assert_eq!(loss, LandmarkLoss::SoftArgmaxL1 { temperature: 0.1 });
/// assert_eq!("ohkm".parse::<LandmarkLoss>()?, LandmarkLoss::Ohkm { hardest: 4 });
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LandmarkLoss {
    /// Mean squared error of heatmaps: [`heatmap_mse`](super::heatmap_mse).
    Mse,
    /// Mean squared error of each sample's hardest landmarks:
    /// [`heatmap_ohkm`](super::heatmap_ohkm).
    Ohkm {
        /// How many landmarks. 4: half of FLD's, as the paper takes 8 of COCO's 17.
        #[serde(default = "hardest")]
        hardest: usize,
    },
    /// Adaptive Wing loss on heatmaps: [`heatmap_adaptive_wing`](super::heatmap_adaptive_wing).
    AdaptiveWing(AdaptiveWing),
    /// Binary cross-entropy of heatmaps as logits: [`heatmap_bce`](super::heatmap_bce).
    Bce,
    /// Focal loss on heatmaps as logits: [`heatmap_focal`](super::heatmap_focal).
    Focal(Focal),
    /// Kullback–Leibler divergence of heatmaps as distributions: [`heatmap_kl`](super::heatmap_kl).
    Kl {
        /// Temperature of the softmax. 1.
        #[serde(default = "one")]
        temperature: f64,
    },
    /// Jensen–Shannon divergence of heatmaps as distributions: [`heatmap_js`](super::heatmap_js).
    Js {
        /// Temperature of the softmax. 1.
        #[serde(default = "one")]
        temperature: f64,
    },
    /// L1 loss of soft-argmax positions: [`coordinate_l1`](super::coordinate_l1).
    SoftArgmaxL1 {
        /// Temperature of the softmax. 0.05: a Gaussian of height 1, which other losses train
        /// towards, then outweighs the empty cells of an 80×80 map some 100,000 times.
        #[serde(default = "sharp")]
        temperature: f64,
    },
    /// Smooth L1 loss of soft-argmax positions:
    /// [`coordinate_smooth_l1`](super::coordinate_smooth_l1).
    SoftArgmaxSmoothL1 {
        /// Temperature of the softmax. 0.05.
        #[serde(default = "sharp")]
        temperature: f64,
        /// The distance, in cells, up to which the loss is quadratic; PyTorch and the function call
        /// it `beta`. 1.
        #[serde(default = "one")]
        threshold: f64,
    },
    /// Wing loss of soft-argmax positions: [`coordinate_wing`](super::coordinate_wing).
    SoftArgmaxWing {
        /// Temperature of the softmax. 0.05.
        #[serde(default = "sharp")]
        temperature: f64,
        /// The parameters of the Wing loss.
        #[serde(default)]
        wing: Wing,
    },
}

const fn hardest() -> usize {
    4
}

/// The default of a weight or factor that is left out, for serde.
pub(super) const fn one() -> f64 {
    1.0
}

const fn sharp() -> f64 {
    0.05
}

impl LandmarkLoss {
    /// All losses, with their default parameters.
    pub const ALL: &'static [Self] = &[
        Self::Mse,
        Self::Ohkm { hardest: hardest() },
        Self::AdaptiveWing(AdaptiveWing::USUAL),
        Self::Bce,
        Self::Focal(Focal::USUAL),
        Self::Kl { temperature: one() },
        Self::Js { temperature: one() },
        Self::SoftArgmaxL1 { temperature: sharp() },
        Self::SoftArgmaxSmoothL1 { temperature: sharp(), threshold: one() },
        Self::SoftArgmaxWing { temperature: sharp(), wing: Wing::USUAL },
    ];

    /// Its name in files and on command lines, such as "mse" or "adaptive-wing".
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::Ohkm { .. } => "ohkm",
            Self::AdaptiveWing(_) => "adaptive-wing",
            Self::Bce => "bce",
            Self::Focal(_) => "focal",
            Self::Kl { .. } => "kl",
            Self::Js { .. } => "js",
            Self::SoftArgmaxL1 { .. } => "soft-argmax-l1",
            Self::SoftArgmaxSmoothL1 { .. } => "soft-argmax-smooth-l1",
            Self::SoftArgmaxWing { .. } => "soft-argmax-wing",
        }
    }

    /// Whether the loss takes heatmaps as logits (`true`) or as the target's own values (`false`);
    /// `None` if only differences between cells matter.
    pub fn takes_logits(&self) -> Option<bool> {
        match self {
            Self::Mse | Self::Ohkm { .. } | Self::AdaptiveWing(_) => Some(false),
            Self::Bce | Self::Focal(_) => Some(true),
            _ => None,
        }
    }

    /// Whether the loss uses positions read by a soft-argmax, so that the scale of the maps must
    /// suit the softmax.
    pub(super) fn reads_positions(&self) -> bool {
        matches!(
            self,
            Self::SoftArgmaxL1 { .. }
                | Self::SoftArgmaxSmoothL1 { .. }
                | Self::SoftArgmaxWing { .. }
        )
    }

    /// Checks that the parameters are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid parameter.
    pub fn validate(&self) -> Result<(), Error> {
        let above_zero = |what: &str, value: f64| match is_positive(value) {
            true => Ok(()),
            false => Err(Error::config(format!(
                "{what} of '{}' must be above 0, and finite in single precision, not {value}",
                self.name()
            ))),
        };
        let within_bounds = |temperature| check_temperature(self.name(), temperature);
        match self {
            Self::Mse | Self::Bce => Ok(()),
            Self::Ohkm { hardest } => above_zero("hardest", *hardest as f64),
            Self::AdaptiveWing(config) => config.validate(),
            Self::Focal(config) => config.validate(),
            Self::Kl { temperature }
            | Self::Js { temperature }
            | Self::SoftArgmaxL1 { temperature } => within_bounds(*temperature),
            Self::SoftArgmaxSmoothL1 { temperature, threshold } => {
                within_bounds(*temperature).and(above_zero("threshold", *threshold))
            }
            Self::SoftArgmaxWing { temperature, wing } => {
                within_bounds(*temperature).and(wing.validate())
            }
        }
    }

    /// `[B]`: the loss of each sample.
    ///
    /// # Shapes
    /// - `predicted`: `[B, n, h, w]`, like the target's heatmaps
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn per_sample(&self, predicted: Tensor<4>, target: &HeatmapTarget) -> Tensor<1> {
        let HeatmapTarget { heatmaps, weights, cells, located } = target.clone();
        match self {
            Self::Mse => heatmap_mse_per_sample(predicted, heatmaps, weights),
            Self::Ohkm { hardest } => {
                heatmap_ohkm_per_sample(predicted, heatmaps, weights, *hardest)
            }
            Self::AdaptiveWing(config) => {
                heatmap_adaptive_wing_per_sample(predicted, heatmaps, weights, config)
            }
            Self::Bce => heatmap_bce_per_sample(predicted, heatmaps, weights),
            Self::Focal(config) => heatmap_focal_per_sample(predicted, heatmaps, weights, config),
            Self::Kl { temperature } => {
                heatmap_kl_per_sample(predicted, heatmaps, weights, *temperature)
            }
            Self::Js { temperature } => {
                heatmap_js_per_sample(predicted, heatmaps, weights, *temperature)
            }
            Self::SoftArgmaxL1 { temperature } => {
                coordinate_l1_per_sample(soft_argmax(predicted, *temperature), cells, located)
            }
            Self::SoftArgmaxSmoothL1 { temperature, threshold } => {
                let found = soft_argmax(predicted, *temperature);
                coordinate_smooth_l1_per_sample(found, cells, located, *threshold)
            }
            Self::SoftArgmaxWing { temperature, wing } => coordinate_wing_per_sample(
                soft_argmax(predicted, *temperature),
                cells,
                located,
                wing,
            ),
        }
    }
}
