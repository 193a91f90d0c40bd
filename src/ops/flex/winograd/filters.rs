//! Filters at the points of the transform, computed once for weights that are reused.
use pulp::{Simd, WithSimd};

use super::transform::{PATCH, POINTS, filter};
use crate::ops::flex::{
    columns::Columns,
    memory::Buffer,
    panels::Weights,
    share::share,
    vectors::{MAX_LANES, VECTORS},
};

/// The rows (or columns) of a kernel that are a filter's three taps.
type Taps = [Option<usize>; 3];

/// 3×3 filters transformed in both directions, in panels as wide as a register block. The filters
/// of a doubling's four phases have only 2×2 taps; the products at points that only the missing
/// taps would reach are left out.
#[derive(Debug)]
pub(in crate::ops::flex) struct Filters {
    /// `[phase][panel][point][row][column]`.
    values: Buffer,
    /// Rows: channels of the input.
    pub depth: usize,
    /// Channels of the output.
    pub columns: Columns,
    /// Outputs per input pixel and side: 1, or 2 for a doubling.
    pub factor: usize,
    /// The points that exist, for each phase.
    points: Vec<Vec<usize>>,
}

impl Filters {
    /// The filters of a 3×3 convolution, or of its gradient with respect to the input, with rotated
    /// taps.
    pub fn of_convolution(weights: &Weights, turned: bool) -> Self {
        let taps = if turned { [2, 1, 0] } else { [0, 1, 2] };
        Self::new(weights, 3, &[taps.map(Some)])
    }

    /// The filters of a transposed convolution with kernel 4, stride 2 and padding 1.
    ///
    /// Output pixel `2i` is computed from inputs `i − 1` and `i` with taps 3 and 1, `2i + 1` from
    /// `i` and `i + 1` with taps 2 and 0.
    pub fn of_doubling(weights: &Weights) -> Self {
        Self::new(weights, 4, &[[Some(3), Some(1), None], [None, Some(2), Some(0)]])
    }

    fn new(weights: &Weights, side: usize, axes: &[Taps]) -> Self {
        let [depth, count] = weights.size;
        let columns = Columns::new(count);
        let axis_points = |taps: &Taps| {
            // Without its last tap, a filter is zero at infinity; without its first, it is zero at
            // 0.
            let there = [taps[0].is_some(), true, true, true, true, taps[2].is_some()];
            (0..PATCH).filter(|&point| there[point]).collect::<Vec<_>>()
        };
        let phases: Vec<[&Taps; 2]> =
            axes.iter().flat_map(|y| axes.iter().map(move |x| [y, x])).collect();
        let points = phases.iter().map(|[y, x]| {
            let rows = axis_points(y).into_iter();
            rows.flat_map(|y| axis_points(x).into_iter().map(move |x| y * PATCH + x)).collect()
        });
        let points: Vec<Vec<usize>> = points.collect();
        let count: usize =
            points.iter().map(|points| points.len() * depth * columns.padded()).sum();
        let values = Buffer::new(count);
        let mut filters = Self { values, depth, columns, factor: axes.len(), points };
        let mut rest = &mut filters.values[..];
        let mut tasks = Vec::new();
        for (taps, points) in phases.iter().zip(&filters.points) {
            for first in columns.starts() {
                let wide = columns.wide(first);
                let count = columns.of_panel(first);
                let values;
                (values, rest) =
                    std::mem::take(&mut rest).split_at_mut(points.len() * depth * wide);
                tasks.push(Panel {
                    weights,
                    side,
                    taps: *taps,
                    points,
                    first,
                    count,
                    wide,
                    values,
                });
            }
        }
        share(tasks.into_iter(), |task| columns.arch.dispatch(task));
        filters
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The number of phases.
    pub fn phases(&self) -> usize {
        self.points.len()
    }

    /// The points of a phase that exist.
    pub fn points(&self, phase: usize) -> &[usize] {
        &self.points[phase]
    }

    /// The panel of a phase that begins with column `first`: all its points, row after row.
    pub fn panel(&self, phase: usize, first: usize) -> &[f32] {
        let before: usize = self.points[..phase].iter().map(Vec::len).sum();
        let points = self.points[phase].len();
        let start = (before * self.columns.padded() + first * points) * self.depth;
        &self.values[start..start + points * self.depth * self.columns.wide(first)]
    }

    /// The first point of a phase's panel.
    pub fn first_point(&self, [phase, first]: [usize; 2]) -> &[f32] {
        &self.panel(phase, first)[..self.depth * self.columns.wide(first)]
    }
}

/// One panel of a phase.
struct Panel<'a, 'o> {
    weights: &'a Weights<'a>,
    side: usize,
    taps: [&'a Taps; 2],
    points: &'a [usize],
    first: usize,
    /// The number of existing columns, and of columns that the panel's vectors hold.
    count: usize,
    wide: usize,
    values: &'o mut [f32],
}

impl WithSimd for Panel<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { weights, side, taps, points, first, count, wide, values } = self;
        let [rows, _] = weights.size;
        let zero = simd.splat_f32s(0.0);
        let mut nine = [[0.0f32; VECTORS * MAX_LANES]; 9];
        for row in 0..rows {
            for (i, line) in nine.iter_mut().enumerate() {
                let (Some(y), Some(x)) = (taps[0][i / 3], taps[1][i % 3]) else { continue };
                let from = row * weights.row + first * weights.column + y * side + x;
                let step = weights.values[from..].iter().step_by(weights.column);
                line[..count].iter_mut().zip(step).for_each(|(to, value)| *to = *value);
            }
            for v in 0..wide / S::F32_LANES {
                let mut lines = [[zero; PATCH]; 3];
                for (line, nine) in lines.iter_mut().zip(nine.chunks_exact(3)) {
                    let mut three = [zero; 3];
                    for (value, tap) in three.iter_mut().zip(nine) {
                        *value = S::as_simd_f32s(&tap[..wide]).0[v];
                    }
                    *line = filter(simd, three);
                }
                let mut all = [zero; POINTS];
                for x in 0..PATCH {
                    let column = filter(simd, [lines[0][x], lines[1][x], lines[2][x]]);
                    for y in 0..PATCH {
                        all[y * PATCH + x] = column[y];
                    }
                }
                for (i, &point) in points.iter().enumerate() {
                    let to = &mut values[(i * rows + row) * wide..][..wide];
                    S::as_mut_simd_f32s(to).0[v] = all[point];
                }
            }
        }
    }
}
