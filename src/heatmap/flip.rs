//! Flip test: averages the heatmaps of an image and its mirror image.
use burn::tensor::{Int, Tensor, TensorData, assert_shape};

use super::codec::HeatmapCodec;
use crate::geometry::Alignment;

impl HeatmapCodec {
    /// The mean of the heatmaps of an image and of its mirrored image.
    ///
    /// The heatmaps of the mirrored image are mirrored back and their mirror pairs swapped:
    /// `mirror[i]` is the landmark that `i` becomes in a mirrored image
    /// ([`crate::landmark::LandmarkSchema::mirror`]).
    ///
    /// For heatmaps of logits, this is the mean of the logits, for [`Self::decode_logits`].
    ///
    /// With [`Alignment::Legacy`], the mirrored heatmaps are also shifted by one column to the
    /// right, the first column keeping its values, since the grids of that alignment mirror one
    /// column apart (MMPose's `shift_heatmap`). Both maps then still differ by a quarter of a cell
    /// (at stride 4).
    ///
    /// With the other alignments, both maps agree where the network does; with
    /// [`Alignment::HalfPixel`], this requires that the input's width is a multiple of the stride.
    ///
    /// # Shapes
    /// - `heatmaps`, `flipped`, output: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// # Panics
    /// If the shapes don't fit; the message names them.
    pub fn average_flipped(
        &self,
        heatmaps: Tensor<4>,
        flipped: Tensor<4>,
        mirror: &[usize],
    ) -> Tensor<4> {
        let [width, height] = self.heatmap_size();
        let (batch, n) = (heatmaps.dims()[0], mirror.len());
        assert_shape!(heatmaps, [batch, n, height, width]);
        assert_shape!(flipped, [batch, n, height, width]);
        if batch * n == 0 {
            return heatmaps;
        }
        let order: Vec<i64> = mirror.iter().map(|&i| i as i64).collect();
        let order = Tensor::<1, Int>::from_data(TensorData::new(order, [n]), &flipped.device());
        let mut back = flipped.flip([3]).select(1, order);
        if self.alignment() == Alignment::Legacy && width > 1 {
            let first = back.clone().narrow(3, 0, 1);
            back = Tensor::cat(vec![first, back.narrow(3, 0, width - 1)], 3);
        }
        (heatmaps + back).div_scalar(2.0)
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn mirrors_swaps_and_in_legacy_shifts() {
        let device = Device::flex();
        // One row of four cells, a left and a right landmark; in the mirrored image, the right one
        // is at cell 0.
        let seen =
            Tensor::<4>::from_floats([[[[0.0, 2.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 4.0]]]], &device);
        let mirrored =
            Tensor::<4>::from_floats([[[[4.0, 0.0, 0.0, 0.0]], [[0.0, 0.0, 2.0, 0.0]]]], &device);
        let codec = HeatmapCodec::new([16, 4], 4, 1.0);
        let both = codec.average_flipped(seen.clone(), mirrored.clone(), &[1, 0]);
        both.into_data().assert_eq(&seen.to_data(), true);
        let codec = codec.with_alignment(Alignment::Legacy);
        let both = codec.average_flipped(seen, mirrored, &[1, 0]);
        let expected = TensorData::from([[[[0.0f32, 1.0, 1.0, 0.0]], [[0.0, 0.0, 0.0, 2.0]]]]);
        both.into_data().assert_eq(&expected, true);
    }
}
