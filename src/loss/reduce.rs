//! What the losses share: their shapes, what is a constant to them, batches of nothing, and the means that they end in.
//!
//! The means' denominators are fixed, whatever the weights, so that the losses of the parts of a batch, each over its own
//! share, average to the loss of the whole.
use burn::tensor::{Tensor, assert_shape};

use crate::Error;

/// `[B]`: what `losses` says of predicted maps, their target, a constant to it, and weights; 0 where there are no landmarks.
///
/// # Panics
/// If the shapes don't fit, naming them.
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

/// `[B]`: the same of coordinates.
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

/// `[B]` zeros: there is nothing to take a mean of.
fn nothing(weights: Tensor<2>) -> Tensor<1> {
    let [batch, _] = weights.dims();
    Tensor::zeros([batch], (&weights.device(), weights.dtype()))
}

/// `[1]`: the mean of `[B]`; 0 of a batch without samples.
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

/// `[B]`: `Σ weight · loss / n` of each sample; both `[B, n]`.
pub(super) fn mean_of_landmarks(losses: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    (losses * weights).mean_dim(1).squeeze_dim(1)
}

/// Whether a number of a configuration is one above 0 in single precision, too.
pub(super) fn is_positive(number: f64) -> bool {
    let number = number as f32;
    number > 0.0 && number.is_finite()
}

/// Panics if a programmer's numbers can't work, naming them.
pub(super) fn demand(valid: Result<(), Error>) {
    if let Err(error) = valid {
        panic!("{error}");
    }
}
