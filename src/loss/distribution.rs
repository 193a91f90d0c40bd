//! Heatmaps as distributions over cells.
use burn::tensor::{DType, Tensor, activation::log_softmax};

use super::reduce::demand;
use crate::heatmap::check_temperature;

/// Predicted maps and their targets as distributions over cells, flattened.
pub(super) struct Distributions {
    /// `[B, n, H·W]`: the logarithm of the softmax of the predicted maps.
    pub log_predicted: Tensor<3>,
    /// `[B, n, H·W]`: the target divided by its sum; an empty map stays empty.
    pub target: Tensor<3>,
    /// `[B, n]`: the weights; 0 for empty targets, which are not distributions.
    pub weights: Tensor<2>,
}

impl Distributions {
    /// From `predicted` and a constant `target`, both `[B, n, H, W]` with at least one cell.
    /// `predicted` is divided by `temperature` before the softmax.
    pub fn new(
        predicted: Tensor<4>,
        target: Tensor<4>,
        weights: Tensor<2>,
        temperature: f64,
    ) -> Self {
        demand(check_temperature("softmax", temperature));
        let [batch, n, height, width] = predicted.dims();
        let flat = [batch, n, height * width];
        let target: Tensor<3> = target.reshape(flat);
        let tiny = tiny(target.dtype());
        let sum = target.clone().sum_dim(2);
        let empty = sum.clone().lower_equal_elem(tiny).squeeze_dim::<2>(2);
        Self {
            log_predicted: log_softmax(predicted.reshape(flat).div_scalar(temperature), 2),
            target: target / sum.clamp_min(tiny),
            weights: weights.mask_fill(empty, 0.0),
        }
    }
}

/// The logarithm, clamped below at that of [`tiny`]. It is always finite, so 0 · log(0) gives 0.
pub(super) fn log(probability: Tensor<3>) -> Tensor<3> {
    let tiny = tiny(probability.dtype());
    probability.clamp_min(tiny).log()
}

/// The smallest positive normal number of the data type.
fn tiny(dtype: DType) -> f64 {
    dtype.finfo().expect("probabilities are floats").min_positive
}
