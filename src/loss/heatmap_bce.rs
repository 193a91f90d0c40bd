//! Binary cross-entropy of heatmaps, on logits.
use burn::tensor::{Tensor, activation::log_sigmoid};

use super::reduce::{mean_of_cells, mean_of_landmarks, mean_of_samples, of_maps};

/// Binary cross-entropy of heatmaps (PyTorch's `binary_cross_entropy_with_logits`).
///
/// The mean over all cells of all maps of `−t·ln σ(x) − (1−t)·ln(1−σ(x))`, each map weighted by its
/// landmark's weight. Every cell predicts whether the landmark is there, with the Gaussian as its
/// target.
///
/// The network's output is logits: the target is compared with their sigmoid. The denominator is
/// `B·n·H·W`, whatever the weights.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{loss::heatmap_bce, prelude::*};
///
/// let device = Device::flex();
/// // A logit of 0 is a probability of ½, which costs ln 2 whatever the target is.
/// let logits = Tensor::<4>::zeros([1, 1, 2, 2], &device);
/// let target = logits.ones_like();
/// let loss = heatmap_bce(logits, target, Tensor::ones([1, 1], &device)).into_scalar::<f32>();
/// assert!((loss - 2f32.ln()).abs() < 1e-6);
/// ```
///
/// # Shapes
/// - `logits`, `target`: `[B, n, H, W]`; targets are in 0..1
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If the shapes don't fit; the message names them.
pub fn heatmap_bce(logits: Tensor<4>, target: Tensor<4>, weights: Tensor<2>) -> Tensor<1> {
    mean_of_samples(heatmap_bce_per_sample(logits, target, weights))
}

/// [`heatmap_bce`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_bce`]; output: `[B]`.
pub fn heatmap_bce_per_sample(
    logits: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
) -> Tensor<1> {
    of_maps(logits, target, weights, |logits, target, weights| {
        // ln(1 − σ(x)) = ln σ(−x) and ln σ(x) = x + ln σ(−x): accurate for large x of either sign.
        let losses = log_sigmoid(logits.clone().neg()).neg() - logits * target;
        mean_of_landmarks(mean_of_cells(losses), weights)
    })
}
