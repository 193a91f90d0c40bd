//! Upsampling by a transposed convolution alone: the decoder of SimpleBaseline.
use burn::{
    config::Config,
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig,
        conv::{ConvTranspose2d, ConvTranspose2dConfig},
    },
    tensor::{Device, Tensor, assert_shape},
};

use super::bilinear::assert_doubles;
use crate::ops::{Epilogue, conv_transpose2d};

/// Configuration of [`TransposedUpsampling`].
#[derive(Config, Debug, PartialEq)]
pub struct TransposedUpsamplingConfig {
    /// Channels of the map.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
}

/// A transposed convolution (kernel 4, stride 2, padding 1, no bias), batch normalization and ReLU,
/// as in "Simple Baselines for Human Pose Estimation and Tracking" (Xiao, Wu, Wei, 2018).
///
/// It uses no fine map. It is the alternative that shows the benefit of skip connections, and the
/// decoder of MMPose's published fashion checkpoints.
#[derive(Module, Debug)]
pub struct TransposedUpsampling {
    upsample: ConvTranspose2d,
    norm: BatchNorm,
}

impl TransposedUpsamplingConfig {
    /// A new block with random parameters on `device`.
    pub fn init(&self, device: &Device) -> TransposedUpsampling {
        TransposedUpsampling {
            upsample: doubling_convolution(self.in_channels, self.out_channels)
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(self.out_channels).init(device),
        }
    }
}

impl TransposedUpsampling {
    /// Upsamples `x` to `size` (`[height, width]`), each side within one of twice the side of `x`.
    ///
    /// # Shapes
    /// - `x`: `[B, in_channels, H, W]`
    /// - output: `[B, out_channels, size[0], size[1]]`
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn forward(&self, x: Tensor<4>, size: [usize; 2]) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        assert_doubles([height, width], size);
        upsample_transposed(&self.upsample, x, size, Epilogue::norm_relu(&self.norm))
    }
}

/// A transposed convolution that doubles a map's sides: kernel 4, stride 2, padding 1.
pub(super) fn doubling_convolution(input: usize, output: usize) -> ConvTranspose2dConfig {
    ConvTranspose2dConfig::new([input, output], [4, 4]).with_stride([2, 2]).with_padding([1, 1])
}

/// [`doubling_convolution`] on the exact ×2 grid, with the last row or column left out or one added
/// as `size` requires, followed by `epilogue`.
pub(super) fn upsample_transposed(
    layer: &ConvTranspose2d,
    x: Tensor<4>,
    size: [usize; 2],
    epilogue: Epilogue,
) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let channels = layer.channels[0];
    assert_shape!(x, [_, channels, _, _]);
    let grid = [2 * height, 2 * width];
    let extra = [0, 1].map(|i| size[i].saturating_sub(grid[i]));
    if size[0] < grid[0] || size[1] < grid[1] {
        let whole = conv_transpose2d(layer, x, extra, Epilogue::default());
        return epilogue.apply(whole.narrow(2, 0, size[0]).narrow(3, 0, size[1]));
    }
    conv_transpose2d(layer, x, extra, epilogue)
}
