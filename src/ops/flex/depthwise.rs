//! Convolutions of each channel by itself, as many channels at a time as a vector has lanes.
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

/// How many taps of the weights' gradient are summed side by side.
const TAPS: usize = 9;

/// How many vectors of channels are summed side by side.
const VECTORS: usize = 4;

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Work { input, output, grids, .. } = self.work;
        let [_, channels, height, width] = output;
        for phase in &grids.phases {
            let cells = self.cells..self.cells + 1;
            let table = Table::new(grids, phase, [input[2], input[3]], [height, width], cells);
            // Some channels of all pixels, then the next: their weights stay in the cache.
            let mut first = 0;
            while first < channels {
                let vectors = (channels - first) / S::F32_LANES;
                first += match vectors {
                    0 => self.last_channels(simd, phase, &table, first),
                    1 => self.channels::<S, 1>(simd, phase, &table, first),
                    2 => self.channels::<S, 2>(simd, phase, &table, first),
                    3 => self.channels::<S, 3>(simd, phase, &table, first),
                    _ => self.channels::<S, VECTORS>(simd, phase, &table, first),
                };
            }
        }
    }
}

impl Task<'_, '_> {
    /// `V` vectors of channels from `first` on, of all pixels; how many channels these are.
    #[inline(always)]
    fn channels<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        phase: &Phase,
        table: &Table,
        first: usize,
    ) -> usize {
        let Work { x, output: [_, channels, _, width], weights, fused, .. } = self.work;
        let (wide, taps) = (V * S::F32_LANES, phase.taps.len());
        let factors = fused.factors::<S, V>(simd, first, wide);
        for (i, &pixel) in table.pixels.iter().enumerate() {
            let mut sums = [simd.splat_f32s(0.0); V];
            let sources = &table.sources[i * taps..][..taps];
            for (&source, tap) in sources.iter().zip(&phase.taps) {
                if source != OUTSIDE {
                    let values = vectors::<S>(&x[source * channels + first..][..wide]);
                    let weights = vectors::<S>(&weights[tap.index * channels + first..][..wide]);
                    for v in 0..V {
                        sums[v] = simd.mul_add_e_f32s(values[v], weights[v], sums[v]);
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

    /// The channels from `first` on, which are fewer than a vector has.
    #[inline(always)]
    fn last_channels<S: Simd>(
        &mut self,
        simd: S,
        phase: &Phase,
        table: &Table,
        first: usize,
    ) -> usize {
        let Work { x, output: [_, channels, _, width], weights, fused, .. } = self.work;
        let (wide, taps) = (channels - first, phase.taps.len());
        let factors = fused.factors::<S, 1>(simd, first, wide);
        for (i, &pixel) in table.pixels.iter().enumerate() {
            let mut sum = simd.splat_f32s(0.0);
            let sources = &table.sources[i * taps..][..taps];
            for (&source, tap) in sources.iter().zip(&phase.taps) {
                if source != OUTSIDE {
                    let value = load(simd, &x[source * channels + first..][..wide], 0);
                    let weight = &weights[tap.index * channels + first..][..wide];
                    sum = simd.mul_add_e_f32s(value, load(simd, weight, 0), sum);
                }
            }
            let row = &mut self.rows[pixel / width - self.first];
            let to = &mut row[pixel % width * channels + first..][..wide];
            let place = [pixel, pixel * channels + first, wide];
            store(simd, to, 0, fused.apply(simd, &factors, place, 0, sum));
        }
        wide
    }
}

/// Whole vectors.
#[inline(always)]
fn vectors<S: Simd>(values: &[f32]) -> &[S::f32s] {
    S::as_simd_f32s(values).0
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
        let mut first = 0;
        let (wide, mut this) = (self.part.len(), self);
        while first < wide {
            first += match (wide - first) / S::F32_LANES {
                0 => this.last_channels(simd, first),
                1 => this.channels::<S, 1>(simd, first),
                _ => this.channels::<S, 2>(simd, first),
            };
        }
    }
}

impl Gradient<'_, '_> {
    /// `V` vectors of channels from `first` of its part on; how many channels these are. Some taps
    /// at a time, whose sums stay in registers while all pixels go by.
    #[inline(always)]
    fn channels<S: Simd, const V: usize>(&mut self, simd: S, first: usize) -> usize {
        let Self { x, gradient, channels, table, taps, .. } = *self;
        let (wide, place) = (V * S::F32_LANES, self.part.start + first);
        let mut start = 0;
        while start < taps {
            let count = (taps - start).min(TAPS);
            let mut sums = [[simd.splat_f32s(0.0); V]; TAPS];
            for (i, &pixel) in table.pixels.iter().enumerate() {
                let gradient = vectors::<S>(&gradient[pixel * channels + place..][..wide]);
                let sources = &table.sources[i * taps + start..][..count];
                for (sums, &source) in sums.iter_mut().zip(sources) {
                    if source != OUTSIDE {
                        let x = vectors::<S>(&x[source * channels + place..][..wide]);
                        for v in 0..V {
                            sums[v] = simd.mul_add_e_f32s(gradient[v], x[v], sums[v]);
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
            start += count;
        }
        wide
    }

    /// The channels from `first` of its part on, which are fewer than a vector has.
    #[inline(always)]
    fn last_channels<S: Simd>(&mut self, simd: S, first: usize) -> usize {
        let Self { x, gradient, channels, table, taps, .. } = *self;
        let (wide, place) = (self.part.len() - first, self.part.start + first);
        for (i, &pixel) in table.pixels.iter().enumerate() {
            let gradient = load(simd, &gradient[pixel * channels + place..][..wide], 0);
            let sources = &table.sources[i * taps..][..taps];
            for (tap, &source) in sources.iter().enumerate() {
                if source != OUTSIDE {
                    let x = load(simd, &x[source * channels + place..][..wide], 0);
                    let sums = &mut self.sums[tap * self.part.len() + first..][..wide];
                    let sum = simd.mul_add_e_f32s(gradient, x, load(simd, sums, 0));
                    store(simd, sums, 0, sum);
                }
            }
        }
        wide
    }
}
