//! Decoding options: refinement, flip test, logits.
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
    /// How positions between cells are found.
    pub refinement: Refinement,
    /// Whether to also run the network on the mirrored image and average the heatmaps (as logits,
    /// if they are logits). Takes twice the time.
    pub flip_test: bool,
    /// Whether heatmaps are logits, which depends on the loss the network was trained with:
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
    /// Decodes the landmarks from `heatmaps`. `flipped` computes the heatmaps of the mirrored
    /// images, if the flip test is on.
    pub(crate) fn landmarks(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Vec<ImageLandmarks> {
        self.decoded(self.averaged(heatmaps, flipped, codec, mirror), codec)
    }

    /// The heatmaps, averaged with those that `flipped` computes for the mirrored images if the
    /// flip test is on.
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

    /// Decodes the landmarks from heatmaps, in input pixels.
    pub(crate) fn decoded(&self, heatmaps: Tensor<4>, codec: &HeatmapCodec) -> Vec<ImageLandmarks> {
        let landmarks = match self.logits {
            true => codec.decode_logits(heatmaps, self.refinement),
            false => codec.decode(heatmaps, self.refinement),
        };
        landmarks.into_images()
    }
}
