//! What comes last in an epilogue.
use burn::tensor::{Tensor, activation};

use crate::named::named_enum;

/// The activation function that follows a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Activation {
    /// None at all. The default.
    #[default]
    Identity,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`: MobileNet's and EfficientNet-Lite's.
    Relu6,
    /// `x · sigmoid(x)`, also called Swish: EfficientNet's.
    Silu,
}

named_enum!(Activation, "activation", {
    Identity => "identity",
    Relu => "relu",
    Relu6 => "relu6",
    Silu => "silu",
});

impl Activation {
    /// The function of each value, in Burn's own operations.
    pub fn apply<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            Self::Relu => activation::relu(x),
            Self::Relu6 => x.clamp(0.0, 6.0),
            Self::Silu => activation::silu(x),
        }
    }
}
