//! The paper's blocks and the alternatives it cites: they upsample a coarse feature map, merge it
//! with a map twice as fine, or refine one map. Each can be used by itself in any network.
//! [`DafeModule`] is the paper's; stacked, it leads from the coarsest map to the finest.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::{blocks::DafeModuleConfig, prelude::*};
//!
//! let device = Device::flex();
//! let coarse = DafeModuleConfig::new(64, 32).init(&device);
//! let fine = DafeModuleConfig::new(32, 16).init(&device);
//! let map = |channels, side| Tensor::<4>::zeros([1, channels, side, side], &device);
//! let merged = coarse.forward(map(64, 5), map(32, 10));
//! let merged = fine.forward(merged, map(16, 20));
//! assert_eq!(merged.dims(), [1, 16, 20, 20]);
//! ```
mod bilinear;
mod channel_attentive_selection;
mod dafe;
mod global_context;
mod non_local;
mod spatial_attentive_upsampling;
mod top_down_addition;
mod transposed_upsampling;

pub use bilinear::upsample_bilinear;
pub use channel_attentive_selection::{
    ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, Gate,
};
pub use dafe::{DafeAttention, DafeModule, DafeModuleConfig};
pub use global_context::{GlobalContext, GlobalContextConfig};
pub use non_local::{NonLocal, NonLocalConfig};
pub use spatial_attentive_upsampling::{
    AttentionMap, SpatialAttentiveUpsampling, SpatialAttentiveUpsamplingConfig,
};
pub use top_down_addition::{TopDownAddition, TopDownAdditionConfig};
pub use transposed_upsampling::{TransposedUpsampling, TransposedUpsamplingConfig};
