//! The paper's blocks and the alternatives it cites. Each can be used by itself in any network.
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
