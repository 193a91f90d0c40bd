//! Supervision: which maps of a network are trained.
use burn::tensor::Tensor;

use crate::named::named_enum;

/// Which maps of a network are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Supervision {
    /// Only the output. The default.
    #[default]
    Output,
    /// The decoder's coarser maps as well, each through its own 1×1 convolution (deep supervision:
    /// Lee et al., 2015). These are computed only in training, so inference costs nothing more.
    Deep,
}

named_enum!(Supervision, "supervision", { Output => "output", Deep => "deep" });

/// All maps of a network that are trained.
#[derive(Debug, Clone)]
pub struct SupervisedOutput {
    /// `[B, n, ceil(H/4), ceil(W/4)]`: the output.
    pub heatmaps: Tensor<4>,
    /// `[B, n, ceil(H/16), ceil(W/16)]` and `[B, n, ceil(H/8), ceil(W/8)]` with
    /// [`Supervision::Deep`]; empty otherwise.
    pub auxiliary: Vec<Tensor<4>>,
}
