//! The global context block: one context vector for all positions.
use burn::{
    config::Config,
    module::Module,
    nn::{
        Initializer, LayerNorm, LayerNormConfig,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{
        Device, Tensor,
        activation::{relu, softmax},
        assert_shape,
    },
};

/// Configuration of [`GlobalContext`].
#[derive(Config, Debug, PartialEq)]
pub struct GlobalContextConfig {
    /// Channels of the map.
    pub channels: usize,
    /// The bottleneck has `max(channels / reduction, 1)` channels. It should have several: a layer
    /// norm over a single channel outputs its bias, whatever the image.
    #[config(default = 16)]
    pub reduction: usize,
}

/// Adds one context vector, gathered from the whole image by one attention map, to every position,
/// as in "GCNet: Non-local Networks Meet Squeeze-Excitation Networks and Beyond" (Cao et al.,
/// 2019). The paper adopts its spatial attention from there.
///
/// The output is `x + expand(ReLU(LayerNorm(reduce(Σ softmax(mask(x)) · x))))`. A new block is the
/// identity: `expand` starts with weight and bias 0.
#[derive(Module, Debug)]
pub struct GlobalContext {
    mask: Conv2d,
    reduce: Conv2d,
    norm: LayerNorm,
    expand: Conv2d,
}

impl GlobalContextConfig {
    /// A new block on `device`.
    ///
    /// # Panics
    /// If `reduction` is 0.
    pub fn init(&self, device: &Device) -> GlobalContext {
        assert!(self.reduction > 0, "reduction must be at least 1, not 0");
        let (channels, bottleneck) = (self.channels, (self.channels / self.reduction).max(1));
        GlobalContext {
            mask: Conv2dConfig::new([channels, 1], [1, 1]).init(device),
            reduce: Conv2dConfig::new([channels, bottleneck], [1, 1]).init(device),
            norm: LayerNormConfig::new(bottleneck).init(device),
            expand: Conv2dConfig::new([bottleneck, channels], [1, 1])
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }
}

impl GlobalContext {
    /// Adds the context to `x`.
    ///
    /// # Shapes
    /// - `x`, output: `[B, channels, H, W]`
    ///
    /// # Panics
    /// If `x` has another number of channels.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [channels, bottleneck, ..] = self.expand.weight.dims();
        assert_shape!(x, [_, channels, _, _]);
        let [batch, _, height, width] = x.dims();
        let positions = height * width;
        let mask: Tensor<3> = self.mask.forward(x.clone()).reshape([batch, positions, 1]);
        let values: Tensor<3> = x.clone().reshape([batch, channels, positions]);
        let context = values.matmul(softmax(mask, 1)).reshape([batch, channels, 1, 1]);
        let reduced: Tensor<2> = self.reduce.forward(context).reshape([batch, bottleneck]);
        let reduced = relu(self.norm.forward(reduced)).reshape([batch, bottleneck, 1, 1]);
        x + self.expand.forward(reduced)
    }
}
