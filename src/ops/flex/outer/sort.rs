//! Reorders blocks of sums into the memory order of weights.
use pulp::{Simd, WithSimd};

use super::{Cut, LINE, Outer};
use crate::ops::flex::{
    kernel::{SQUARE, turn},
    share::share,
    vectors::arch,
};

impl Outer<'_> {
    /// Reorders the sums of the blocks.
    pub(super) fn sort(&self, sums: &[f32], cut: Cut, taps: usize, to: &mut [f32]) {
        let size = self.depth * taps;
        let bands = to.chunks_mut(cut.columns.count * size).enumerate().flat_map(|(group, to)| {
            let panels = to.chunks_mut(cut.columns.panel * size).enumerate();
            panels.map(move |(panel, to)| (group, panel, to))
        });
        share(bands.collect::<Vec<_>>().into_iter(), |(group, panel, to)| {
            let set = group * cut.sets() + panel / cut.at_once;
            let sums = &sums[set * cut.blocks * cut.block()..][..cut.blocks * cut.block()];
            let sums = &sums[panel % cut.at_once * LINE * cut.columns.panel..];
            arch().dispatch(Sort { sums, cut, depth: self.depth, taps, to });
        });
    }
}

/// The sums of a panel, to be reordered.
struct Sort<'a, 'o> {
    sums: &'a [f32],
    cut: Cut,
    depth: usize,
    taps: usize,
    /// `[column][row][tap]`.
    to: &'o mut [f32],
}

impl WithSimd for Sort<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { sums, cut, depth, taps, to } = self;
        let (size, panel) = (depth * taps, cut.columns.panel);
        let columns = to.len() / size;
        for (i, block) in sums.chunks(cut.block()).enumerate() {
            let (tap, first) = (i / cut.of_tap, i % cut.of_tap * LINE);
            let count = (depth - first).min(LINE);
            let mut column = 0;
            while taps == 1 && count == LINE && column + SQUARE <= columns {
                for half in [0, SQUARE] {
                    let from = &block[half * panel + column..];
                    turn((from, panel), (&mut to[column * size + first + half..], size));
                }
                column += SQUARE;
            }
            for (column, to) in to.chunks_exact_mut(size).enumerate().skip(column) {
                for row in 0..count {
                    to[(first + row) * taps + tap] = block[row * panel + column];
                }
            }
        }
    }
}
