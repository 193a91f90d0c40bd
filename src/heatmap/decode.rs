//! Heatmaps to positions, on the device.
use burn::tensor::{Int, Tensor, TensorData, assert_shape};
use serde::{Deserialize, Serialize};

use super::{
    HeatmapCodec,
    refine::{mmpose_quarter_offset, quarter_offset},
};

/// How a position between cells is guessed from the values around the highest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Refinement {
    /// Not at all: the highest cell's centre, as in the paper.
    None,
    /// A quarter of a cell towards the higher neighbour, on each axis (Newell et al., 2016). The default.
    #[default]
    QuarterOffset,
    /// [`Self::QuarterOffset`] under MMPose's (1.x) own conditions: none along an axis on whose first two cells or last
    /// the highest one lies, and none at all on the other axis' first. A map without a positive value says "nowhere",
    /// which MMPose puts at cell (−1, −1). For its checkpoints.
    MmposeQuarterOffset,
}

/// Decoded landmarks of a batch.
#[derive(Debug, Clone)]
pub struct Landmarks {
    /// `[B, n, 2]`: x and y in input pixels.
    pub positions: Tensor<3>,
    /// `[B, n]`: the highest value of each heatmap.
    pub scores: Tensor<2>,
}

/// Decoded landmarks of one picture, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureLandmarks {
    /// x and y of each landmark, in input pixels.
    pub positions: Vec<[f32; 2]>,
    /// The highest value of each heatmap.
    pub scores: Vec<f32>,
}

impl Landmarks {
    /// Reads the batch back from the device, one entry a picture.
    ///
    /// # Panics
    /// If the device fails to hand the values out.
    pub fn into_pictures(self) -> Vec<PictureLandmarks> {
        let [_, n, _] = self.positions.dims();
        let read = |data: TensorData| {
            data.convert::<f32>().try_into_vec::<f32>().expect("just converted to f32")
        };
        let positions = read(self.positions.into_data());
        let scores = read(self.scores.into_data());
        positions
            .chunks(2 * n)
            .zip(scores.chunks(n))
            .map(|(positions, scores)| PictureLandmarks {
                positions: positions.chunks(2).map(|point| [point[0], point[1]]).collect(),
                scores: scores.to_vec(),
            })
            .collect()
    }
}

impl HeatmapCodec {
    /// Where each heatmap is highest, in input pixels; of several equal cells, the first.
    ///
    /// # Shapes
    /// - `heatmaps`: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// # Panics
    /// If the heatmaps have another size, naming both.
    pub fn decode(&self, heatmaps: Tensor<4>, refinement: Refinement) -> Landmarks {
        let [width, height] = self.heatmap_size();
        assert_shape!(heatmaps, [_, _, height, width]);
        #[cfg(feature = "flex")]
        if let Some(landmarks) = super::direct::decode(self, &heatmaps, refinement) {
            return landmarks;
        }
        self.decode_by_tensors(heatmaps, refinement)
    }

    /// [`Self::decode`] in Burn's operations, on any backend, scores differentiable.
    pub(super) fn decode_by_tensors(
        &self,
        heatmaps: Tensor<4>,
        refinement: Refinement,
    ) -> Landmarks {
        let [batch, n, height, width] = heatmaps.dims();
        let flat: Tensor<3> = heatmaps.reshape([batch, n, height * width]);
        let (scores, index): (Tensor<3>, Tensor<3, Int>) = flat.clone().max_dim_with_indices(2);
        let column = index.clone().remainder_scalar(width as i64);
        let row = (index - column.clone()).div_scalar(width as i64);
        let (mut x, mut y) = (column.clone().float(), row.clone().float());
        let offset = match refinement {
            Refinement::None => None,
            Refinement::QuarterOffset => Some(quarter_offset(flat, column, row, [width, height])),
            Refinement::MmposeQuarterOffset => {
                let nowhere = scores.clone().lower_equal_elem(0.0);
                x = x.mask_fill(nowhere.clone(), -1.0);
                y = y.mask_fill(nowhere.clone(), -1.0);
                let offset = mmpose_quarter_offset(flat, column, row, [width, height]);
                Some(offset.map(|step| step.mask_fill(nowhere.clone(), 0.0)))
            }
        };
        if let Some([dx, dy]) = offset {
            x = x + dx;
            y = y + dy;
        }
        let [(x_scale, x_shift), (y_scale, y_shift)] = self.axes();
        let positions = Tensor::cat(
            vec![
                x.sub_scalar(x_shift).div_scalar(x_scale),
                y.sub_scalar(y_shift).div_scalar(y_scale),
            ],
            2,
        );
        Landmarks { positions, scores: scores.squeeze_dim(2) }
    }
}
