//! Top-down addition: the decoder of feature pyramid networks.
use burn::{
    config::Config,
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor, assert_shape},
};

use super::bilinear::{assert_doubles, upsample_bilinear};
use crate::ops::{Epilogue, conv2d};

/// Configuration of [`TopDownAddition`].
#[derive(Config, Debug, PartialEq)]
pub struct TopDownAdditionConfig {
    /// Channels of the high-level (coarse) map.
    pub high_channels: usize,
    /// Channels of the low-level (fine) map.
    pub low_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Whether a 3×3 convolution smooths the sum, as on each output level of a feature pyramid
    /// network.
    #[config(default = false)]
    pub smooth: bool,
}

/// Upsamples a coarse map twofold and adds a fine one, as in "Feature Pyramid Networks for Object
/// Detection" (Lin et al., 2017): the alternative without attention.
///
/// 1×1 convolutions bring both maps to one width first. Upsampling is bilinear here,
/// nearest-neighbor in the paper.
#[derive(Module, Debug)]
pub struct TopDownAddition {
    high: Option<Conv2d>,
    lateral: Conv2d,
    smooth: Option<Conv2d>,
}

impl TopDownAdditionConfig {
    /// A new block with random parameters on `device`.
    pub fn init(&self, device: &Device) -> TopDownAddition {
        let out = self.out_channels;
        let pointwise = |input| Conv2dConfig::new([input, out], [1, 1]).init(device);
        TopDownAddition {
            high: (self.high_channels != out).then(|| pointwise(self.high_channels)),
            lateral: pointwise(self.low_channels),
            smooth: self.smooth.then(|| {
                Conv2dConfig::new([out, out], [3, 3])
                    .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                    .init(device)
            }),
        }
    }
}

impl TopDownAddition {
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
        let [batch, _, height, width] = high.dims();
        let [out, low_channels, ..] = self.lateral.weight.dims();
        let high_channels = self.high.as_ref().map_or(out, |conv| conv.weight.dims()[1]);
        assert_shape!(high, [_, high_channels, _, _]);
        assert_shape!(low, [batch, low_channels, _, _]);
        let [_, _, low_height, low_width] = low.dims();
        assert_doubles([height, width], [low_height, low_width]);
        let high = match &self.high {
            Some(conv) => conv2d(conv, high, Epilogue::default()),
            None => high,
        };
        let high = upsample_bilinear(high, [low_height, low_width]);
        let epilogue = Epilogue { residual: Some(high), ..Epilogue::default() };
        let sum = conv2d(&self.lateral, low, epilogue);
        match &self.smooth {
            Some(conv) => conv2d(conv, sum, Epilogue::default()),
            None => sum,
        }
    }
}
