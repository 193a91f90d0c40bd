//! Spatial Attentive Upsampling: the paper's equations 1 and 2.
use burn::{
    config::Config,
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d},
    },
    tensor::{Device, Tensor, activation::sigmoid, assert_shape},
};

use super::{
    bilinear::{assert_doubles, upsample_bilinear},
    transposed_upsampling::{doubling_convolution, upsample_transposed},
};
use crate::{
    named::named_enum,
    ops::{Epilogue, conv2d},
};

/// How many channels the spatial attention matrix `M` has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AttentionMap {
    /// One map, shared by all channels (as in GCNet, which the paper adopts it from). The default.
    #[default]
    Shared,
    /// One map for each output channel.
    PerChannel,
    /// No attention, `M = 1`: the low-level map is added unweighted. For ablations, and for
    /// alternative blocks that use the same upsampling.
    Uniform,
}

named_enum!(AttentionMap, "attention map", {
    Shared => "shared",
    PerChannel => "per-channel",
    Uniform => "uniform",
});

/// Configuration of [`SpatialAttentiveUpsampling`].
#[derive(Config, Debug, PartialEq)]
pub struct SpatialAttentiveUpsamplingConfig {
    /// Channels of the high-level (coarse) map `X`.
    pub high_channels: usize,
    /// Channels of the low-level (fine) map `Y`.
    pub low_channels: usize,
    /// Channels of the output; those of `Y` by default. If they differ from `Y`'s, a 1×1 lateral
    /// convolution brings `Y` to this width. The lateral convolution is not the paper's, which
    /// gives both maps one shape, but follows FPN.
    #[config(default = "None")]
    pub out_channels: Option<usize>,
    /// Whether all channels share one attention map or have one each.
    #[config(default = "AttentionMap::Shared")]
    pub attention: AttentionMap,
    /// Whether batch normalization and ReLU follow the transposed convolution, as in
    /// SimpleBaseline. The paper has neither.
    #[config(default = false)]
    pub norm: bool,
}

/// Upsamples a high-level map and adds a low-level map, weighted by attention from the high-level
/// map.
///
/// - Eq. 1: `M = sigmoid(C X)`, `C` a 1×1 convolution;
/// - Eq. 2: `X̃ = U_t(X) + U_b(M) * Y`, `U_t` a transposed convolution (kernel 4, stride 2, padding
///   1), `U_b` bilinear ×2 upsampling with half-pixel centers.
///
/// The low-level map may be one row or column smaller or larger than twice the high-level map: both
/// upsamplings are computed on the exact ×2 grid and keep its first rows and columns.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{blocks::SpatialAttentiveUpsamplingConfig, prelude::*};
///
/// let device = Device::flex();
/// let upsampling = SpatialAttentiveUpsamplingConfig::new(64, 32).init(&device);
/// // The two finest maps of an image 250 pixels wide and high: 250 / 8 and 250 / 4, rounded up.
/// let high = Tensor::<4>::zeros([1, 64, 32, 32], &device);
/// let low = Tensor::<4>::zeros([1, 32, 63, 63], &device);
/// assert_eq!(upsampling.forward(high, low).dims(), [1, 32, 63, 63]);
/// ```
#[derive(Module, Debug)]
pub struct SpatialAttentiveUpsampling {
    upsample: ConvTranspose2d,
    attention: Option<Conv2d>,
    lateral: Option<Conv2d>,
    norm: Option<BatchNorm>,
}

impl SpatialAttentiveUpsamplingConfig {
    /// Channels of the output.
    pub fn width(&self) -> usize {
        self.out_channels.unwrap_or(self.low_channels)
    }

    /// A new block with random parameters on `device`.
    pub fn init(&self, device: &Device) -> SpatialAttentiveUpsampling {
        let width = self.width();
        let maps = match self.attention {
            AttentionMap::Shared => Some(1),
            AttentionMap::PerChannel => Some(width),
            AttentionMap::Uniform => None,
        };
        SpatialAttentiveUpsampling {
            upsample: doubling_convolution(self.high_channels, width).init(device),
            attention: maps
                .map(|maps| Conv2dConfig::new([self.high_channels, maps], [1, 1]).init(device)),
            lateral: (self.low_channels != width)
                .then(|| Conv2dConfig::new([self.low_channels, width], [1, 1]).init(device)),
            norm: self.norm.then(|| BatchNormConfig::new(width).init(device)),
        }
    }
}

impl SpatialAttentiveUpsampling {
    /// Applies equations 1 and 2.
    ///
    /// # Shapes
    /// - `high`: `[B, high_channels, H, W]`
    /// - `low`: `[B, low_channels, H', W']`, `H'` within one of `2H`, `W'` within one of `2W`
    /// - output: `[B, out_channels, H', W']`
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn forward(&self, high: Tensor<4>, low: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = high.dims();
        let low_channels = match &self.lateral {
            Some(lateral) => lateral.weight.dims()[1],
            None => self.upsample.channels[1],
        };
        assert_shape!(low, [batch, low_channels, _, _]);
        let [_, _, low_height, low_width] = low.dims();
        let size = [low_height, low_width];
        assert_doubles([height, width], size);

        let attention = self.attention.as_ref();
        let attention = attention.map(|_| upsample_bilinear(self.attention(high.clone()), size));
        let low = match &self.lateral {
            Some(lateral) => conv2d(lateral, low, Epilogue::default()),
            None => low,
        };
        // A shared map is fused into the upsampling; one map per channel is multiplied beforehand.
        let (low, gate) = match attention {
            Some(attention) if attention.dims()[1] == 1 => (low, Some(attention)),
            Some(attention) => (attention * low, None),
            None => (low, None),
        };
        let addition = Epilogue { residual: Some(low), gate, ..Epilogue::default() };
        match &self.norm {
            Some(norm) => {
                let epilogue = Epilogue::norm_relu(norm);
                addition.apply(upsample_transposed(&self.upsample, high, size, epilogue))
            }
            None => upsample_transposed(&self.upsample, high, size, addition),
        }
    }

    /// Equation 1: the attention map `M`, before it is upsampled.
    ///
    /// # Shapes
    /// - `high`: `[B, high_channels, H, W]`
    /// - output: `[B, 1, H, W]`, or `[B, out_channels, H, W]` with [`AttentionMap::PerChannel`]; in
    ///   0..1
    pub fn attention(&self, high: Tensor<4>) -> Tensor<4> {
        let high_channels = self.upsample.channels[0];
        assert_shape!(high, [_, high_channels, _, _]);
        let [batch, _, height, width] = high.dims();
        match &self.attention {
            Some(attention) => sigmoid(conv2d(attention, high, Epilogue::default())),
            None => Tensor::ones([batch, 1, height, width], &high.device()),
        }
    }
}
