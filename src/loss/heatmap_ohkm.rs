//! Online hard keypoint mining: the mean squared error of each sample's hardest landmarks.
use burn::tensor::Tensor;

use super::reduce::{mean_of_cells, mean_of_samples, of_maps};

/// Mean squared error of the heatmaps of each sample's `hardest` landmarks (Chen et al., 2018,
/// "Cascaded Pyramid Network").
///
/// This is `Σ weight · (predicted − target)²` over the landmarks of each sample with the greatest
/// loss, divided by `B·hardest·H·W`. MMPose's `KeypointOHKMMSELoss` applies the weights before
/// squaring, which is the same for weights of 0 and 1.
///
/// If a sample has fewer than `hardest` landmarks, all count, and their number replaces `hardest`.
/// Landmarks are picked within each sample, so the losses of the shards of a batch average to the
/// loss of the whole batch.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{loss::heatmap_ohkm, prelude::*};
///
/// let device = Device::flex();
/// let predicted = Tensor::<4>::from_floats([[[[1.0]], [[3.0]], [[2.0]]]], &device);
/// let (target, weights) = (predicted.zeros_like(), Tensor::ones([1, 3], &device));
/// // The two hardest landmarks: (9 + 4) / 2.
/// assert_eq!(heatmap_ohkm(predicted, target, weights, 2).into_scalar::<f32>(), 6.5);
/// ```
///
/// # Shapes
/// - `predicted`, `target`: `[B, n, H, W]`
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If `hardest` is 0, or if the shapes don't fit (the message names them).
pub fn heatmap_ohkm(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    hardest: usize,
) -> Tensor<1> {
    mean_of_samples(heatmap_ohkm_per_sample(predicted, target, weights, hardest))
}

/// [`heatmap_ohkm`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_ohkm`]; output: `[B]`.
pub fn heatmap_ohkm_per_sample(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    hardest: usize,
) -> Tensor<1> {
    assert!(hardest > 0, "mining needs the hardest landmarks to be at least 1, not 0");
    of_maps(predicted, target, weights, |predicted, target, weights| {
        let [_, n] = weights.dims();
        let losses = mean_of_cells((predicted - target).powi_scalar(2)) * weights;
        losses.topk(hardest.min(n), 1).mean_dim(1).squeeze_dim(1)
    })
}
