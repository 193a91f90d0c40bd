//! Gaussian smoothing of the few cells that a refinement looks at.
//!
//! The map itself is smoothed nowhere else: the square of cells that those few are made of is gathered, and multiplied by
//! matrices.
use burn::tensor::{Device, Int, Tensor, TensorData};

/// Cells beyond the middle one that are smoothed.
pub(super) const REACH: usize = 2;
/// Smoothed cells in a row.
pub(super) const SIDE: usize = 2 * REACH + 1;

/// The smoothing matrices of the kernels of 1, 3, 5, … cells, up to one.
pub(super) struct Kernels {
    /// `[radius + 1, 5, 2·radius + 5]`.
    matrices: Tensor<3>,
    /// Cells beyond the middle one of the largest kernel.
    pub radius: usize,
}

impl Kernels {
    /// Up to the kernel of `side` cells. The Gaussians have OpenCV's σ for their size, `0.3·(r − 1) + 0.8`, and a sum of 1. (For
    /// sides up to 9, OpenCV rounds them to whole 256ths.)
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

    /// The largest kernel's: `[1, 5, 2·radius + 5]` from the cells of a line to the five in their middle.
    pub fn largest(&self) -> Tensor<3> {
        self.matrices.clone().narrow(0, self.radius, 1)
    }

    /// The same for one only of the five, the one at `index` (0 to 4, `[N, 1]`): `[N, 1, 2·radius + 5]`.
    pub fn largest_at(&self, index: Tensor<2, Int>) -> Tensor<3> {
        let lines: Tensor<2> = self.largest().squeeze_dim(0);
        lines.select(0, index.squeeze_dim(1)).unsqueeze_dim(1)
    }

    /// Those of kernels of these radii (`[N, 1]`, up to the largest's): `[N, 5, 2·radius + 5]`.
    pub fn of(&self, radii: Tensor<2, Int>) -> Tensor<3> {
        self.matrices.clone().select(0, radii.squeeze_dim(1))
    }
}
