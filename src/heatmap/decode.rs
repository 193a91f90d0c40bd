//! Heatmaps to positions, on the device.
use burn::tensor::{Tensor, assert_shape};

#[cfg(feature = "flex")]
use super::flex;
use super::{
    codec::HeatmapCodec,
    landmarks::Landmarks,
    refine::{Cells, Kind, Maps, Refinement, refine},
};

impl HeatmapCodec {
    /// Where each heatmap is highest, in input pixels; of several equal cells, the first.
    ///
    /// A heatmap that holds a NaN or an infinity says nothing, whatever else is in it: its score is
    /// 0 and its position the middle of the heatmap. A batch of no images or no landmarks gives
    /// tensors as empty. Heatmaps of other than single precision are converted.
    ///
    /// # Shapes
    /// - `heatmaps`: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// # Panics
    /// If the heatmaps have another size, naming both; if the refinement's numbers can't work ([`Refinement::validate`]).
    pub fn decode(&self, heatmaps: Tensor<4>, refinement: Refinement) -> Landmarks {
        self.decode_kind(heatmaps, Kind::Values, refinement)
    }

    /// [`Self::decode`] of heatmaps of logits: scores are the highest logits' sigmoid, and refinements that calculate with
    /// the values take their sigmoid.
    ///
    /// Not the same as to decode the sigmoid: the highest cell is found among the logits, of which those from 17 on all
    /// have the sigmoid 1 in single precision, and an infinity among them breaks a heatmap.
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

    /// [`Self::decode`] in Burn's operations, on any backend. Scores are differentiable, and the positions of a soft argmax.
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

    /// `[B, n]` of heatmaps that fit, for a refinement that can work.
    ///
    /// # Panics
    /// If not.
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

    /// Positions in input pixels, `[B, n, k, 2]`, and scores, `[B, n, k]`; the heatmap's middle and 0 for what is missing.
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
