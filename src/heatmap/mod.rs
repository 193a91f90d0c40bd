//! Encoding landmarks as heatmaps and decoding them. [`HeatmapCodec`] holds the sizes, the stride,
//! sigma and both directions; [`Refinement`] lists the ways to find positions between cells.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::prelude::*;
//!
//! let device = Device::flex();
//! let codec = HeatmapCodec::new([320, 320], 4, 2.0);
//! // Cell ((83 + ½)/4 − ½, (42 + ½)/4 − ½) = (20.375, 10.125).
//! let positions = Tensor::<3>::from_floats([[[83.0, 42.0]]], &device);
//! let heatmaps = codec.encode(positions, Tensor::ones([1, 1], &device));
//! // The highest cell is (20, 10); the refinement finds (20.25, 10.25).
//! let found = codec.decode(heatmaps, Refinement::QuarterOffset).into_images();
//! assert_eq!(found[0].positions, [[82.5, 42.5]]);
//! ```
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
