//! The gradient of a convolution by its weights: sums over pixels of a row of the input times a row
//! of the gradient by the output.
mod products;
mod sort;

use std::ops::Range;

use pulp::{Simd, WithSimd};

use self::products::add;
use super::{
    columns::{Columns, with_width},
    geometry::{Grids, OUTSIDE, Table},
    kernel::prefetch,
    memory::Buffer,
    share::share,
};

/// Rows of a line, of which a cache line of the input has as many values.
const LINE: usize = 16;

/// Rows that are added up at a time.
const ROWS: usize = 4;

/// Pixels that are added up at a time: a panel of their gradients fits the first cache.
const STEP: usize = 128;

/// Panels of columns that a task has at most: their gradients stay in the second cache.
const PANELS: usize = 4;

/// What is multiplied: each group's rows of `x`, of `depth` values from a pixel on, with its part
/// of the gradient's pixels.
#[derive(Clone, Copy)]
pub(super) struct Outer<'a> {
    pub x: &'a [f32],
    /// `[B, C, H, W]`.
    pub input: [usize; 4],
    pub depth: usize,
    pub gradient: &'a [f32],
    /// `[B, C', H', W']`.
    pub output: [usize; 4],
    pub groups: usize,
    pub grids: &'a Grids,
}

/// How the sums are cut into blocks of [`LINE`] rows of a panel of columns.
#[derive(Clone, Copy)]
struct Cut {
    /// Of a group.
    columns: Columns,
    /// Panels of a group, and how many of them a task has.
    panels: usize,
    at_once: usize,
    /// Blocks of a tap, and of all.
    of_tap: usize,
    blocks: usize,
}

impl Cut {
    /// Values of a block, for all panels of a task.
    fn block(&self) -> usize {
        self.at_once * LINE * self.columns.panel
    }

    /// Sets of panels of a group.
    fn sets(&self) -> usize {
        self.panels.div_ceil(self.at_once)
    }
}

impl Outer<'_> {
    /// The sums, `[group][column][row][tap]`.
    pub fn run(self) -> Buffer {
        let [batch, channels, height, width] = self.output;
        let phase = &self.grids.phases[0];
        let taps = phase.taps.len();
        let mut all = Buffer::new(channels * self.depth * taps);
        if self.gradient.is_empty() || all.is_empty() {
            all.fill(0.0);
            return all;
        }
        let input = [self.input[2], self.input[3]];
        let table = Table::new(self.grids, phase, input, [height, width], 0..batch * height);
        let columns = Columns::new(channels / self.groups);
        let panels = columns.starts().len();
        let of_tap = self.depth.div_ceil(LINE);
        let at_once = panels.min(PANELS);
        let cut = Cut { columns, panels, at_once, of_tap, blocks: taps * of_tap };
        // Tasks are as many as keep the threads busy.
        let wanted = rayon::current_num_threads();
        let parts = wanted.div_ceil(self.groups * cut.sets()).min(cut.blocks);
        let mut sums = Buffer::new(self.groups * cut.sets() * cut.blocks * cut.block());
        let mut rest = &mut sums[..];
        let mut tasks = Vec::new();
        for i in 0..self.groups * cut.sets() {
            for part in 0..parts {
                let blocks = part * cut.blocks / parts..(part + 1) * cut.blocks / parts;
                let values;
                (values, rest) = std::mem::take(&mut rest).split_at_mut(blocks.len() * cut.block());
                let (group, set) = (i / cut.sets(), i % cut.sets());
                tasks.push(Task {
                    outer: self,
                    table: &table,
                    cut,
                    group,
                    set,
                    blocks,
                    sums: values,
                });
            }
        }
        share(tasks.into_iter(), |task| columns.arch.dispatch(task));
        self.sort(&sums, cut, taps, &mut all);
        all
    }
}

/// Some blocks of a set of panels.
struct Task<'a, 'o> {
    outer: Outer<'a>,
    table: &'a Table,
    cut: Cut,
    group: usize,
    set: usize,
    /// Counted through the taps.
    blocks: Range<usize>,
    /// `[block][panel][row][column]`.
    sums: &'o mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { outer, table, cut, group, set, blocks, sums } = self;
        let Outer { x, input, depth, gradient, output, grids, .. } = outer;
        let taps = grids.phases[0].taps.len();
        let Cut { columns, at_once, .. } = cut;
        let starts: Vec<usize> = columns.starts().skip(set * at_once).take(at_once).collect();
        let mut right = vec![0.0f32; starts.len() * STEP * columns.panel];
        let mut left = vec![[0.0f32; LINE]; STEP];
        for first in (0..table.pixels.len()).step_by(STEP) {
            let pixels = first..(first + STEP).min(table.pixels.len());
            for (&start, right) in starts.iter().zip(right.chunks_exact_mut(STEP * columns.panel)) {
                let wide = columns.of_panel(start);
                // The panel's columns, of as many vectors as it needs.
                let lines = right.chunks_exact_mut(columns.wide(start));
                for (line, &pixel) in lines.zip(&table.pixels[pixels.clone()]) {
                    let from = pixel * output[1] + group * columns.count + start;
                    line[..wide].copy_from_slice(&gradient[from..from + wide]);
                }
            }
            for (block, sums) in blocks.clone().zip(sums.chunks_exact_mut(cut.block())) {
                let (tap, row) = (block / cut.of_tap, block % cut.of_tap * LINE);
                let count = (depth - row).min(LINE);
                let sources = table.sources[pixels.start * taps + tap..].iter().step_by(taps);
                let left = &mut left[..pixels.len()];
                let place = |source: usize| source * input[1] + group * depth + row;
                for (left, &source) in left.iter_mut().zip(sources.clone()) {
                    *left = match source {
                        OUTSIDE => [0.0; LINE],
                        source => line(x, place(source), count),
                    };
                }
                // Lines far apart, which the processor doesn't expect.
                for &source in sources.skip(STEP).take(STEP).filter(|source| **source != OUTSIDE) {
                    prefetch(&x[place(source)..][..1]);
                }
                let panels = right.chunks_exact(STEP * columns.panel);
                let panels = panels.zip(sums.chunks_exact_mut(LINE * columns.panel));
                for (&start, (right, sums)) in starts.iter().zip(panels) {
                    for (i, sums) in sums.chunks_exact_mut(ROWS * columns.panel).enumerate() {
                        if i * ROWS >= count {
                            break;
                        }
                        let begin = first == 0;
                        with_width!(columns.vectors(start), WIDTH => {
                            add::<S, WIDTH>(simd, (left, i), right, sums, columns.panel, begin)
                        });
                    }
                }
            }
        }
    }
}

/// So many of the values from a place on, and zeros.
#[inline(always)]
fn line(x: &[f32], from: usize, count: usize) -> [f32; LINE] {
    let x = &x[from..];
    match x.first_chunk::<LINE>() {
        Some(line) if count == LINE => *line,
        _ => std::array::from_fn(|i| if i < count { x[i] } else { 0.0 }),
    }
}
