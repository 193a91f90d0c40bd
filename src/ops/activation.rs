//! Activation functions of epilogues.
use burn::tensor::{Tensor, activation};

use crate::named::named_enum;

/// The activation function at the end of an epilogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Activation {
    /// No activation. The default.
    #[default]
    Identity,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`: used by MobileNet and EfficientNet-Lite.
    Relu6,
    /// `x · sigmoid(x)`, also called Swish: used by EfficientNet.
    Silu,
}

named_enum!(Activation, "activation", {
    Identity => "identity",
    Relu => "relu",
    Relu6 => "relu6",
    Silu => "silu",
});

impl Activation {
    /// Applies the function to each value with Burn's own operations.
    pub fn apply<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            Self::Relu => activation::relu(x),
            Self::Relu6 => x.clamp(0.0, 6.0),
            Self::Silu => activation::silu(x),
        }
    }
}
