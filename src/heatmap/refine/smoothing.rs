//! Gaussian smoothing of the few cells that a refinement uses.
//!
//! The rest of the map is not smoothed: only the square of cells that these depend on is gathered,
//! and multiplied by matrices.
use burn::tensor::{Device, Int, Tensor, TensorData};

/// Smoothed cells on each side of the middle one.
pub(super) const REACH: usize = 2;
/// Smoothed cells along an axis.
pub(super) const SIDE: usize = 2 * REACH + 1;

/// The smoothing matrices of the kernels of 1, 3, 5, … cells, up to a largest one.
pub(super) struct Kernels {
    /// `[radius + 1, 5, 2·radius + 5]`.
    matrices: Tensor<3>,
    /// Radius of the largest kernel, in cells.
    pub radius: usize,
}

impl Kernels {
    /// All kernels up to `side` cells. The Gaussians have OpenCV's σ for their size,
    /// `0.3·(r − 1) + 0.8`, and sum to 1. (For sides up to 9, OpenCV rounds them to multiples of
    /// 1/256.)
    pub fn new(side: usize, device: &Device) -> Self {
        let radius = side / 2;
        let length = 2 * radius + SIDE;
        let mut matrices = vec![0.0f32; (radius + 1) * SIDE * length];
        for (r, matrix) in matrices.chunks_mut(SIDE * length).enumerate() {
            let sigma = 0.3 * (r as f64 - 1.0) + 0.8;
            let weight = |i: usize| (-0.5 * ((i as f64 - r as f64) / sigma).powi(2)).exp();
            let total: f64 = (0..=2 * r).map(weight).sum();
            for (cell, line) in matrix.chunks_mut(length).enumerate() {
                for (i, value) in line[radius + cell - r..][..=2 * r].iter_mut().enumerate() {
                    *value = (weight(i) / total) as f32;
                }
            }
        }
        let data = TensorData::new(matrices, [radius + 1, SIDE, length]);
        Self { matrices: Tensor::from_data(data, device), radius }
    }

    /// The matrix of the largest kernel, `[1, 5, 2·radius + 5]`: from the cells of a line to the
    /// five in the middle.
    pub fn largest(&self) -> Tensor<3> {
        self.matrices.clone().narrow(0, self.radius, 1)
    }

    /// The same for only one of the five cells, the one at `index` (0 to 4, `[N, 1]`):
    /// `[N, 1, 2·radius + 5]`.
    pub fn largest_at(&self, index: Tensor<2, Int>) -> Tensor<3> {
        let lines: Tensor<2> = self.largest().squeeze_dim(0);
        lines.select(0, index.squeeze_dim(1)).unsqueeze_dim(1)
    }

    /// The matrices of kernels with these radii (`[N, 1]`, up to the largest):
    /// `[N, 5, 2·radius + 5]`.
    pub fn of(&self, radii: Tensor<2, Int>) -> Tensor<3> {
        self.matrices.clone().select(0, radii.squeeze_dim(1))
    }
}
