//! Weights in the order in which the implicit GEMM reads them.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    columns::Columns,
    geometry::{Grids, Phase},
    kernel::{SQUARE, turn},
    memory::Buffer,
    share::share,
};

/// Weights as one matrix for each tap and group: value `(k, j)` of tap `t` of group `g` is
/// `values[g · group + k · row + j · column + t · tap]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights<'a> {
    pub values: &'a [f32],
    /// The number of rows (input channels) and columns (output channels) in a group.
    pub size: [usize; 2],
    pub group: usize,
    pub row: usize,
    pub column: usize,
    pub tap: usize,
}

impl<'a> Weights<'a> {
    /// The weights of a convolution, `[outputs, inputs, taps]` for each group.
    pub fn of_convolution(values: &'a [f32], [outputs, inputs]: [usize; 2], taps: usize) -> Self {
        Self {
            values,
            size: [inputs, outputs],
            group: outputs * inputs * taps,
            row: taps,
            column: inputs * taps,
            tap: 1,
        }
    }

    /// The same weights for the gradient with respect to the input.
    pub fn of_transposed(values: &'a [f32], [outputs, inputs]: [usize; 2], taps: usize) -> Self {
        Self {
            values,
            size: [outputs, inputs],
            group: outputs * inputs * taps,
            row: inputs * taps,
            column: taps,
            tap: 1,
        }
    }
}

/// Reorders weights `[C, taps]` to `[taps, C]`.
pub(super) fn taps_first(values: &[f32], channels: usize) -> Vec<f32> {
    let taps = values.len() / channels.max(1);
    let at = |i: usize| values[i % channels * taps + i / channels];
    (0..values.len()).map(at).collect()
}

/// Weights in panels of columns. In each panel, the rows of all taps follow each other.
#[derive(Debug)]
pub(super) struct Panels {
    values: Buffer,
    /// Rows of a tap: input channels in a group.
    pub depth: usize,
    /// Output channels in a group.
    pub columns: Columns,
    /// For each phase, the position of its panels and its number of taps.
    phases: Vec<(usize, usize)>,
}

impl Panels {
    /// Packs the panels of each phase's taps.
    pub fn new(weights: &Weights, grids: &Grids, groups: usize) -> Self {
        let [depth, count] = weights.size;
        let columns = Columns::new(count);
        let mut length = 0;
        let phases = grids.phases.iter().map(|phase| {
            let start = length;
            length += groups * depth * columns.padded() * phase.taps.len();
            (start, phase.taps.len())
        });
        let phases = phases.collect();
        let mut panels = Self { values: Buffer::new(length), depth, columns, phases };
        let mut rest = &mut panels.values[..];
        let mut tasks = Vec::new();
        for phase in &grids.phases {
            for group in 0..groups {
                for first in columns.starts() {
                    let wide = columns.wide(first);
                    let panel;
                    (panel, rest) =
                        std::mem::take(&mut rest).split_at_mut(phase.taps.len() * depth * wide);
                    let from = group * weights.group + first * weights.column;
                    let columns = columns.of_panel(first);
                    tasks.push(Pack { weights, phase, from, columns, wide, panel });
                }
            }
        }
        share(tasks.into_iter(), |task| columns.arch.dispatch(task));
        panels
    }

    /// Rows `rows`, counted through the taps, of the panel of a phase that begins with column
    /// `first` of a group.
    #[inline(always)]
    pub fn rows(&self, [phase, group]: [usize; 2], first: usize, rows: Range<usize>) -> &[f32] {
        let (start, taps) = self.phases[phase];
        let wide = self.columns.wide(first);
        let panel = start + (group * self.columns.padded() + first) * self.depth * taps;
        &self.values[panel + rows.start * wide..panel + rows.end * wide]
    }
}

/// A panel to fill: `columns` of its `wide` columns exist, the rest are zero.
struct Pack<'a, 'o> {
    weights: &'a Weights<'a>,
    phase: &'a Phase,
    /// The position of the panel's first weight, without the offset of the tap.
    from: usize,
    columns: usize,
    wide: usize,
    panel: &'o mut [f32],
}

impl WithSimd for Pack<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { weights, phase, from, columns, wide, panel } = self;
        let rows = weights.size[0];
        // A few rows of all taps at a time, so that strided reads stay in the cache.
        for row in (0..rows).step_by(SQUARE) {
            for (i, tap) in phase.taps.iter().enumerate() {
                let to = &mut panel[(i * rows + row) * wide..(i + 1) * rows * wide];
                let to = &mut to[..(rows - row).min(SQUARE) * wide];
                let from = from + row * weights.row + tap.index * weights.tap;
                pack(weights, from, columns, wide, to);
            }
        }
    }
}

/// Packs some rows of a tap into a panel.
#[inline(always)]
fn pack(weights: &Weights, from: usize, columns: usize, wide: usize, panel: &mut [f32]) {
    let Weights { values, row: down, column: across, .. } = *weights;
    if across == 1 {
        for (row, to) in panel.chunks_exact_mut(wide).enumerate() {
            let (to, rest) = to.split_at_mut(columns);
            to.copy_from_slice(&values[from + row * down..][..columns]);
            rest.fill(0.0);
        }
        return;
    }
    let mut first = 0;
    if down == 1 && panel.len() == SQUARE * wide {
        while first + SQUARE <= columns {
            turn((&values[from + first * across..], across), (&mut panel[first..], wide));
            first += SQUARE;
        }
    }
    for (row, to) in panel.chunks_exact_mut(wide).enumerate() {
        let (to, rest) = to.split_at_mut(columns);
        let values = values[from + row * down..].iter().step_by(across);
        to[first..].iter_mut().zip(values.skip(first)).for_each(|(to, value)| *to = *value);
        rest.fill(0.0);
    }
}
