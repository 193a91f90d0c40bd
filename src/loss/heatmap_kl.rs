//! Kullback–Leibler divergence of heatmaps as distributions.
use burn::tensor::Tensor;

use super::{
    distribution::{Distributions, log},
    reduce::{mean_of_landmarks, mean_of_samples, of_maps, sum_of_cells},
};

/// Kullback–Leibler divergence between target and predicted distributions over cells.
///
/// This is `KL(t ‖ p) = Σ t·(ln t − ln p)` over the cells of each map, times the landmark's weight,
/// divided by `B·n`. `p` is the softmax over all cells of `predicted / temperature`, and `t` is the
/// target divided by its sum (PyTorch's `kl_div`; MMPose's `KLDiscretLoss`, which works on
/// distributions along each axis).
///
/// An empty target map is not a distribution: its landmark is left out, whatever its weight.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{loss::heatmap_kl, prelude::*};
///
/// let device = Device::flex();
/// // All four cells are equally probable, and the landmark is in one of them: ln 4.
/// let predicted = Tensor::<4>::zeros([1, 1, 2, 2], &device);
/// let target = Tensor::from_floats([[[[1.0, 0.0], [0.0, 0.0]]]], &device);
/// let loss = heatmap_kl(predicted, target, Tensor::ones([1, 1], &device), 1.0);
/// assert!((loss.into_scalar::<f32>() - 4f32.ln()).abs() < 1e-6);
/// ```
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
pub fn heatmap_kl(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    temperature: f64,
) -> Tensor<1> {
    mean_of_samples(heatmap_kl_per_sample(predicted, target, weights, temperature))
}

/// [`heatmap_kl`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_kl`]; output: `[B]`.
pub fn heatmap_kl_per_sample(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    temperature: f64,
) -> Tensor<1> {
    of_maps(predicted, target, weights, |predicted, target, weights| {
        let Distributions { log_predicted, target, weights } =
            Distributions::new(predicted, target, weights, temperature);
        let divergence = sum_of_cells(target.clone() * (log(target) - log_predicted));
        mean_of_landmarks(divergence, weights)
    })
}
