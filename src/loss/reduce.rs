//! Shared by the losses: shape checks, constant targets, empty batches, and the final means.
//!
//! The denominators of the means are fixed, whatever the weights, so the losses of the shards of a
//! batch average to the loss of the whole batch.
use burn::tensor::{Tensor, assert_shape};

use crate::Error;

/// `[B]`: `losses` of predicted maps, a constant target and weights, after checking their shapes; 0
/// if the maps are empty.
///
/// # Panics
/// If the shapes don't fit; the message names them.
pub(super) fn of_maps(
    predicted: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    losses: impl FnOnce(Tensor<4>, Tensor<4>, Tensor<2>) -> Tensor<1>,
) -> Tensor<1> {
    let [batch, n, height, width] = predicted.dims();
    assert_shape!(target, [batch, n, height, width]);
    assert_shape!(weights, [batch, n]);
    match batch * n * height * width {
        0 => nothing(weights),
        _ => losses(predicted, target.detach(), weights),
    }
}

/// `[B]`: the same for coordinates.
pub(super) fn of_coordinates(
    predicted: Tensor<3>,
    target: Tensor<3>,
    weights: Tensor<2>,
    losses: impl FnOnce(Tensor<3>, Tensor<3>, Tensor<2>) -> Tensor<1>,
) -> Tensor<1> {
    let [batch, n, _] = predicted.dims();
    assert_shape!(predicted, [batch, n, 2]);
    assert_shape!(target, [batch, n, 2]);
    assert_shape!(weights, [batch, n]);
    match batch * n {
        0 => nothing(weights),
        _ => losses(predicted, target.detach(), weights),
    }
}

/// `[B]` zeros, the loss if there is nothing to average.
fn nothing(weights: Tensor<2>) -> Tensor<1> {
    let [batch, _] = weights.dims();
    Tensor::zeros([batch], (&weights.device(), weights.dtype()))
}

/// `[1]`: the mean of `[B]`; 0 for a batch without samples.
pub(super) fn mean_of_samples(losses: Tensor<1>) -> Tensor<1> {
    match losses.dims() {
        [0] => Tensor::zeros([1], (&losses.device(), losses.dtype())),
        _ => losses.mean(),
    }
}

/// `[B, n]`: the mean over the cells of each map, `[B, n, H, W]`.
pub(super) fn mean_of_cells(cells: Tensor<4>) -> Tensor<2> {
    let [batch, n, height, width] = cells.dims();
    cells.reshape([batch, n, height * width]).mean_dim(2).squeeze_dim(2)
}

/// `[B, n]`: the sum over the cells of each map, `[B, n, H·W]`.
pub(super) fn sum_of_cells(cells: Tensor<3>) -> Tensor<2> {
    cells.sum_dim(2).squeeze_dim(2)
}

/// `[B]`: `Σ weight · loss / n` of each sample; both inputs are `[B, n]`.
pub(super) fn mean_of_landmarks(losses: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    (losses * weights).mean_dim(1).squeeze_dim(1)
}

/// Whether a configuration's number is above 0 and finite in single precision.
pub(super) fn is_positive(number: f64) -> bool {
    let number = number as f32;
    number > 0.0 && number.is_finite()
}

/// Panics if parameters passed by the caller are invalid; the message names them.
pub(super) fn demand(valid: Result<(), Error>) {
    if let Err(error) = valid {
        panic!("{error}");
    }
}
