//! Encoding landmarks as heatmaps and decoding them. [`HeatmapCodec`] holds the sizes, the stride,
//! sigma and both directions; [`Refinement`] lists the ways to find positions between cells.
mod codec;
mod decode;
mod decode_config;
mod encode;
#[cfg(feature = "flex")]
mod flex;
mod flip;
mod landmarks;
mod peaks;
mod refine;
mod soft_argmax;
mod target;

pub use codec::HeatmapCodec;
pub use decode_config::DecodeConfig;
pub use landmarks::{ImageLandmarks, Landmarks};
pub use peaks::Peaks;
pub use refine::Refinement;
pub(crate) use soft_argmax::check_temperature;
pub use soft_argmax::soft_argmax;
pub use target::HeatmapTarget;
