//! Filters at the points of the transform: computed once for weights that are used again.
use rayon::prelude::*;

use super::transform::{PATCH, POINTS, filter};
use crate::ops::flex::kernel::ROWS;

/// Filters of 3×3 taps, transformed in both directions. A filter that makes one of the four phases of a doubling has only
/// 2×2 taps, and nothing at the points that only the missing ones would reach: those products are left out.
#[derive(Debug)]
pub(in crate::ops::flex) struct Filters {
    /// Channels of the output, counted once for each phase.
    pub rows: usize,
    /// Channels of the input.
    pub columns: usize,
    /// Outputs per input pixel and side: 1, or 2 for a doubling.
    pub factor: usize,
    /// Of each point, of each block of rows, of each column: a value for each row of the block.
    values: Vec<[f32; ROWS]>,
    /// Where each point's blocks begin, in columns; `None` where all are zero.
    places: Vec<Option<usize>>,
}

impl Filters {
    /// The filters of a 3×3 convolution: `taps(row, column)`, line after line.
    pub fn of_convolution(
        [rows, columns]: [usize; 2],
        taps: impl Fn(usize, usize) -> [f32; 9] + Sync,
    ) -> Self {
        Self::new(rows, columns, 1, taps)
    }

    /// The filters of a transposed convolution with kernel 4, stride 2 and padding 1: `taps(row, column)` are its 16.
    ///
    /// Output pixel `2i` is made of inputs `i − 1` and `i` by taps 3 and 1, `2i + 1` of `i` and `i + 1` by taps 2 and 0.
    pub fn of_doubling(
        [rows, columns]: [usize; 2],
        taps: impl Fn(usize, usize) -> [f32; 16] + Sync,
    ) -> Self {
        const TAPS: [[Option<usize>; 3]; 2] = [[Some(3), Some(1), None], [None, Some(2), Some(0)]];
        // Phases begin at a block of their own.
        let padded = rows.next_multiple_of(ROWS);
        Self::new(4 * padded, columns, 2, |row, column| {
            let (phase, row) = (row / padded, row % padded);
            let mut nine = [0.0; 9];
            if row < rows {
                let all = taps(row, column);
                for (i, tap) in nine.iter_mut().enumerate() {
                    if let (Some(y), Some(x)) = (TAPS[phase / 2][i / 3], TAPS[phase % 2][i % 3]) {
                        *tap = all[y * 4 + x];
                    }
                }
            }
            nine
        })
    }

    fn new(
        rows: usize,
        columns: usize,
        factor: usize,
        taps: impl Fn(usize, usize) -> [f32; 9] + Sync,
    ) -> Self {
        let blocks = rows.div_ceil(ROWS);
        let phase_of = |block: usize| block * factor * factor / blocks;
        let mut used = 0;
        let mut places = Vec::with_capacity(POINTS * blocks);
        for point in 0..POINTS {
            for block in 0..blocks {
                // Without its last tap a filter is zero at infinity, without its first at 0.
                let empty = |point: usize, odd: bool| point == if odd { 0 } else { PATCH - 1 };
                let phase = phase_of(block);
                let skipped = factor == 2
                    && (empty(point / PATCH, phase / 2 == 1)
                        || empty(point % PATCH, phase % 2 == 1));
                places.push((!skipped).then_some(used));
                used += if skipped { 0 } else { columns };
            }
        }
        let mut values = vec![[0.0; ROWS]; used];
        let mut slabs: Vec<Vec<Option<&mut [[f32; ROWS]]>>> = Vec::new();
        slabs.resize_with(blocks, || Vec::with_capacity(POINTS));
        let mut parts = values.chunks_exact_mut(columns);
        for (i, place) in places.iter().enumerate() {
            slabs[i % blocks].push(place.and_then(|_| parts.next()));
        }
        slabs.into_par_iter().enumerate().for_each(|(block, mut slabs)| {
            for column in 0..columns {
                let mut lines = [[[0.0f32; ROWS]; 3]; 3];
                for (i, row) in (block * ROWS..rows).take(ROWS).enumerate() {
                    for (tap, value) in taps(row, column).into_iter().enumerate() {
                        lines[tap / 3][tap % 3][i] = value;
                    }
                }
                let lines = lines.map(filter);
                for x in 0..PATCH {
                    let points = filter([lines[0][x], lines[1][x], lines[2][x]]);
                    for (y, point) in points.into_iter().enumerate() {
                        if let Some(slab) = &mut slabs[y * PATCH + x] {
                            slab[column] = point;
                        }
                    }
                }
            }
        });
        Self { rows, columns, factor, values, places }
    }

    /// How many values there are.
    pub(super) fn values(&self) -> usize {
        self.values.len() * ROWS
    }

    /// A block's values at a point, column after column; `None` if all are zero.
    #[inline(always)]
    pub(super) fn at(&self, point: usize, block: usize) -> Option<&[[f32; ROWS]]> {
        let place = self.places[point * self.rows.div_ceil(ROWS) + block]?;
        Some(&self.values[place..][..self.columns])
    }
}
