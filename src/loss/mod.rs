//! Losses on heatmaps.
mod heatmap_mse;

pub use heatmap_mse::{heatmap_mse, heatmap_mse_per_sample};
