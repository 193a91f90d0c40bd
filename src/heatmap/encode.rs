//! Encoding positions as Gaussian heatmaps, on the device.
use burn::tensor::{Bool, Device, Int, Tensor, assert_shape};

use super::codec::HeatmapCodec;
#[cfg(feature = "flex")]
use super::flex;

impl HeatmapCodec {
    /// The training target: one Gaussian heatmap per landmark.
    ///
    /// The heatmap is `exp(−((x−h_x)² + (y−h_y)²) / 2σ²)` around the landmark's position `h` on the
    /// heatmap, neither rounded nor truncated. The map is empty for a landmark of weight 0 and for
    /// a position outside the heatmap (or NaN).
    ///
    /// # Shapes
    /// - `positions`: `[B, n, 2]`, x and y in input pixels
    /// - `weights`: `[B, n]`
    /// - output: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// Without images or landmarks, the output tensor is empty.
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn encode(&self, positions: Tensor<3>, weights: Tensor<2>) -> Tensor<4> {
        let [batch, n, _] = positions.dims();
        assert_shape!(positions, [_, _, 2]);
        assert_shape!(weights, [batch, n]);
        if batch * n == 0 {
            let [width, height] = self.heatmap_size();
            return Tensor::zeros([batch, n, height, width], &positions.device());
        }
        #[cfg(feature = "flex")]
        if let Some(heatmaps) = flex::encode(self, &positions, &weights) {
            return heatmaps;
        }
        self.encode_by_tensors(positions, weights)
    }

    /// [`Self::encode`] with Burn's operations, on any backend, differentiable.
    pub(super) fn encode_by_tensors(&self, positions: Tensor<3>, weights: Tensor<2>) -> Tensor<4> {
        let [batch, n, _] = positions.dims();
        let device = positions.device();
        let [width, height] = self.heatmap_size();
        let drawn = self.effective_weights(positions.clone(), weights).greater_elem(0.0);
        let [x, y] = self.cells(positions);
        // A Gaussian is separable: a row times a column.
        let row = self.gaussian(x, width, &device).reshape([batch, n, 1, width]);
        let column = self.gaussian(y, height, &device).reshape([batch, n, height, 1]);
        // An empty row makes the map empty, even where the column is NaN.
        let row = row.mask_fill(drawn.clone().bool_not().reshape([batch, n, 1, 1]), 0.0);
        let column = column.mask_fill(drawn.bool_not().reshape([batch, n, 1, 1]), 0.0);
        column * row
    }

    /// `weights`, set to 0 for landmarks outside the heatmap. Use these weights for the loss.
    ///
    /// A position is outside if a coordinate is not within `[−½, w_h − ½)` (likewise vertically) or
    /// is NaN.
    ///
    /// # Shapes
    /// - `positions`: `[B, n, 2]`, x and y in input pixels
    /// - `weights`, output: `[B, n]`
    pub fn effective_weights(&self, positions: Tensor<3>, weights: Tensor<2>) -> Tensor<2> {
        let [batch, n, _] = positions.dims();
        assert_shape!(positions, [_, _, 2]);
        assert_shape!(weights, [batch, n]);
        if batch * n == 0 {
            return weights;
        }
        let [width, height] = self.heatmap_size();
        let [x, y] = self.cells(positions);
        let within = |cells: Tensor<2>, count: usize| -> Tensor<2, Bool> {
            cells.clone().greater_equal_elem(-0.5).bool_and(cells.lower_elem(count as f64 - 0.5))
        };
        let inside = within(x, width).bool_and(within(y, height));
        weights.mask_fill(inside.bool_not(), 0.0)
    }

    /// x and y of positions, each `[B, n]`, in heatmap cells.
    pub(super) fn cells(&self, positions: Tensor<3>) -> [Tensor<2>; 2] {
        let axes = self.axes();
        [0, 1].map(|axis| {
            let (scale, shift) = axes[axis];
            positions
                .clone()
                .narrow(2, axis, 1)
                .squeeze_dim::<2>(2)
                .mul_scalar(scale)
                .add_scalar(shift)
        })
    }

    /// `[B, n, cells]`: the Gaussian around `center` (`[B, n]`) along one axis.
    fn gaussian(&self, center: Tensor<2>, cells: usize, device: &Device) -> Tensor<3> {
        let grid = Tensor::<1, Int>::arange(0..cells as i64, device).float().reshape([1, 1, cells]);
        let distance = grid - center.unsqueeze_dim(2);
        distance.powi_scalar(2).mul_scalar(-0.5 / (self.sigma() * self.sigma())).exp()
    }
}
