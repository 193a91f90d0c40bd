//! Training targets for a network's heatmaps.
use burn::tensor::Tensor;

use super::codec::HeatmapCodec;

/// The training target for the heatmaps of one stride.
#[derive(Debug, Clone)]
pub struct HeatmapTarget {
    /// `[B, n, h, w]`: a Gaussian for each landmark, or an empty map.
    pub heatmaps: Tensor<4>,
    /// `[B, n]`: the weight of each map, including landmarks with an empty target.
    pub weights: Tensor<2>,
    /// `[B, n, 2]`: x and y of each landmark in heatmap cells; arbitrary for landmarks without a
    /// position.
    pub cells: Tensor<3>,
    /// `[B, n]`: the weight of each position; 0 for landmarks with an empty target.
    pub located: Tensor<2>,
}

impl HeatmapTarget {
    /// A target of maps alone, with unknown positions: losses on coordinates are 0.
    pub fn of_maps(heatmaps: Tensor<4>, weights: Tensor<2>) -> Self {
        let ([batch, n], device) = (weights.dims(), weights.device());
        let cells = Tensor::zeros([batch, n, 2], &device);
        let located = Tensor::zeros([batch, n], &device);
        Self { heatmaps, weights, cells, located }
    }
}

impl HeatmapCodec {
    /// The target for landmarks at `positions`: Gaussians with the weights `weights` and empty maps
    /// with the weights `empty`. At most one of the two is nonzero for each landmark.
    ///
    /// # Shapes
    /// - `positions`: `[B, n, 2]`, x and y in input pixels
    /// - `weights`, `empty`: `[B, n]`
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn target(
        &self,
        positions: Tensor<3>,
        weights: Tensor<2>,
        empty: Tensor<2>,
    ) -> HeatmapTarget {
        let located = self.effective_weights(positions.clone(), weights.clone());
        HeatmapTarget {
            heatmaps: self.encode(positions.clone(), weights),
            weights: located.clone() + empty,
            cells: Tensor::stack(self.cells(positions).into(), 2),
            located,
        }
    }
}
