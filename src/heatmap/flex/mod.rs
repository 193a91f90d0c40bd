//! The codec on Burn's CPU backend, Flex: one map at a time, while it is in the cache, on all
//! cores.
//!
//! Only for single-precision tensors without gradients; all others use Burn's operations.
use burn::tensor::{Int, Tensor, TensorData};

use super::{
    codec::HeatmapCodec,
    landmarks::Landmarks,
    refine::{Cell, Cells, Kind, Refinement},
};
use crate::ops::flex::{Buffer, Heatmaps, constant, draw, from_flex, slice, tensor};

#[cfg(test)]
mod tests;

/// [`HeatmapCodec::encode`] on Flex; `None` if the tensors are not supported. Equal to Burn's
/// operations except for the last bits of the exponential, and for values below 10⁻¹⁹, which may be
/// 0.
pub(super) fn encode(
    codec: &HeatmapCodec,
    positions: &Tensor<3>,
    weights: &Tensor<2>,
) -> Option<Tensor<4>> {
    let (points, drawn) = (constant(positions)?, constant(weights)?);
    let (points, drawn) = (slice(&points), slice(&drawn));
    let [batch, n, _] = positions.dims();
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

/// [`HeatmapCodec::decode`] on Flex in one pass over the maps; `None` if the tensors are not
/// supported. Equal to Burn's operations except for the last bits of a sigmoid.
pub(super) fn decode(
    codec: &HeatmapCodec,
    heatmaps: &Tensor<4>,
    kind: Kind,
    refinement: Refinement,
) -> Option<Landmarks> {
    let is_here = matches!(
        refinement,
        Refinement::None | Refinement::QuarterOffset | Refinement::MmposeQuarterOffset
    );
    if !is_here {
        return None;
    }
    let maps = Heatmaps::of(heatmaps)?;
    let [batch, n, height, width] = heatmaps.dims();
    let axes = codec.axes().map(|(scale, shift)| (scale as f32, shift as f32));
    let middle = codec.middle().map(|place| place as f32);
    let found = maps.peaks().into_iter().enumerate().map(|(map, peak)| {
        let Some((index, highest)) = peak else { return (middle, 0.0) };
        let score = kind.value(highest);
        let at = [index % width, index / width];
        let cell = Cell { maps: &maps, map, size: [width, height], at };
        let offset = match refinement {
            Refinement::QuarterOffset => cell.quarter_offset(),
            Refinement::MmposeQuarterOffset if score <= 0.0 => return ([-1.0; 2], score),
            Refinement::MmposeQuarterOffset => cell.mmpose_quarter_offset(),
            _ => [0.0; 2],
        };
        ([0, 1].map(|axis| cell.at[axis] as f32 + offset[axis]), score)
    });
    let (places, scores): (Vec<_>, Vec<_>) = found.unzip();
    let pixel = |axis: usize, place: f32| (place - axes[axis].1) / axes[axis].0;
    let positions = places.into_iter().flat_map(|[x, y]| [pixel(0, x), pixel(1, y)]).collect();
    let differentiates = heatmaps.device().is_autodiff();
    Some(Landmarks {
        positions: from_flex(tensor(positions, [batch, n, 2]), differentiates),
        scores: from_flex(tensor(scores, [batch, n]), differentiates),
    })
}

/// Each map's highest cell; `None` if the tensor is not supported.
pub(super) fn highest(heatmaps: &Tensor<4>, kind: Kind) -> Option<Cells> {
    let [batch, n, height, width] = heatmaps.dims();
    let found = Heatmaps::of(heatmaps)?.peaks();
    let device = heatmaps.device();
    let shape = [batch, n, 1];
    let score =
        |found: &Option<(usize, f32)>| found.map_or(0.0, |(_, highest)| kind.value(highest));
    let scores = found.iter().map(score).collect();
    let indices = found.iter().map(|found| found.map_or(0, |(index, _)| index as i64)).collect();
    let missing: Vec<bool> = found.iter().map(Option::is_none).collect();
    Some(Cells::new(
        from_flex(tensor(scores, shape), device.is_autodiff()),
        Tensor::<3, Int>::from_data(TensorData::new::<i64, _>(indices, shape), &device),
        Tensor::from_data(TensorData::new(missing, shape), &device),
        [width, height],
    ))
}
