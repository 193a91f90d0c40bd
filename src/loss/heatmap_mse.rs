//! Mean squared error of heatmaps, with a weight for each landmark.
use burn::tensor::Tensor;

use super::reduce::{mean_of_cells, mean_of_landmarks, mean_of_samples, of_maps};

/// Mean squared error of heatmaps: `Σ weight · (predicted − target)² / (B·n·H·W)`.
///
/// The denominator is fixed, whatever the weights, so the losses of the shards of a batch average
/// to the loss of the whole batch.
///
/// # Shapes
/// - `predicted`, `target`: `[B, n, H, W]`
/// - `weights`: `[B, n]`; see
///   [`HeatmapCodec::effective_weights`](crate::heatmap::HeatmapCodec::effective_weights)
/// - output: `[1]`
///
/// # Panics
/// If the shapes don't fit; the message names them.
pub fn heatmap_mse(predicted: Tensor<4>, target: Tensor<4>, weights: Tensor<2>) -> Tensor<1> {
    mean_of_samples(heatmap_mse_per_sample(predicted, target, weights))
}

/// [`heatmap_mse`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_mse`]; output: `[B]`.
pub fn heatmap_mse_per_sample(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
) -> Tensor<1> {
    of_maps(predicted, target, weights, |predicted, target, weights| {
        mean_of_landmarks(mean_squares(predicted, target), weights)
    })
}

/// `[B, n]`: the mean of `(predicted − target)²` over the cells of each map.
fn mean_squares(predicted: Tensor<4>, target: Tensor<4>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(means) = crate::ops::flex::mean_squares(&predicted, &target) {
        return means;
    }
    mean_of_cells((predicted - target).powi_scalar(2))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn weights_count_in_the_sum_and_not_in_the_denominator() {
        let device = Device::flex();
        // Two maps of 1×2. Squared differences: (1, 4) at weight 1 and (9, 16) at weight 0:
        // 5 / (1·2·1·2).
        let predicted = Tensor::<4>::from_floats([[[[1.0, 2.0]], [[3.0, 4.0]]]], &device);
        let target = Tensor::zeros([1, 2, 1, 2], &device);
        let loss = heatmap_mse(predicted, target, Tensor::from_floats([[1.0, 0.0]], &device));
        assert_eq!(loss.into_scalar::<f32>(), 1.25);
    }

    #[test]
    fn the_halves_of_a_batch_average_to_the_whole() {
        let device = Device::flex();
        let predicted = Tensor::<4>::from_floats([[[[1.0, 2.0]]], [[[5.0, 6.0]]]], &device);
        let target = Tensor::zeros([2, 1, 1, 2], &device);
        let weights = Tensor::from_floats([[1.0], [0.5]], &device);
        let part = |i: usize| {
            let (p, t, w) = (predicted.clone(), target.clone(), weights.clone());
            heatmap_mse(p.narrow(0, i, 1), t.narrow(0, i, 1), w.narrow(0, i, 1))
                .into_scalar::<f32>()
        };
        // By hand: (1 + 4 + ½·25 + ½·36) / 4.
        let halves = (part(0) + part(1)) / 2.0;
        assert_eq!(halves, 8.875);
        assert_eq!(heatmap_mse(predicted, target, weights).into_scalar::<f32>(), halves);
    }
}
