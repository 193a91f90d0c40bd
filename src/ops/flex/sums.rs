//! Convolutions as implicit GEMM: sums of products of pixels, in place, and panels of weights.
//!
//! The output is divided into bands of pixels, or of channels if the weights outweigh the pixels,
//! with one task each. A task processes its pixels in blocks that stay in the second-level cache,
//! and the products in steps whose weights do so too. It holds six pixels of up to four vectors of
//! channels in registers, and applies the epilogue there.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    columns::with_width,
    epilogue::Fused,
    geometry::{Grids, OUTSIDE, Table},
    kernel::{Ahead, Block, ROWS, accumulate, load, store},
    panels::Panels,
    rows::Part,
    share::{lines_of_band, share},
};

/// Products of one output that are summed in a step.
const STEP: usize = 256;

/// Values of the input that a block of pixels uses in a step.
const BLOCK: usize = 1 << 16;

/// A convolution, from `[B, H, W, C]` to `[B, H', W', C']`.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a> {
    pub x: &'a [f32],
    /// `[B, C, H, W]`. The rows of a tap are the values from a pixel on: its channels, or those of
    /// several pixels if there are few channels.
    pub input: [usize; 4],
    /// `[B, C', H', W']`.
    pub output: [usize; 4],
    pub groups: usize,
    pub grids: &'a Grids,
    pub panels: &'a Panels,
    pub fused: Fused<'a>,
}

impl Sums<'_> {
    /// Writes the output, on all threads.
    pub fn run(self, output: &mut [f32]) {
        let [batch, channels, height, width] = self.output;
        if output.is_empty() {
            return;
        }
        let [cell_rows, cell_columns] = self.grids.cells([height, width]);
        let (columns, lines) = (&self.panels.columns, batch * cell_rows);
        let taps = self.grids.phases.iter().map(|phase| phase.taps.len()).sum::<usize>();
        // Each band reads all weights; each range of channels reads all pixels.
        let by_channels = self.groups == 1
            && columns.starts().len() > 1
            && taps * channels > self.grids.phases.len() * lines * cell_columns;
        let (band, ranges) = match by_channels {
            true => (lines, columns.ranges(2 * rayon::current_num_threads())),
            false => {
                let band = lines_of_band(lines, cell_columns, ROWS, usize::MAX);
                (band, columns.ranges(1))
            }
        };
        let parts = Part::cut(output, self.output, self.grids.step[0], band, &ranges);
        let zeros = vec![0.0; self.panels.depth];
        share(parts.into_iter(), |part| {
            columns.arch.dispatch(Task { sums: self, part, zeros: &zeros });
        });
    }
}

/// A part of the output.
struct Task<'a, 'o> {
    sums: Sums<'a>,
    /// The lines of the part are rows of cells.
    part: Part<'o>,
    /// A pixel beyond the border.
    zeros: &'a [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Sums { input, output, groups, grids, panels, .. } = self.sums;
        let starts: Vec<usize> =
            panels.columns.starts().filter(|start| self.part.channels.contains(start)).collect();
        for (phase, cells) in grids.phases.iter().enumerate() {
            let size = [[input[2], input[3]], [output[2], output[3]]];
            let table = Table::new(grids, cells, size[0], size[1], self.part.lines.clone());
            let steps = steps(cells.taps.len() * panels.depth);
            let block = (BLOCK / steps[0].len().max(1)).max(ROWS) / ROWS * ROWS;
            for first in (0..table.pixels.len()).step_by(block) {
                let pixels = first..(first + block).min(table.pixels.len());
                // Each panel of each step of each group.
                let count = steps.len() * starts.len();
                for i in 0..groups * count {
                    let at = |i: usize| {
                        let (group, step) = (i / count, i % count / starts.len());
                        let start = starts[i % starts.len()];
                        Panel { phase, group, start, rows: steps[step].clone() }
                    };
                    let panel = at(i);
                    let next = if i + 1 < groups * count { at(i + 1).values(panels) } else { &[] };
                    with_width!(panels.columns.vectors(panel.start), WIDTH => {
                        self.pixels::<S, WIDTH>(simd, &table, pixels.clone(), &panel, next)
                    });
                }
            }
        }
    }
}

/// A panel and a range of its rows, counted through the taps.
struct Panel {
    phase: usize,
    group: usize,
    /// The first column of the panel.
    start: usize,
    rows: Range<usize>,
}

impl Panel {
    #[inline(always)]
    fn values<'a>(&self, panels: &'a Panels) -> &'a [f32] {
        panels.rows([self.phase, self.group], self.start, self.rows.clone())
    }
}

impl Task<'_, '_> {
    /// Computes one step of a panel for some of the table's pixels. `next` are the weights that
    /// come next.
    #[inline(always)]
    fn pixels<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        table: &Table,
        pixels: Range<usize>,
        panel: &Panel,
        next: &[f32],
    ) {
        let Sums { x, input, output, groups, grids, panels, fused, .. } = self.sums;
        let taps = grids.phases[panel.phase].taps.len();
        let depth = panels.depth;
        let width = output[1] / groups;
        let wide = (width - panel.start).min(V * S::F32_LANES);
        let column = panel.group * width + panel.start;
        let factors = fused.factors::<S, V>(simd, column, wide);
        let [is_first, is_last] = [panel.rows.start == 0, panel.rows.end == taps * depth];
        let weights = S::as_simd_f32s(panel.values(panels)).0.as_chunks::<V>().0;
        let mut ahead = Ahead::new(next, pixels.len().div_ceil(ROWS));
        for first in pixels.clone().step_by(ROWS) {
            ahead.advance();
            let count = (pixels.end - first).min(ROWS);
            let mut sums: Block<S, V> = [[simd.splat_f32s(0.0); V]; ROWS];
            if !is_first {
                for (row, sums) in sums.iter_mut().enumerate().take(count) {
                    let from = self.part.rows.at(table.pixels[first + row], column..column + wide);
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = load(simd, from, v);
                    }
                }
            }
            let mut weights = weights;
            let mut at = panel.rows.start;
            while at < panel.rows.end {
                let tap = at / depth;
                let range = at - tap * depth..(panel.rows.end - tap * depth).min(depth);
                let right;
                (right, weights) = weights.split_at(range.len());
                at += range.len();
                let mut left = [&self.zeros[..range.len()]; ROWS];
                for (row, left) in left.iter_mut().enumerate() {
                    // Pixels beyond the last one repeat it; their results are not written.
                    let pixel = first + row.min(count - 1);
                    let source = table.sources[pixel * taps + tap];
                    if source != OUTSIDE {
                        let from = source * input[1] + panel.group * depth + range.start;
                        *left = &x[from..from + range.len()];
                    }
                }
                sums = accumulate::<S, V>(simd, sums, left, right);
            }
            for (row, sums) in sums.iter().enumerate().take(count) {
                let pixel = table.pixels[first + row];
                let to = self.part.rows.at(pixel, column..column + wide);
                let place = [pixel, pixel * output[1] + column, wide];
                for (v, &sum) in sums.iter().enumerate() {
                    let value = match is_last {
                        true => fused.apply(simd, &factors, place, v, sum),
                        false => sum,
                    };
                    store(simd, to, v, value);
                }
            }
        }
    }
}

/// Divides `rows` rows into nearly equal steps of at most [`STEP`]; one empty step if there are
/// none.
fn steps(rows: usize) -> Vec<Range<usize>> {
    let count = rows.div_ceil(STEP).max(1);
    (0..count).map(|i| i * rows / count..(i + 1) * rows / count).collect()
}
