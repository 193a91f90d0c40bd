//! Batch normalization with running statistics.
use burn::nn::BatchNorm;

use super::tensors::values;

/// Batch normalization with running statistics, after a bias, as a scale and a shift for each
/// channel.
pub(super) fn affine(norm: &BatchNorm, bias: Option<Vec<f32>>) -> (Vec<f32>, Vec<f32>) {
    let (gamma, beta) = (values(norm.gamma.val()), values(norm.beta.val()));
    let (mean, variance) = (values(norm.running_mean.value()), values(norm.running_var.value()));
    let scale = gamma.iter().zip(&variance);
    let scale: Vec<f32> =
        scale.map(|(gamma, variance)| gamma / (variance + norm.epsilon as f32).sqrt()).collect();
    let bias = bias.unwrap_or_else(|| vec![0.0; scale.len()]);
    let shift = beta.iter().zip(&mean).zip(bias).zip(&scale);
    let shift = shift.map(|(((beta, mean), bias), scale)| beta + (bias - mean) * scale).collect();
    (scale, shift)
}
