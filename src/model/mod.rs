//! Complete networks: a backbone, a decoder of DAFE modules or an alternative, and one heatmap per
//! landmark. Start from a [`Preset`] or from [`LandmarkNetConfig`], which is the paper's network by
//! default.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::prelude::*;
//!
//! let device = Device::flex();
//! let net = Preset::Nano.config(8).init(&device);
//! let output = net.forward_with_attention(Tensor::zeros([1, 3, 96, 96], &device));
//! assert_eq!(output.heatmaps.dims(), [1, 8, 24, 24]);
//! // The spatial attention of the three DAFE modules, coarse to fine.
//! let sides: Vec<_> = output.attention.iter().map(|module| module.spatial.dims()[3]).collect();
//! assert_eq!(sides, [3, 6, 12]);
//! ```
mod config;
mod decoder;
mod decoder_stage;
mod landmark_net;
mod presets;
mod summary;
mod supervision;

pub use config::LandmarkNetConfig;
pub use decoder::Decoder;
pub use decoder_stage::DecoderStage;
pub use landmark_net::{LandmarkNet, LandmarkOutput};
pub use presets::Preset;
pub use summary::{Cost, ModelSummary, StageSummary};
pub use supervision::{SupervisedOutput, Supervision};
