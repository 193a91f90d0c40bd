//! What a network's heatmaps are trained towards.
use burn::tensor::Tensor;

use super::codec::HeatmapCodec;

/// What the heatmaps of one stride are trained towards.
#[derive(Debug, Clone)]
pub struct HeatmapTarget {
    /// `[B, n, h, w]`: a Gaussian for each landmark, or an empty map.
    pub heatmaps: Tensor<4>,
    /// `[B, n]`: how much each map counts, landmarks that are trained towards an empty one included.
    pub weights: Tensor<2>,
    /// `[B, n, 2]`: x and y of each landmark in heatmap cells; of any value where there is none.
    pub cells: Tensor<3>,
    /// `[B, n]`: how much each position counts: 0 for landmarks that are trained towards an empty map.
    pub located: Tensor<2>,
}

impl HeatmapTarget {
    /// Maps alone, whose landmarks' positions are not known: losses of coordinates are 0.
    pub fn of_maps(heatmaps: Tensor<4>, weights: Tensor<2>) -> Self {
        let ([batch, n], device) = (weights.dims(), weights.device());
        let cells = Tensor::zeros([batch, n, 2], &device);
        let located = Tensor::zeros([batch, n], &device);
        Self { heatmaps, weights, cells, located }
    }
}

impl HeatmapCodec {
    /// The target for landmarks at `positions`: Gaussians with `weights`, and empty maps with the weights `empty`, each 0
    /// where the other is not.
    ///
    /// # Shapes
    /// - `positions`: `[B, n, 2]`, x and y in input pixels
    /// - `weights`, `empty`: `[B, n]`
    ///
    /// # Panics
    /// If the shapes don't fit, naming them.
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
