//! Finding several peaks in each heatmap.
use burn::{
    nn::{PaddingConfig2d, pool::MaxPool2dConfig},
    tensor::{Bool, Int, Tensor},
};

use super::{
    codec::HeatmapCodec,
    refine::{Cells, Kind, Maps, Refinement},
};
use crate::ops::max_pool2d;

/// The highest peaks of a batch of heatmaps.
#[derive(Debug, Clone)]
pub struct Peaks {
    /// `[B, n, k, 2]`: x and y in input pixels; the center of the heatmap where there are no more
    /// peaks.
    pub positions: Tensor<4>,
    /// `[B, n, k]`: the heatmap's values at the peaks, highest first; 0 where there are no more
    /// peaks.
    pub scores: Tensor<3>,
    /// `[B, n, k]`: whether the peak exists; an existing peak may also have a score of 0.
    pub found: Tensor<3, Bool>,
}

impl HeatmapCodec {
    /// The `k` highest peaks of each heatmap, highest first.
    ///
    /// Peaks are cells that no cell in their 3×3 neighborhood exceeds. They are refined as in
    /// [`Self::decode`]. The first peak is the position found by [`Self::decode`], unless several
    /// places have the highest value.
    ///
    /// Of the equal cells of a plateau, the first one counts, row by row; a plateau with several
    /// tops, such as a U, counts once for each. Peaks may be negative if all cells around them are
    /// lower. Missing peaks come last. A heatmap with a NaN or an infinity (see [`Self::decode`])
    /// has no peaks. A soft-argmax needs a window here: over the whole map, it is the same for all
    /// peaks. For heatmaps of logits, pass their sigmoid.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::prelude::*;
    ///
    /// let device = Device::flex();
    /// let codec = HeatmapCodec::new([32, 32], 4, 1.0);
    /// // The left collars of two garments in one map, at cells (1, 1) and (6, 6).
    /// let positions = Tensor::<3>::from_floats([[[5.5, 5.5], [25.5, 25.5]]], &device);
    /// let maps = codec.encode(positions, Tensor::ones([1, 2], &device));
    /// let peaks = codec.peaks(maps.max_dim(1), 3, Refinement::None);
    /// assert_eq!(peaks.found.into_data().try_to_vec::<bool>().unwrap(), [true, true, false]);
    /// ```
    ///
    /// # Shapes
    /// - `heatmaps`: `[B, n, height, width]` of [`Self::heatmap_size`]
    ///
    /// # Panics
    /// As [`Self::decode`].
    pub fn peaks(&self, heatmaps: Tensor<4>, k: usize, refinement: Refinement) -> Peaks {
        let [batch, n] = self.check(&heatmaps, refinement);
        let device = heatmaps.device();
        if batch * n * k == 0 {
            return Peaks {
                positions: Tensor::zeros([batch, n, k, 2], &device),
                scores: Tensor::zeros([batch, n, k], &device),
                found: Tensor::<3, Int>::zeros([batch, n, k], &device).bool(),
            };
        }
        let peaks = Maps::new(only_peaks(heatmaps.clone()), Kind::Values);
        let maps = Maps::new(heatmaps, Kind::Values);
        let (scores, index) = highest(peaks.flat, k);
        let missing = scores.clone().is_finite().bool_not();
        let missing = missing.bool_or(maps.broken().expand([batch, n, k]));
        let cells = Cells::new(scores, index, missing, maps.size);
        let (positions, scores) = self.refined(&maps, &cells, refinement);
        Peaks { positions, scores, found: cells.missing.bool_not() }
    }
}

/// The heatmaps, with −∞ in all cells that are not peaks.
fn only_peaks(heatmaps: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = heatmaps.dims();
    let pool = MaxPool2dConfig::new([3, 3])
        .with_strides([1, 1])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init();
    let is_high = max_pool2d(&pool, heatmaps.clone()).equal(heatmaps.clone());
    // Of adjacent equal cells, the first: the one without an equal neighbor above or to the left.
    let around = is_high.clone().float().pad((1, 1, 1, 0), 0.0);
    let before = [[0, 0], [0, 1], [0, 2], [1, 0]].map(|[row, column]| {
        around.clone().narrow(2, row, height).narrow(3, column, width).greater_elem(0.0)
    });
    let is_later = before.into_iter().reduce(Tensor::bool_or).expect("four neighbors");
    heatmaps.mask_fill(is_high.bool_not().bool_or(is_later), f32::NEG_INFINITY)
}

/// The `k` highest values of each map, highest first, and their indices; −∞ where a map has no more
/// cells.
fn highest(flat: Tensor<3>, k: usize) -> (Tensor<3>, Tensor<3, Int>) {
    let [batch, n, cells] = flat.dims();
    let device = flat.device();
    let (values, indices) = flat.topk_with_indices(k.min(cells), 2);
    let Some(more) = k.checked_sub(cells).filter(|&more| more > 0) else {
        return (values, indices);
    };
    let nothing = Tensor::full([batch, n, more], f32::NEG_INFINITY, &device);
    let nowhere = Tensor::zeros([batch, n, more], &device);
    (Tensor::cat(vec![values, nothing], 2), Tensor::cat(vec![indices, nowhere], 2))
}
