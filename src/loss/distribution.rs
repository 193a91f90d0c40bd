//! Heatmaps as distributions over cells.
use burn::tensor::{Tensor, activation::log_softmax};

use super::reduce::check_maps;

/// The smallest probability whose logarithm is taken.
const TINY: f64 = 1e-30;

/// Predicted maps and their targets as distributions over cells, flattened.
pub(super) struct Distributions {
    /// `[B, n, H·W]`: the logarithm of the softmax of the predicted maps.
    pub log_predicted: Tensor<3>,
    /// `[B, n, H·W]`: the target divided by its sum; an empty map stays empty.
    pub target: Tensor<3>,
    /// `[B, n]`: the weights, 0 for empty targets, which are no distribution.
    pub weights: Tensor<2>,
}

impl Distributions {
    /// Of `predicted` and `target`, `[B, n, H, W]`; `predicted` is multiplied by `beta` before the softmax.
    pub fn new(predicted: Tensor<4>, target: Tensor<4>, weights: Tensor<2>, beta: f64) -> Self {
        check_maps(&predicted, &target, &weights);
        let [batch, n, height, width] = predicted.dims();
        let flat = [batch, n, height * width];
        let target: Tensor<3> = target.detach().reshape(flat);
        let sum = target.clone().sum_dim(2);
        let empty = sum.clone().lower_equal_elem(TINY).squeeze_dim::<2>(2);
        Self {
            log_predicted: log_softmax(predicted.reshape(flat).mul_scalar(beta), 2),
            target: target / sum.clamp_min(TINY),
            weights: weights.mask_fill(empty, 0.0),
        }
    }
}

/// The logarithm, of nothing smaller than [`TINY`]: times a probability that is smaller, it is 0.
pub(super) fn log(probability: Tensor<3>) -> Tensor<3> {
    probability.clamp_min(TINY).log()
}
