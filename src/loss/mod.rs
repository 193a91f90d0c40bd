//! Losses on heatmaps, and on the coordinates that are read from them.
//!
//! Each comes as the loss of a batch, `[1]`, and as that of each sample, `[B]`, whose mean it is. Landmarks count by their
//! weights; without any, the loss is 0 and so are its gradients. Of no landmarks, and of no samples, the loss is 0, too.
//! Targets are constants: no gradient flows into them, tracked or not. Denominators are fixed, whatever the weights: the losses of
//! the parts of a batch, each over its own share, average to the loss of the whole.
//!
//! [`LossConfig`] chooses among them for a training. Which to use when: the project's docs/losses.md.
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
