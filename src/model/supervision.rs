//! Supervision: which maps of a network are trained.
use burn::tensor::Tensor;

use crate::named::named_enum;

/// Which maps of a network are trained.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{model::Supervision, prelude::*};
///
/// let device = Device::flex();
/// let net = Preset::Nano.config(8).with_supervision(Supervision::Deep).init(&device);
/// let output = net.forward_supervised(Tensor::zeros([1, 3, 96, 96], &device));
/// assert_eq!(output.auxiliary[0].dims(), [1, 8, 6, 6]);
/// assert_eq!(output.auxiliary[1].dims(), [1, 8, 12, 12]);
/// assert_eq!(output.heatmaps.dims(), [1, 8, 24, 24]);
/// ```
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
