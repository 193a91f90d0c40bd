//! Decoding heatmaps to positions, on the device.
use burn::tensor::{Tensor, assert_shape};

#[cfg(feature = "flex")]
use super::flex;
use super::{
    codec::HeatmapCodec,
    landmarks::Landmarks,
    refine::{Cells, Kind, Maps, Refinement, refine},
};

impl HeatmapCodec {
    /// The position of each heatmap's highest cell, refined, in input pixels. The first of several
    /// equal cells is taken.
    ///
    /// A heatmap that contains a NaN or an infinity is ignored: its score is 0, and its position is
    /// the center of the heatmap. Without images or landmarks, the output tensors are empty.
    /// Heatmaps of other data types are converted to single precision.
    ///
    /// # Shapes
    /// - `heatmaps`: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// # Panics
    /// If the heatmaps have another size (the message names both), or if the refinement's
    /// parameters are invalid ([`Refinement::validate`]).
    pub fn decode(&self, heatmaps: Tensor<4>, refinement: Refinement) -> Landmarks {
        self.decode_kind(heatmaps, Kind::Values, refinement)
    }

    /// [`Self::decode`] for heatmaps of logits.
    ///
    /// Scores are the sigmoid of the highest logits, and refinements that compute with the values
    /// use their sigmoid.
    ///
    /// This differs from decoding the sigmoid of the heatmaps: the highest cell is found among the
    /// logits, since the sigmoid of all logits from 17 on is 1 in single precision, and an infinite
    /// logit invalidates its heatmap.
    ///
    /// # Shapes, Panics
    /// As [`Self::decode`].
    pub fn decode_logits(&self, logits: Tensor<4>, refinement: Refinement) -> Landmarks {
        self.decode_kind(logits, Kind::Logits, refinement)
    }

    fn decode_kind(&self, heatmaps: Tensor<4>, kind: Kind, refinement: Refinement) -> Landmarks {
        let [batch, n] = self.check(&heatmaps, refinement);
        if batch * n == 0 {
            let device = heatmaps.device();
            return Landmarks {
                positions: Tensor::zeros([batch, n, 2], &device),
                scores: Tensor::zeros([batch, n], &device),
            };
        }
        #[cfg(feature = "flex")]
        if let Some(landmarks) = flex::decode(self, &heatmaps, kind, refinement) {
            return landmarks;
        }
        #[cfg(feature = "flex")]
        if let Some(highest) = flex::highest(&heatmaps, kind) {
            return self.landmarks(Maps::new(heatmaps, kind), highest, refinement);
        }
        self.decode_by_tensors(heatmaps, kind, refinement)
    }

    /// [`Self::decode`] with Burn's operations, on any backend. Scores are differentiable, and so
    /// are the positions of a soft-argmax.
    pub(super) fn decode_by_tensors(
        &self,
        heatmaps: Tensor<4>,
        kind: Kind,
        refinement: Refinement,
    ) -> Landmarks {
        let maps = Maps::new(heatmaps, kind);
        let highest = maps.highest();
        self.landmarks(maps, highest, refinement)
    }

    /// `[B, n]` of the heatmaps, after checking their size and the refinement.
    ///
    /// # Panics
    /// If the size or the refinement is invalid.
    pub(super) fn check(&self, heatmaps: &Tensor<4>, refinement: Refinement) -> [usize; 2] {
        let [width, height] = self.heatmap_size();
        assert_shape!(heatmaps, [_, _, height, width]);
        if let Err(error) = refinement.validate() {
            panic!("{error}");
        }
        let [batch, n, ..] = heatmaps.dims();
        [batch, n]
    }

    fn landmarks(&self, maps: Maps, highest: Cells, refinement: Refinement) -> Landmarks {
        let (positions, scores) = self.refined(&maps, &highest, refinement);
        Landmarks { positions: positions.squeeze_dim(2), scores: scores.squeeze_dim(2) }
    }

    /// Positions in input pixels, `[B, n, k, 2]`, and scores, `[B, n, k]`. Missing cells get the
    /// heatmap's center and a score of 0.
    pub(super) fn refined(
        &self,
        maps: &Maps,
        cells: &Cells,
        refinement: Refinement,
    ) -> (Tensor<4>, Tensor<3>) {
        let (axes, middle) = (self.axes(), self.middle());
        let [x, y] = refine(maps, cells, refinement);
        let positions = [(0, x), (1, y)].map(|(axis, place)| {
            let (scale, shift) = axes[axis];
            let place = place.mask_fill(cells.missing.clone(), middle[axis]);
            place.sub_scalar(shift).div_scalar(scale)
        });
        let scores = cells.scores.clone().mask_fill(cells.missing.clone(), 0.0);
        (Tensor::stack(positions.to_vec(), 3), scores)
    }
}
