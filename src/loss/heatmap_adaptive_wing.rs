//! Adaptive Wing loss on heatmaps.
use burn::tensor::{Tensor, module::max_pool2d, ops::MaxPoolOptions};
use serde::{Deserialize, Serialize};

use super::{
    reduce::{demand, is_positive, mean_of_cells, mean_of_landmarks, mean_of_samples, of_maps},
    robust::Distance,
};
use crate::Error;

/// The parameters of [`heatmap_adaptive_wing`], named as in the paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdaptiveWing {
    /// The exponent at empty cells; above 2, so that it stays above 1 at a peak. 2.1.
    pub alpha: f64,
    /// The height of the curve. 14.
    pub omega: f64,
    /// The width of the curve's steep part. 0.5; MMPose's own default is 1.
    pub epsilon: f64,
    /// Where the loss becomes linear. 0.5.
    pub theta: f64,
    /// The additional weight of cells in a Gaussian: they count `1 + foreground` times as much as
    /// empty cells. 10 gives the paper's weighted loss map; 0, the default, turns it off, as in
    /// MMPose.
    pub foreground: f64,
}

impl Default for AdaptiveWing {
    fn default() -> Self {
        Self::USUAL
    }
}

impl AdaptiveWing {
    pub(super) const USUAL: Self =
        Self { alpha: 2.1, omega: 14.0, epsilon: 0.5, theta: 0.5, foreground: 0.0 };

    /// Checks that the parameters are valid.
    pub(super) fn validate(&self) -> Result<(), Error> {
        let Self { alpha, omega, epsilon, theta, foreground } = *self;
        // (θ/ε)^α is the largest intermediate value.
        let positive = [alpha, omega, epsilon, theta, (theta / epsilon).powf(alpha)];
        let is_usable = positive.into_iter().all(is_positive);
        if is_usable && alpha > 2.0 && (foreground == 0.0 || is_positive(foreground)) {
            return Ok(());
        }
        Err(Error::config(format!(
            "adaptive Wing needs alpha above 2, omega, epsilon and theta above 0, foreground 0 or more and (theta/epsilon)^alpha in single precision, not {self:?}"
        )))
    }
}

/// Adaptive Wing loss on heatmaps (Wang et al., 2019, "Adaptive Wing Loss for Robust Face Alignment
/// via Heatmap Regression").
///
/// The mean over all cells of all maps of `ω ln(1 + (d/ε)^(α−t))` for distances
/// `d = |predicted − t|` below `θ`, and of `A·d − C` from there on. `A` and `C` make the value and
/// the slope continuous. The loss is steep where the target has a Gaussian and flat where it is
/// empty. Each map is weighted by its landmark's weight.
///
/// With a `foreground`, cells that are at least 0.2 in the target, and cells next to them, count
/// `1 + foreground` times (the paper's weighted loss map). As in
/// [`heatmap_mse`](super::heatmap_mse), the denominator is `B·n·H·W`, whatever the weights.
///
/// # Shapes
/// - `predicted`, `target`: `[B, n, H, W]`; targets are in 0..1
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If the parameters are invalid, or if the shapes don't fit (the message names them).
pub fn heatmap_adaptive_wing(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    config: &AdaptiveWing,
) -> Tensor<1> {
    mean_of_samples(heatmap_adaptive_wing_per_sample(predicted, target, weights, config))
}

/// [`heatmap_adaptive_wing`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_adaptive_wing`]; output: `[B]`.
pub fn heatmap_adaptive_wing_per_sample(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    config: &AdaptiveWing,
) -> Tensor<1> {
    demand(config.validate());
    let AdaptiveWing { omega, epsilon, theta, foreground, alpha } = *config;
    of_maps(predicted, target, weights, |predicted, target, weights| {
        let distance = Distance::split(predicted - target.clone(), theta);
        let power = target.clone().neg().add_scalar(alpha);
        let curve =
            distance.below.div_scalar(epsilon).powf(power.clone()).log1p().mul_scalar(omega);
        // The curve's slope at θ: ω·p·q/(θ·(1 + q)) with q = (θ/ε)^p.
        let q = power.clone().mul_scalar((theta / epsilon).ln()).exp();
        let slope = (power * q.clone() / q.add_scalar(1.0)).mul_scalar(omega / theta);
        let mut losses = curve + slope * distance.beyond;
        if foreground > 0.0 {
            losses = losses * near_gaussian(target).mul_scalar(foreground).add_scalar(1.0);
        }
        mean_of_landmarks(mean_of_cells(losses), weights)
    })
}

/// 1 at cells that are at least 0.2 or have a neighbor that is at least 0.2, 0 elsewhere.
fn near_gaussian(target: Tensor<4>) -> Tensor<4> {
    let mut neighbors = MaxPoolOptions::new([3, 3]);
    neighbors.stride = [1, 1];
    neighbors.padding = [(1, 1); 2];
    let dtype = target.dtype();
    max_pool2d(target, neighbors).greater_equal_elem(0.2).float().cast(dtype)
}
