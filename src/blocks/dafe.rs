//! The DAFE module: spatial attentive upsampling, then channel-wise attentive selection.
use burn::{
    config::Config,
    module::Module,
    tensor::{Device, Tensor},
};

use super::{
    AttentionMap, ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, Gate,
    SpatialAttentiveUpsampling, SpatialAttentiveUpsamplingConfig,
};

/// Configuration of [`DafeModule`].
#[derive(Config, Debug, PartialEq)]
pub struct DafeModuleConfig {
    /// Channels of the high-level (coarse) map.
    pub high_channels: usize,
    /// Channels of the low-level (fine) map.
    pub low_channels: usize,
    /// Channels of the output; those of the low-level map by default.
    #[config(default = "None")]
    pub out_channels: Option<usize>,
    /// Whether all channels share one spatial attention map or have one each.
    #[config(default = "AttentionMap::Shared")]
    pub attention: AttentionMap,
    /// Whether batch normalization and ReLU follow the transposed convolution.
    #[config(default = false)]
    pub norm: bool,
    /// The channel attention's bottleneck has `max(out_channels / reduction, 1)` channels.
    #[config(default = 16)]
    pub reduction: usize,
    /// The function applied to the channel weights.
    #[config(default = "Gate::Linear")]
    pub gate: Gate,
}

/// Dual Attention Feature Enhancement: merges a coarse map with a map twice as fine into one fine
/// map (§3.2 and §3.3 of the paper).
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{blocks::DafeModuleConfig, prelude::*};
///
/// let device = Device::flex();
/// let module = DafeModuleConfig::new(64, 32).init(&device);
/// let high = Tensor::<4>::zeros([1, 64, 10, 10], &device);
/// let low = Tensor::<4>::zeros([1, 32, 20, 20], &device);
/// let (merged, attention) = module.forward_with_attention(high, low);
/// assert_eq!(merged.dims(), [1, 32, 20, 20]);
/// assert_eq!(attention.spatial.dims(), [1, 1, 10, 10]); // before upsampling
/// assert_eq!(attention.channel.dims(), [1, 32, 1, 1]);
/// ```
#[derive(Module, Debug)]
pub struct DafeModule {
    upsampling: SpatialAttentiveUpsampling,
    selection: ChannelAttentiveSelection,
}

/// The attention weights computed by a [`DafeModule`].
#[derive(Debug, Clone)]
pub struct DafeAttention {
    /// Spatial attention, in 0..1: `[B, 1, H, W]` at the high-level map's size, or
    /// `[B, out_channels, H, W]` with [`AttentionMap::PerChannel`].
    pub spatial: Tensor<4>,
    /// The weight of each channel: `[B, out_channels, 1, 1]`.
    pub channel: Tensor<4>,
}

impl DafeModuleConfig {
    /// A new module with random parameters on `device`.
    pub fn init(&self, device: &Device) -> DafeModule {
        let upsampling =
            SpatialAttentiveUpsamplingConfig::new(self.high_channels, self.low_channels)
                .with_out_channels(self.out_channels)
                .with_attention(self.attention)
                .with_norm(self.norm);
        DafeModule {
            selection: ChannelAttentiveSelectionConfig::new(upsampling.width())
                .with_reduction(self.reduction)
                .with_gate(self.gate)
                .init(device),
            upsampling: upsampling.init(device),
        }
    }
}

impl DafeModule {
    /// Merges the two maps.
    ///
    /// # Shapes
    /// - `high`: `[B, high_channels, H, W]`
    /// - `low`: `[B, low_channels, H', W']`, `H'` within one of `2H`, `W'` within one of `2W`
    /// - output: `[B, out_channels, H', W']`
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn forward(&self, high: Tensor<4>, low: Tensor<4>) -> Tensor<4> {
        self.selection.forward(self.upsampling.forward(high, low))
    }

    /// [`Self::forward`], also returning the attention weights.
    pub fn forward_with_attention(
        &self,
        high: Tensor<4>,
        low: Tensor<4>,
    ) -> (Tensor<4>, DafeAttention) {
        DafeAttention::of(&self.upsampling, &self.selection, high, low)
    }
}

impl DafeAttention {
    /// Runs the two blocks one after the other; returns the result and the attention weights.
    pub(crate) fn of(
        upsampling: &SpatialAttentiveUpsampling,
        selection: &ChannelAttentiveSelection,
        high: Tensor<4>,
        low: Tensor<4>,
    ) -> (Tensor<4>, Self) {
        let spatial = upsampling.attention(high.clone());
        let merged = upsampling.forward(high, low);
        let channel = selection.attention(merged.clone());
        (merged * channel.clone(), Self { spatial, channel })
    }
}
