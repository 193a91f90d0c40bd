//! Landmarks to heatmaps and back: one [`HeatmapCodec`] owns the sizes, the stride, sigma and both directions.
mod codec;
mod decode;
#[cfg(feature = "flex")]
mod direct;
mod encode;
mod flip;
mod refine;

pub use codec::HeatmapCodec;
pub use decode::{Landmarks, PictureLandmarks, Refinement};
