//! Losses on heatmaps and on the coordinates read from them. [`LossConfig`] selects the losses for
//! training; the project's docs/losses.md explains when to use which.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::{loss::heatmap_mse, prelude::*};
//!
//! let device = Device::flex();
//! // One image, two landmarks, maps of 1×2 cells. The second landmark is not labeled: weight 0.
//! let predicted = Tensor::<4>::from_floats([[[[0.5, 0.0]], [[9.0, 9.0]]]], &device);
//! let target = Tensor::from_floats([[[[1.0, 0.0]], [[0.0, 0.0]]]], &device);
//! let loss = heatmap_mse(predicted, target, Tensor::from_floats([[1.0, 0.0]], &device));
//! assert_eq!(loss.into_scalar::<f32>(), 0.0625); // 0.5² / (1·2·1·2)
//! ```
//!
//! Each loss comes in two forms: for a batch, `[1]`, and for each sample, `[B]`; the first is the
//! mean of the second. Landmarks count by their weights. If all weights are 0, the loss is 0 and so
//! are its gradients; without landmarks or samples, the loss is also 0. Targets are constants: no
//! gradient flows into them, even if they are tracked tensors. Denominators are fixed, whatever the
//! weights, so the losses of the shards of a batch average to the loss of the whole batch.
mod config;
mod coordinate;
mod distribution;
mod heatmap_adaptive_wing;
mod heatmap_bce;
mod heatmap_focal;
mod heatmap_js;
mod heatmap_kl;
mod heatmap_mse;
mod heatmap_ohkm;
mod landmark_loss;
mod reduce;
mod robust;
mod text;

pub use config::{LossConfig, WeightedLoss};
pub use coordinate::{
    Wing, coordinate_l1, coordinate_l1_per_sample, coordinate_smooth_l1,
    coordinate_smooth_l1_per_sample, coordinate_wing, coordinate_wing_per_sample,
};
pub use heatmap_adaptive_wing::{
    AdaptiveWing, heatmap_adaptive_wing, heatmap_adaptive_wing_per_sample,
};
pub use heatmap_bce::{heatmap_bce, heatmap_bce_per_sample};
pub use heatmap_focal::{Focal, heatmap_focal, heatmap_focal_per_sample};
pub use heatmap_js::{heatmap_js, heatmap_js_per_sample};
pub use heatmap_kl::{heatmap_kl, heatmap_kl_per_sample};
pub use heatmap_mse::{heatmap_mse, heatmap_mse_per_sample};
pub use heatmap_ohkm::{heatmap_ohkm, heatmap_ohkm_per_sample};
pub use landmark_loss::LandmarkLoss;
