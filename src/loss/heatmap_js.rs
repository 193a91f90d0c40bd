//! Jensen–Shannon divergence of heatmaps as distributions.
use burn::tensor::Tensor;

use super::{
    distribution::{Distributions, log},
    reduce::{mean_of_landmarks, mean_of_samples, of_maps, sum_of_cells},
};

/// Jensen–Shannon divergence between predicted and target distributions over cells.
///
/// This is `½ KL(p ‖ m) + ½ KL(t ‖ m)` with `m = (p + t)/2`, for each map, times the landmark's
/// weight, divided by `B·n`. `p` is the softmax over all cells of `predicted / temperature`, and
/// `t` is the target divided by its sum. It is the regularization of Nibali et al., 2018,
/// "Numerical Coordinate Regression with Convolutional Neural Networks" (DSNT), and MMPose's
/// `JSDiscretLoss`.
///
/// Between 0 and ln 2. An empty target map is not a distribution: its landmark is left out,
/// whatever its weight.
///
/// # Shapes
/// - `predicted`, `target`: `[B, n, H, W]`; targets are 0 or more
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If the temperature is not within
/// [`Refinement::TEMPERATURES`](crate::heatmap::Refinement::TEMPERATURES), or if the shapes don't
/// fit (the message names them).
pub fn heatmap_js(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    temperature: f64,
) -> Tensor<1> {
    mean_of_samples(heatmap_js_per_sample(predicted, target, weights, temperature))
}

/// [`heatmap_js`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_js`]; output: `[B]`.
pub fn heatmap_js_per_sample(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    temperature: f64,
) -> Tensor<1> {
    of_maps(predicted, target, weights, |predicted, target, weights| {
        let Distributions { log_predicted, target, weights } =
            Distributions::new(predicted, target, weights, temperature);
        let predicted = log_predicted.clone().exp();
        let log_middle = log((predicted.clone() + target.clone()).div_scalar(2.0));
        let of_predicted = predicted * (log_predicted - log_middle.clone());
        let of_target = target.clone() * (log(target) - log_middle);
        mean_of_landmarks(sum_of_cells(of_predicted + of_target).div_scalar(2.0), weights)
    })
}
