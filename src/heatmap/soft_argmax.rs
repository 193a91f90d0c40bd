//! The differentiable argmax.
use burn::tensor::{Int, Tensor, activation::softmax};

/// The mean cell of each heatmap, its cells weighed by the softmax of `beta · heatmap` (integral regression: Sun et al.,
/// 2018). Differentiable, unlike the argmax, which it comes near as `beta` grows.
///
/// Any finite heatmaps give finite cells and gradients: the softmax subtracts the highest value first.
///
/// # Shapes
/// - `heatmaps`: `[B, n, H, W]`
/// - output: `[B, n, 2]`, x and y in heatmap cells
pub fn soft_argmax(heatmaps: Tensor<4>, beta: f64) -> Tensor<3> {
    let [batch, n, height, width] = heatmaps.dims();
    let (device, dtype) = (heatmaps.device(), heatmaps.dtype());
    let flat: Tensor<3> = heatmaps.reshape([batch, n, height * width]).mul_scalar(beta);
    let shares: Tensor<4> = softmax(flat, 2).reshape([batch, n, height, width]);
    // The mean along one axis, of what the other axis' cells have together.
    let mean = |shares: Tensor<4>, cells: usize| -> Tensor<3> {
        let grid = Tensor::<1, Int>::arange(0..cells as i64, &device).float().cast(dtype);
        (shares.reshape([batch, n, cells]) * grid.reshape([1, 1, cells])).sum_dim(2)
    };
    let x = mean(shares.clone().sum_dim(2), width);
    let y = mean(shares.sum_dim(3), height);
    Tensor::cat(vec![x, y], 2)
}
