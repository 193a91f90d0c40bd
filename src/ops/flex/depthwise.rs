//! Depthwise convolutions, on as many channels at a time as a vector has lanes.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    epilogue::Fused,
    geometry::{Geometry, Grids, OUTSIDE, Phase, Table},
    kernel::{load, store},
    memory::Buffer,
    share::{band, share},
    vectors::arch,
};

/// Whether each channel is a group of its own.
pub(super) fn is_depthwise(geometry: &Geometry, [outputs, inputs]: [usize; 2]) -> bool {
    geometry.groups > 1 && geometry.groups == inputs && outputs == inputs
}

/// Computes a convolution, or its gradient with respect to the input, from `x`, `[B, H, W, C]` (its
/// `input` is `[B, C, H, W]`), to `output`'s size. Weights are `[taps, C]`.
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
    // The output rows that a row of cells produces.
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

/// Shared by all tasks.
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
    /// The index of the row in the batch.
    cells: usize,
    /// The first of its output rows, counted through the batch.
    first: usize,
    rows: Vec<&'o mut [f32]>,
}

/// The number of taps of the weights' gradient that are summed at the same time.
const TAPS: usize = 9;

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Work { input, output, grids, .. } = self.work;
        let [_, channels, height, width] = output;
        for phase in &grids.phases {
            let cells = self.cells..self.cells + 1;
            let table = Table::new(grids, phase, [input[2], input[3]], [height, width], cells);
            // A few channels of all pixels, then the next channels: their weights stay in the
            // cache.
            let mut first = 0;
            while first < channels {
                let lanes = S::F32_LANES;
                first += match (channels - first) / lanes {
                    0 => self.channels::<S, 1>(simd, phase, &table, first, channels - first),
                    1 => self.channels::<S, 1>(simd, phase, &table, first, lanes),
                    2 => self.channels::<S, 2>(simd, phase, &table, first, 2 * lanes),
                    3 => self.channels::<S, 3>(simd, phase, &table, first, 3 * lanes),
                    _ => self.channels::<S, 4>(simd, phase, &table, first, 4 * lanes),
                };
            }
        }
    }
}

impl Task<'_, '_> {
    /// Computes `wide` channels from `first` on, in `V` vectors, for all pixels; returns the number
    /// of channels. For whole vectors, `wide` is a constant, so that loads need no check.
    #[inline(always)]
    fn channels<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        phase: &Phase,
        table: &Table,
        first: usize,
        wide: usize,
    ) -> usize {
        let Work { x, output: [_, channels, _, width], weights, fused, .. } = self.work;
        let taps = phase.taps.len();
        let factors = fused.factors::<S, V>(simd, first, wide);
        for (i, &pixel) in table.pixels.iter().enumerate() {
            let mut sums = [simd.splat_f32s(0.0); V];
            let sources = &table.sources[i * taps..][..taps];
            for (&source, tap) in sources.iter().zip(&phase.taps) {
                if source != OUTSIDE {
                    let values = &x[source * channels + first..][..wide];
                    let weights = &weights[tap.index * channels + first..][..wide];
                    for (v, sum) in sums.iter_mut().enumerate() {
                        let (value, weight) = (load(simd, values, v), load(simd, weights, v));
                        *sum = simd.mul_add_e_f32s(value, weight, *sum);
                    }
                }
            }
            let row = &mut self.rows[pixel / width - self.first];
            let to = &mut row[pixel % width * channels + first..][..wide];
            let place = [pixel, pixel * channels + first, wide];
            for (v, sum) in sums.into_iter().enumerate() {
                store(simd, to, v, fused.apply(simd, &factors, place, v, sum));
            }
        }
        wide
    }
}

/// The gradient of a convolution with respect to its weights, `[C, taps]`, from its input and the
/// gradient with respect to its output.
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
    // Each task covers all pixels, so that the sums do not depend on the number of threads.
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

/// The gradients of some channels, `[taps, channels]`.
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
        let mut first = 0;
        let (channels, lanes, mut this) = (self.part.len(), S::F32_LANES, self);
        while first < channels {
            first += match (channels - first) / lanes {
                0 => this.channels::<S, 1>(simd, first, channels - first),
                1 => this.channels::<S, 1>(simd, first, lanes),
                _ => this.channels::<S, 2>(simd, first, 2 * lanes),
            };
        }
    }
}

impl Gradient<'_, '_> {
    /// Computes `wide` channels from `first` of its band on, in `V` vectors; returns the number of
    /// channels. Handles a few taps at a time, whose sums stay in registers over all pixels.
    #[inline(always)]
    fn channels<S: Simd, const V: usize>(&mut self, simd: S, first: usize, wide: usize) -> usize {
        let Self { x, gradient, channels, table, taps, .. } = *self;
        let place = self.part.start + first;
        for start in (0..taps).step_by(TAPS) {
            let count = (taps - start).min(TAPS);
            let mut sums = [[simd.splat_f32s(0.0); V]; TAPS];
            for (i, &pixel) in table.pixels.iter().enumerate() {
                let gradient = &gradient[pixel * channels + place..][..wide];
                let sources = &table.sources[i * taps + start..][..count];
                for (sums, &source) in sums.iter_mut().zip(sources) {
                    if source != OUTSIDE {
                        let x = &x[source * channels + place..][..wide];
                        for (v, sum) in sums.iter_mut().enumerate() {
                            let (gradient, x) = (load(simd, gradient, v), load(simd, x, v));
                            *sum = simd.mul_add_e_f32s(gradient, x, *sum);
                        }
                    }
                }
            }
            for (tap, sums) in sums.into_iter().take(count).enumerate() {
                let to = &mut self.sums[(start + tap) * self.part.len() + first..][..wide];
                for (v, sum) in sums.into_iter().enumerate() {
                    store(simd, to, v, sum);
                }
            }
        }
        wide
    }
}
