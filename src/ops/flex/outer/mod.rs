//! The gradient of a convolution with respect to its weights: sums over pixels of the outer
//! products of input rows and rows of the output's gradient.
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

/// Rows of a line: the values of the input in a cache line.
const LINE: usize = 16;

/// Rows that are accumulated at a time.
const ROWS: usize = 4;

/// Pixels that are accumulated at a time: a panel of their gradients fits the first-level cache.
const STEP: usize = 128;

/// The maximum number of column panels of a task: their gradients stay in the second-level cache.
const PANELS: usize = 4;

/// The factors: for each group, rows of `x` with `depth` values from a pixel on, and the group's
/// part of the gradient's pixels.
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

/// The division of the sums into blocks of [`LINE`] rows of a panel of columns.
#[derive(Clone, Copy)]
struct Cut {
    /// The columns of a group.
    columns: Columns,
    /// The number of panels in a group, and in a task.
    panels: usize,
    at_once: usize,
    /// The number of blocks of a tap, and of all taps.
    of_tap: usize,
    blocks: usize,
}

impl Cut {
    /// The number of values in a block, for all panels of a task.
    fn block(&self) -> usize {
        self.at_once * LINE * self.columns.panel
    }

    /// The number of sets of panels in a group.
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
        // Enough tasks to keep the threads busy.
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
                // The panel's columns, in as many vectors as it needs.
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
                // The lines are far apart, so the processor does not prefetch them by itself.
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

/// `count` values from a position on, followed by zeros.
#[inline(always)]
fn line(x: &[f32], from: usize, count: usize) -> [f32; LINE] {
    let x = &x[from..];
    match x.first_chunk::<LINE>() {
        Some(line) if count == LINE => *line,
        _ => std::array::from_fn(|i| if i < count { x[i] } else { 0.0 }),
    }
}
