//! Robust losses: a curve up to a threshold distance, linear from there on.
use burn::tensor::{Tensor, activation::relu};

/// A distance split into its part below `threshold` and its part beyond.
///
/// Wing, adaptive Wing and smooth L1 are all `curve(below) + slope · beyond`. This form needs no
/// selection: the curve never gets a distance that is too large for it, and no gradient is `0 · ∞`.
/// At the threshold itself, the gradient is that of the curve.
pub(super) struct Distance<const D: usize> {
    pub below: Tensor<D>,
    pub beyond: Tensor<D>,
}

impl<const D: usize> Distance<D> {
    pub fn split(difference: Tensor<D>, threshold: f64) -> Self {
        let distance = difference.abs();
        Self {
            below: distance.clone().clamp_max(threshold),
            beyond: relu(distance.sub_scalar(threshold)),
        }
    }
}
