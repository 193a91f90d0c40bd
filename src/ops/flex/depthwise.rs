//! Convolutions of each channel by itself, as many channels at a time as a vector has lanes.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    epilogue::Fused,
    geometry::{Geometry, Grids, OUTSIDE, Table},
    kernel::{load, store},
    memory::Buffer,
    share::{band, share},
    vectors::arch,
};

/// Whether each channel is a group of its own.
pub(super) fn is_depthwise(geometry: &Geometry, [outputs, inputs]: [usize; 2]) -> bool {
    geometry.groups > 1 && geometry.groups == inputs && outputs == inputs
}

/// A convolution, or its gradient by the input, from `x`, `[B, H, W, C]` (its `input` is
/// `[B, C, H, W]`), to `output`'s size. Weights are `[taps, C]`.
pub(super) fn convolve(
    x: &[f32],
    input: [usize; 4],
    output: [usize; 4],
    grids: &Grids,
    weights: &[f32],
    to: &mut [f32],
    fused: Fused,
) {
    let [batch, channels, height, width] = output;
    if to.is_empty() {
        return;
    }
    let [cell_rows, _] = grids.cells([height, width]);
    let work = Work { x, input, output, grids, weights, fused };
    let rows = to.chunks_mut(width * channels).collect::<Vec<_>>();
    // The rows of the output that a row of cells makes.
    let mut tasks: Vec<Task> = Vec::with_capacity(batch * cell_rows);
    for (i, row) in rows.into_iter().enumerate() {
        let (image, y) = (i / height, i % height);
        let cells = image * cell_rows + y / grids.step[0];
        match tasks.last_mut() {
            Some(task) if task.cells == cells => task.rows.push(row),
            _ => tasks.push(Task { work, cells, first: i, rows: vec![row] }),
        }
    }
    share(tasks.into_iter(), |task| arch().dispatch(task));
}

/// What all tasks share.
#[derive(Clone, Copy)]
struct Work<'a> {
    x: &'a [f32],
    input: [usize; 4],
    output: [usize; 4],
    grids: &'a Grids,
    /// `[taps, C]`.
    weights: &'a [f32],
    fused: Fused<'a>,
}

/// One row of cells.
struct Task<'a, 'o> {
    work: Work<'a>,
    /// Which row, counted through the batch.
    cells: usize,
    /// The first of its rows of the output, counted through the batch.
    first: usize,
    rows: Vec<&'o mut [f32]>,
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Work { x, input, output, grids, weights, fused } = self.work;
        let [_, channels, height, width] = output;
        for phase in &grids.phases {
            let cells = self.cells..self.cells + 1;
            let table = Table::new(grids, phase, [input[2], input[3]], [height, width], cells);
            let taps = phase.taps.len();
            for (i, &pixel) in table.pixels.iter().enumerate() {
                let sources = &table.sources[i * taps..][..taps];
                let row = &mut self.rows[pixel / width - self.first];
                let to = &mut row[pixel % width * channels..][..channels];
                for v in 0..channels.div_ceil(S::F32_LANES) {
                    let mut sum = simd.splat_f32s(0.0);
                    for (&source, tap) in sources.iter().zip(&phase.taps) {
                        if source != OUTSIDE {
                            let value = load(simd, &x[source * channels..][..channels], v);
                            let weight = &weights[tap.index * channels..][..channels];
                            sum = simd.mul_add_e_f32s(value, load(simd, weight, v), sum);
                        }
                    }
                    let first = v * S::F32_LANES;
                    let wide = (channels - first).min(S::F32_LANES);
                    let factors = fused.factors::<S, 1>(simd, first, wide);
                    let place = [pixel, pixel * channels + first, wide];
                    store(simd, to, v, fused.apply(simd, &factors, place, 0, sum));
                }
            }
        }
    }
}

/// The gradient of a convolution by its weights, `[C, taps]`, from its input and the gradient by
/// its output.
pub(super) fn weight_gradient(
    x: &[f32],
    input: [usize; 4],
    gradient: &[f32],
    output: [usize; 4],
    grids: &Grids,
) -> Buffer {
    let [batch, channels, height, width] = output;
    let phase = &grids.phases[0];
    let taps = phase.taps.len();
    let size = [height, width];
    let table = Table::new(grids, phase, [input[2], input[3]], size, 0..batch * height);
    let mut sums = Buffer::new(taps * channels);
    // Each task goes over all pixels, so that sums are the same however many threads there are.
    let band = band(channels).next_multiple_of(super::vectors::MAX_LANES);
    let parts = (0..channels).step_by(band).map(|first| first..(first + band).min(channels));
    let mut sums_of_parts: Vec<Vec<f32>> =
        parts.clone().map(|part| vec![0.0; taps * part.len()]).collect();
    share(parts.clone().zip(&mut sums_of_parts).collect::<Vec<_>>().into_iter(), |(part, sums)| {
        arch().dispatch(Gradient { x, gradient, channels, table: &table, taps, part, sums });
    });
    for (part, values) in parts.zip(sums_of_parts) {
        for (tap, values) in values.chunks_exact(part.len()).enumerate() {
            for (channel, value) in part.clone().zip(values) {
                sums[channel * taps + tap] = *value;
            }
        }
    }
    sums
}

/// Some channels' gradients, `[taps, channels]`.
struct Gradient<'a, 'o> {
    x: &'a [f32],
    gradient: &'a [f32],
    channels: usize,
    table: &'a Table,
    taps: usize,
    part: Range<usize>,
    sums: &'o mut [f32],
}

impl WithSimd for Gradient<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, gradient, channels, table, taps, part, sums } = self;
        for (i, &pixel) in table.pixels.iter().enumerate() {
            let gradient = &gradient[pixel * channels..][part.clone()];
            let sources = &table.sources[i * taps..][..taps];
            for (&source, sums) in sources.iter().zip(sums.chunks_exact_mut(part.len())) {
                if source == OUTSIDE {
                    continue;
                }
                let x = &x[source * channels..][part.clone()];
                for v in 0..part.len().div_ceil(S::F32_LANES) {
                    let sum = load(simd, sums, v);
                    let sum = simd.mul_add_e_f32s(load(simd, gradient, v), load(simd, x, v), sum);
                    store(simd, sums, v, sum);
                }
            }
        }
    }
}
