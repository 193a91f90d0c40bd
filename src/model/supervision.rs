//! Which of a network's maps are trained.
use burn::tensor::Tensor;

use crate::named::named_enum;

/// Which maps a network is trained by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Supervision {
    /// The output alone. The default.
    #[default]
    Output,
    /// The decoder's coarser maps, too, each through a 1×1 convolution of its own (deep supervision: Lee et al., 2015).
    /// Those are computed in training only: using the network costs nothing more.
    Deep,
}

named_enum!(Supervision, "supervision", { Output => "output", Deep => "deep" });

/// All maps that a network is trained by.
#[derive(Debug, Clone)]
pub struct SupervisedOutput {
    /// `[B, n, ceil(H/4), ceil(W/4)]`: the output.
    pub heatmaps: Tensor<4>,
    /// `[B, n, ceil(H/16), ceil(W/16)]` and `[B, n, ceil(H/8), ceil(W/8)]`, of networks with [`Supervision::Deep`].
    pub auxiliary: Vec<Tensor<4>>,
}
