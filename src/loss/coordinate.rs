//! Losses on coordinates: those that [`soft_argmax`](crate::heatmap::soft_argmax) reads from
//! heatmaps, or any others.
//!
//! Coordinates are in heatmap cells, so a loss's parameters mean the same at every input size. As
//! with heatmaps, the denominator `B·n·2` is fixed, so the losses of the shards of a batch average
//! to the loss of the whole batch. Targets with weight 0 may have any value, even NaN.
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{
    reduce::{demand, is_positive, mean_of_landmarks, mean_of_samples, of_coordinates},
    robust::Distance,
};
use crate::Error;

/// The parameters of [`coordinate_wing`], named as in the paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wing {
    /// The distance, in cells, up to which the loss is logarithmic. 10.
    pub omega: f64,
    /// The curvature of the logarithmic part. 2.
    pub epsilon: f64,
}

impl Default for Wing {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Wing {
    pub(super) const USUAL: Self = Self { omega: 10.0, epsilon: 2.0 };

    /// Checks that the parameters are valid.
    pub(super) fn validate(&self) -> Result<(), Error> {
        if [self.omega, self.epsilon, self.omega / self.epsilon].into_iter().all(is_positive) {
            return Ok(());
        }
        Err(Error::config(format!("Wing needs omega and epsilon above 0, not {self:?}")))
    }
}

/// L1 loss of coordinates: `Σ weight · |predicted − target| / (B·n·2)`.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{loss::coordinate_l1, prelude::*};
///
/// let device = Device::flex();
/// let predicted = Tensor::<3>::from_floats([[[20.5, 9.0]]], &device);
/// let target = Tensor::from_floats([[[20.0, 10.0]]], &device);
/// let loss = coordinate_l1(predicted, target, Tensor::ones([1, 1], &device));
/// assert_eq!(loss.into_scalar::<f32>(), 0.75); // (0.5 + 1) / (1·1·2)
/// ```
///
/// # Shapes
/// - `predicted`, `target`: `[B, n, 2]`, x and y in heatmap cells
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If the shapes don't fit; the message names them.
pub fn coordinate_l1(predicted: Tensor<3>, target: Tensor<3>, weights: Tensor<2>) -> Tensor<1> {
    mean_of_samples(coordinate_l1_per_sample(predicted, target, weights))
}

/// [`coordinate_l1`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`coordinate_l1`]; output: `[B]`.
pub fn coordinate_l1_per_sample(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
) -> Tensor<1> {
    of_differences(predicted, target, weights, Tensor::abs)
}

/// Smooth L1 loss of coordinates (Girshick, 2015, "Fast R-CNN"; PyTorch's `smooth_l1_loss`).
///
/// As [`coordinate_l1`], but a distance `d` costs `d²/(2·beta)` below `beta` cells and `d − beta/2`
/// from there on.
///
/// # Shapes
/// As [`coordinate_l1`].
///
/// # Panics
/// If `beta` is not above 0, or if the shapes don't fit (the message names them).
pub fn coordinate_smooth_l1(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    beta: f64,
) -> Tensor<1> {
    mean_of_samples(coordinate_smooth_l1_per_sample(predicted, target, weights, beta))
}

/// [`coordinate_smooth_l1`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`coordinate_l1`]; output: `[B]`.
pub fn coordinate_smooth_l1_per_sample(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    beta: f64,
) -> Tensor<1> {
    assert!(is_positive(beta), "smooth L1 needs a beta above 0, not {beta}");
    of_differences(predicted, target, weights, |difference| {
        let distance = Distance::split(difference, beta);
        distance.below.powi_scalar(2).div_scalar(2.0 * beta) + distance.beyond
    })
}

/// Wing loss of coordinates (Feng et al., 2018, "Wing Loss for Robust Facial Landmark
/// Localisation").
///
/// As [`coordinate_l1`], but a distance `d` costs `ω ln(1 + d/ε)` below `ω` cells and `d − C` from
/// there on, with `C` chosen to make the loss continuous. This amplifies small distances. The paper
/// and MMPose's `WingLoss` sum over landmarks and axes; this function takes their mean.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     loss::{Wing, coordinate_wing},
///     prelude::*,
/// };
///
/// let device = Device::flex();
/// // 2 cells off on both axes: 10 · ln(1 + 2/2) each.
/// let [predicted, target] = [7.0, 5.0].map(|cell| Tensor::full([1, 1, 2], cell, &device));
/// let loss = coordinate_wing(predicted, target, Tensor::ones([1, 1], &device), &Wing::default());
/// assert!((loss.into_scalar::<f32>() - 10.0 * 2f32.ln()).abs() < 1e-5);
/// ```
///
/// # Shapes
/// As [`coordinate_l1`].
///
/// # Panics
/// If the parameters are invalid, or if the shapes don't fit (the message names them).
pub fn coordinate_wing(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    config: &Wing,
) -> Tensor<1> {
    mean_of_samples(coordinate_wing_per_sample(predicted, target, weights, config))
}

/// [`coordinate_wing`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`coordinate_l1`]; output: `[B]`.
pub fn coordinate_wing_per_sample(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    config: &Wing,
) -> Tensor<1> {
    demand(config.validate());
    let Wing { omega, epsilon } = *config;
    of_differences(predicted, target, weights, |difference| {
        let distance = Distance::split(difference, omega);
        let curve = distance.below.div_scalar(epsilon).log1p().mul_scalar(omega);
        curve + distance.beyond
    })
}

/// `[B]`: the weighted mean of `losses(predicted − target)`. Targets with weight 0 are replaced by
/// 0.
fn of_differences(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    losses: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<1> {
    of_coordinates(predicted, target, weights, |predicted, target, weights| {
        let unused = weights.clone().equal_elem(0.0).unsqueeze_dim::<3>(2).expand(target.dims());
        let losses = losses(predicted - target.mask_fill(unused, 0.0));
        mean_of_landmarks(losses.mean_dim(2).squeeze_dim(2), weights)
    })
}
