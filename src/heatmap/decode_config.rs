//! How heatmaps become positions: refinement, flip test, logits.
#[cfg(feature = "data")]
use burn::tensor::Tensor;

use super::refine::Refinement;
#[cfg(feature = "data")]
use super::{codec::HeatmapCodec, landmarks::ImageLandmarks};
use crate::with_fields::with_fields;

/// How a network's heatmaps are decoded.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct DecodeConfig {
    /// How a position between cells is found.
    pub refinement: Refinement,
    /// Whether the mirrored image is looked at, too, and the heatmaps averaged, logits as such:
    /// twice the time.
    pub flip_test: bool,
    /// Whether heatmaps are logits, by the loss that they were trained with:
    /// [`HeatmapCodec::decode_logits`](super::HeatmapCodec::decode_logits).
    pub logits: bool,
}

with_fields!(DecodeConfig {
    with_refinement refinement: Refinement,
    with_flip_test flip_test: bool,
    with_logits logits: bool,
});

#[cfg(feature = "data")]
impl DecodeConfig {
    /// The landmarks that `heatmaps` show; `flipped` makes the mirrored images' heatmaps, if they
    /// are asked for.
    pub(crate) fn landmarks(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Vec<ImageLandmarks> {
        self.decoded(self.averaged(heatmaps, flipped, codec, mirror), codec)
    }

    /// The heatmaps, averaged with those that `flipped` makes of the mirrored images if they are
    /// asked for.
    pub(crate) fn averaged(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Tensor<4> {
        match self.flip_test {
            true => codec.average_flipped(heatmaps, flipped(), mirror),
            false => heatmaps,
        }
    }

    /// The landmarks that heatmaps show, in input pixels.
    pub(crate) fn decoded(&self, heatmaps: Tensor<4>, codec: &HeatmapCodec) -> Vec<ImageLandmarks> {
        let landmarks = match self.logits {
            true => codec.decode_logits(heatmaps, self.refinement),
            false => codec.decode(heatmaps, self.refinement),
        };
        landmarks.into_images()
    }
}
