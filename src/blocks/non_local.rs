//! The non-local block: every position attends to every other.
use burn::{
    config::Config,
    module::Module,
    nn::{
        Initializer,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor, activation::softmax, assert_shape},
};

/// Configuration of [`NonLocal`].
#[derive(Config, Debug, PartialEq)]
pub struct NonLocalConfig {
    /// Channels of the map; keys, queries and values have half as many channels.
    pub channels: usize,
}

/// Adds a weighted mean over all positions to every position, as in "Non-local Neural Networks"
/// (Wang et al., 2018).
///
/// The output is `x + out(softmax(θ(x)ᵀ φ(x)) g(x))`, the embedded Gaussian form. A new block is
/// the identity: `out` starts with weight and bias 0.
///
/// Memory and time grow with the square of the number of positions: 40×40 positions already need a
/// matrix of 2.56 million weights per image, 80×80 one of 41 million.
#[derive(Module, Debug)]
pub struct NonLocal {
    theta: Conv2d,
    phi: Conv2d,
    g: Conv2d,
    out: Conv2d,
}

impl NonLocalConfig {
    /// A new block on `device`.
    pub fn init(&self, device: &Device) -> NonLocal {
        let inner = self.inner_channels();
        let embedding = || Conv2dConfig::new([self.channels, inner], [1, 1]).init(device);
        NonLocal {
            theta: embedding(),
            phi: embedding(),
            g: embedding(),
            out: Conv2dConfig::new([inner, self.channels], [1, 1])
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }

    /// Channels of keys, queries and values.
    pub(crate) fn inner_channels(&self) -> usize {
        (self.channels / 2).max(1)
    }
}

impl NonLocal {
    /// Adds the weighted mean over all positions to `x`.
    ///
    /// # Shapes
    /// - `x`, output: `[B, channels, H, W]`
    ///
    /// # Panics
    /// If `x` has another number of channels.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [channels, inner, ..] = self.out.weight.dims();
        assert_shape!(x, [_, channels, _, _]);
        let [batch, _, height, width] = x.dims();
        let embed = |conv: &Conv2d| -> Tensor<3> {
            conv.forward(x.clone()).reshape([batch, inner, height * width])
        };
        let queries = embed(&self.theta).swap_dims(1, 2); // [B, positions, inner]
        let weights = softmax(queries.matmul(embed(&self.phi)), 2); // [B, positions, positions]
        let seen = weights.matmul(embed(&self.g).swap_dims(1, 2)).swap_dims(1, 2);
        x.clone() + self.out.forward(seen.reshape([batch, inner, height, width]))
    }
}
