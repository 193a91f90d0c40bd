//! Losses of a distance that grow in one way up to a threshold and linearly from there on.
use burn::tensor::{Tensor, activation::relu};

/// A distance in two parts: what of it is below `threshold`, and what is beyond.
///
/// Wing, adaptive Wing and smooth L1 are all `curve(below) + slope · beyond`. Written so, nothing is selected: the curve
/// never sees a distance that is too large for it, and no gradient is `0 · ∞`. At the threshold itself, the gradient is the
/// curve's.
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
