//! The paper's blocks, each usable by itself in any network.
mod bilinear;
mod channel_attentive_selection;
mod dafe;
mod spatial_attentive_upsampling;

pub use bilinear::upsample_bilinear;
pub use channel_attentive_selection::{
    ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, Gate,
};
pub use dafe::{DafeAttention, DafeModule, DafeModuleConfig};
pub use spatial_attentive_upsampling::{
    AttentionMap, SpatialAttentiveUpsampling, SpatialAttentiveUpsamplingConfig,
};
