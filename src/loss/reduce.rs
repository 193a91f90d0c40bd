//! What the losses share: their shapes, and the means that they end in.
//!
//! The means' denominators are fixed, whatever the weights, so that the losses of the parts of a batch, each over its own
//! share, average to the loss of the whole.
use burn::tensor::{Tensor, assert_shape};

/// Panics if the shapes don't fit, naming them.
pub(super) fn check_maps(predicted: &Tensor<4>, target: &Tensor<4>, weights: &Tensor<2>) {
    let [batch, n, height, width] = predicted.dims();
    assert_shape!(target, [batch, n, height, width]);
    assert_shape!(weights, [batch, n]);
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
