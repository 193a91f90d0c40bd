//! The codec on Burn's CPU backend, Flex: map after map, each while it is in the cache, on all cores.
//!
//! Only for tensors in single precision that no gradient flows through; all others take Burn's operations.
use burn::tensor::{Tensor, assert_shape};

use super::{HeatmapCodec, Landmarks, Refinement, refine::Cell};
use crate::ops::flex::{Buffer, constant, draw, from_flex, peak, share, slice, tensor};

#[cfg(test)]
mod tests;

/// Values of maps that a thread looks at at a time.
const BAND: usize = 1 << 16;

/// [`HeatmapCodec::encode`], where it can be done here. Equal to what Burn's operations give but for the exponential's last
/// bits, and for values below 10⁻¹⁹, which may be 0.
pub(super) fn encode(
    codec: &HeatmapCodec,
    positions: &Tensor<3>,
    weights: &Tensor<2>,
) -> Option<Tensor<4>> {
    let (points, drawn) = (constant(positions)?, constant(weights)?);
    let (points, drawn) = (slice(&points), slice(&drawn));
    let [batch, n, _] = positions.dims();
    assert_shape!(positions, [_, _, 2]);
    assert_shape!(weights, [batch, n]);
    let [width, height] = codec.heatmap_size();
    let axes = codec.axes().map(|(scale, shift)| (scale as f32, shift as f32));
    let limits = [width, height].map(|cells| (cells as f64 - 0.5) as f32);
    let center = |map: usize| {
        let center = [0, 1].map(|i| points[2 * map + i] * axes[i].0 + axes[i].1);
        let inside = |i: usize| center[i] >= -0.5 && center[i] < limits[i];
        (drawn[map] > 0.0 && inside(0) && inside(1)).then_some(center)
    };
    let mut maps = Buffer::new(batch * n * height * width);
    draw(center, [width, height], codec.sigma(), &mut maps);
    let differentiates = positions.device().is_autodiff() || weights.device().is_autodiff();
    Some(from_flex(maps.into_tensor([batch, n, height, width]), differentiates))
}

/// [`HeatmapCodec::decode`], where it can be done here: equal to what Burn's operations give.
pub(super) fn decode(
    codec: &HeatmapCodec,
    heatmaps: &Tensor<4>,
    refinement: Refinement,
) -> Option<Landmarks> {
    let maps = constant(heatmaps)?;
    let maps = slice(&maps);
    let [batch, n, height, width] = heatmaps.dims();
    let axes = codec.axes().map(|(scale, shift)| (scale as f32, shift as f32));
    let (mut positions, mut scores) = (vec![0.0; batch * n * 2], vec![0.0; batch * n]);
    let cells = width * height;
    let band = (BAND / cells).max(1);
    let outputs = positions.chunks_mut(2 * band).zip(scores.chunks_mut(band));
    share(maps.chunks(band * cells).zip(outputs), |(maps, (positions, scores))| {
        let outputs = positions.chunks_exact_mut(2).zip(scores);
        for (map, (position, score)) in maps.chunks_exact(cells).zip(outputs) {
            let (index, highest) = peak(map);
            let cell = Cell { map, size: [width, height], at: [index % width, index / width] };
            let offset = match refinement {
                Refinement::None => Some([0.0; 2]),
                Refinement::QuarterOffset => Some(cell.quarter_offset()),
                Refinement::MmposeQuarterOffset if highest <= 0.0 => None,
                Refinement::MmposeQuarterOffset => Some(cell.mmpose_quarter_offset()),
            };
            for i in [0, 1] {
                let place = offset.map_or(-1.0, |offset| cell.at[i] as f32 + offset[i]);
                position[i] = (place - axes[i].1) / axes[i].0;
            }
            *score = highest;
        }
    });
    let differentiates = heatmaps.device().is_autodiff();
    Some(Landmarks {
        positions: from_flex(tensor(positions, [batch, n, 2]), differentiates),
        scores: from_flex(tensor(scores, [batch, n]), differentiates),
    })
}
