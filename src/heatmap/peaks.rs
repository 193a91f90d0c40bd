//! Several peaks of each heatmap.
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
    /// `[B, n, k, 2]`: x and y in input pixels; the middle of the heatmap where there are no more peaks.
    pub positions: Tensor<4>,
    /// `[B, n, k]`: the heatmap at the peaks' cells, the highest first; 0 where there are no more peaks.
    pub scores: Tensor<3>,
    /// `[B, n, k]`: whether there is such a peak; a score of 0 may be one's own.
    pub found: Tensor<3, Bool>,
}

impl HeatmapCodec {
    /// The `k` highest peaks of each heatmap, the highest first: cells that no cell of their 3×3
    /// neighborhood exceeds, refined as [`Self::decode`] refines the highest. That one is the first
    /// peak, unless the highest value is found at several places.
    ///
    /// Of a plateau's equal cells the first one counts, row by row; a plateau with several tops, such as a U's, counts once
    /// for each. Peaks may be negative, where all cells around are lower still. What is missing comes last. A broken heatmap
    /// (see [`Self::decode`]) has no peaks. A soft argmax needs a window here: over the whole map, it is the same for all peaks.
    /// Of heatmaps of logits, give the sigmoid.
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

/// The heatmaps, with −∞ wherever there is no peak.
fn only_peaks(heatmaps: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = heatmaps.dims();
    let pool = MaxPool2dConfig::new([3, 3])
        .with_strides([1, 1])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init();
    let is_high = max_pool2d(&pool, heatmaps.clone()).equal(heatmaps.clone());
    // Of equal ones side by side, the first: the one that has no other before it, above or to the left.
    let around = is_high.clone().float().pad((1, 1, 1, 0), 0.0);
    let before = [[0, 0], [0, 1], [0, 2], [1, 0]].map(|[row, column]| {
        around.clone().narrow(2, row, height).narrow(3, column, width).greater_elem(0.0)
    });
    let is_later = before.into_iter().reduce(Tensor::bool_or).expect("four neighbors");
    heatmaps.mask_fill(is_high.bool_not().bool_or(is_later), f32::NEG_INFINITY)
}

/// The `k` highest values of each map, the highest first, and their indices; −∞ where a map has no more cells.
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
