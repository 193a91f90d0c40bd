//! Channel-wise Attentive Selection: the paper's equations 3 to 5.
use burn::{
    config::Config,
    module::Module,
    nn::{
        Initializer,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor, activation::sigmoid, assert_shape},
};

use crate::{
    named::named_enum,
    ops::{Activation, Epilogue, conv2d, global_mean, scale_channels},
};

/// The function applied to the channel weights `U` before they multiply the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Gate {
    /// Nothing: the paper's equation 4 has no sigmoid. The default.
    #[default]
    Linear,
    /// A sigmoid, as in squeeze-and-excitation.
    Sigmoid,
}

named_enum!(Gate, "gate", { Linear => "linear", Sigmoid => "sigmoid" });

/// Configuration of [`ChannelAttentiveSelection`].
#[derive(Config, Debug, PartialEq)]
pub struct ChannelAttentiveSelectionConfig {
    /// Channels of the map.
    pub channels: usize,
    /// The bottleneck has `max(channels / reduction, 1)` channels.
    #[config(default = 16)]
    pub reduction: usize,
    /// The function applied to the channel weights.
    #[config(default = "Gate::Linear")]
    pub gate: Gate,
}

/// Weights each channel of a map by attention computed from the whole map.
///
/// - Eq. 3: `z`, the mean of each channel over height and width;
/// - Eq. 4: `U = C2 ReLU(C1 z)`, two 1×1 convolutions with a bottleneck;
/// - Eq. 5: `X̃ = X ⊗ U`, channel by channel.
///
/// A new block with [`Gate::Linear`] is the identity: `C2` starts with weight 0 and bias 1, so
/// `U = 1`. Otherwise, three stacked modules would start by nearly erasing the signal.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{blocks::ChannelAttentiveSelectionConfig, burn::tensor::Distribution, prelude::*};
///
/// let device = Device::flex();
/// let selection = ChannelAttentiveSelectionConfig::new(32).init(&device);
/// let x = Tensor::<4>::random([1, 32, 8, 8], Distribution::Default, &device);
/// let ones = Tensor::<4>::ones([1, 32, 1, 1], &device);
/// assert_eq!(selection.attention(x.clone()).into_data(), ones.into_data());
/// assert_eq!(selection.forward(x.clone()).into_data(), x.into_data());
/// ```
#[derive(Module, Debug)]
pub struct ChannelAttentiveSelection {
    reduce: Conv2d,
    expand: Conv2d,
    #[module(skip)]
    gate: Gate,
}

impl ChannelAttentiveSelectionConfig {
    /// A new block on `device`.
    ///
    /// # Panics
    /// If `reduction` is 0.
    pub fn init(&self, device: &Device) -> ChannelAttentiveSelection {
        assert!(self.reduction > 0, "reduction must be at least 1, not 0");
        let bottleneck = (self.channels / self.reduction).max(1);
        let mut expand = Conv2dConfig::new([bottleneck, self.channels], [1, 1])
            .with_initializer(Initializer::Zeros)
            .init(device);
        expand.bias = Some(Initializer::Ones.init([self.channels], device));
        ChannelAttentiveSelection {
            reduce: Conv2dConfig::new([self.channels, bottleneck], [1, 1]).init(device),
            expand,
            gate: self.gate,
        }
    }
}

impl ChannelAttentiveSelection {
    /// Applies equations 3 to 5.
    ///
    /// # Shapes
    /// - `x`, output: `[B, channels, H, W]`
    ///
    /// # Panics
    /// If `x` has another number of channels.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let attention = self.attention(x.clone());
        scale_channels(x, attention)
    }

    /// Equations 3 and 4: the weight of each channel.
    ///
    /// # Shapes
    /// - `x`: `[B, channels, H, W]`
    /// - output: `[B, channels, 1, 1]`
    pub fn attention(&self, x: Tensor<4>) -> Tensor<4> {
        let [channels, ..] = self.expand.weight.dims();
        assert_shape!(x, [_, channels, _, _]);
        let z = global_mean(x);
        let relu = Epilogue { activation: Activation::Relu, ..Epilogue::default() };
        let reduced = conv2d(&self.reduce, z, relu);
        let weights = conv2d(&self.expand, reduced, Epilogue::default());
        match self.gate {
            Gate::Linear => weights,
            Gate::Sigmoid => sigmoid(weights),
        }
    }
}
