//! Products at the points of the transform, and the output transform back to images.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    filters::Filters,
    points::{Line, Tiles},
    transform::{PATCH, POINTS, TILE, output},
};
use crate::ops::flex::{
    columns::with_width,
    epilogue::Fused,
    kernel::{Ahead, Block, ROWS, accumulate, store},
    memory::Buffer,
    rows::Part,
    scratch::with_scratch,
    share::{lines_of_band, share},
};

/// Values that stay in the second-level cache: of a task's tiles at the points, of its sums there,
/// and of filters that each task reads as a whole.
const IN_CACHE: usize = 1 << 17;

/// Values at the points that stay in the last-level cache.
const SHARED: usize = 1 << 20;

/// Computes a 3×3 convolution or a doubling from `x`, `[B, H, W, C]` (its `size` is
/// `[B, C, H, W]`), to `[B, H', W', C']`.
pub(in crate::ops::flex) fn convolve(
    x: &[f32],
    size: [usize; 4],
    filters: &Filters,
    to: &mut [f32],
    fused: Fused,
) {
    let [batch, _, height, width] = size;
    if to.is_empty() {
        return;
    }
    let tiles = Tiles::new(x, size);
    let lines = batch * tiles.lines;
    let channels = &filters.columns;
    let work = Work { tiles, filters, fused };
    let output = [batch, channels.count, filters.factor * height, filters.factor * width];
    let step = filters.factor * TILE;
    if filters.len() <= IN_CACHE {
        // Each task transforms its own tiles and reads all filters.
        let band = lines_of_band(lines, tiles.columns, ROWS, IN_CACHE / (POINTS * filters.depth));
        let parts = Part::cut(to, output, step, band, &channels.ranges(1));
        share(parts.into_iter(), |part| work.run(part, None));
        return;
    }
    // All tasks transform some lines, and then each reads some of the filters.
    let threads = rayon::current_num_threads();
    let ranges = channels.ranges(2 * threads);
    let at_once = (SHARED / tiles.line()).clamp(1, lines);
    // One band for each task that the ranges leave over, unless it would not fill a block of rows.
    let blocks = (at_once * tiles.columns).div_ceil(ROWS);
    let band = at_once.div_ceil((2 * threads).div_ceil(ranges.len()).min(blocks));
    let mut parts = Part::cut(to, output, step, band, &ranges).into_iter();
    let at_once = band * (at_once / band);
    let mut points = Buffer::new(at_once * tiles.line());
    for first in (0..lines).step_by(at_once) {
        let count = at_once.min(lines - first);
        let points = &mut points[..count * tiles.line()];
        tiles.transform(first, points);
        let parts: Vec<_> = parts.by_ref().take(count.div_ceil(band) * ranges.len()).collect();
        share(parts.into_iter(), |part| {
            let points = &points[(part.lines.start - first) * tiles.line()..];
            work.run(part, Some(points));
        });
    }
}

/// Shared by all tasks.
#[derive(Clone, Copy)]
struct Work<'a> {
    tiles: Tiles<'a>,
    filters: &'a Filters,
    fused: Fused<'a>,
}

impl Work<'_> {
    /// Writes a part of the output, whose lines are rows of tiles. `points` holds the transformed
    /// tiles, if they exist already.
    fn run(self, part: Part, points: Option<&[f32]>) {
        let Self { tiles, filters, .. } = self;
        let lines = part.lines.len();
        let blocks = (lines * tiles.columns).div_ceil(ROWS);
        // As few groups of tiles as possible, of nearly equal size.
        let block = POINTS * ROWS * filters.columns.panel;
        let group = blocks.div_ceil(blocks.div_ceil((IN_CACHE / block).max(1)));
        let own = if points.is_some() { 0 } else { lines * tiles.line() };
        with_scratch(own + group * block, |scratch| {
            let (own, sums) = scratch.split_at_mut(own);
            let group = group * ROWS;
            filters.columns.arch.dispatch(Task { work: self, part, points, own, sums, group });
        });
    }
}

struct Task<'a, 'o> {
    work: Work<'a>,
    part: Part<'o>,
    points: Option<&'a [f32]>,
    /// Memory for points that are not computed yet.
    own: &'o mut [f32],
    /// Memory for the sums of a group of tiles.
    sums: &'o mut [f32],
    group: usize,
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { work, part, points, own, sums, group } = self;
        let tiles = work.tiles;
        let points = match points {
            Some(points) => points,
            None => {
                let points = own.chunks_mut(tiles.line());
                for (line, points) in part.lines.clone().zip(points) {
                    Line { tiles, line, points }.with_simd(simd);
                }
                own
            }
        };
        Products { work, part }.all(simd, points, sums, group);
    }
}

/// Computes the pixels of a part from the points of its tiles.
struct Products<'a, 'o> {
    work: Work<'a>,
    part: Part<'o>,
}

impl Products<'_, '_> {
    /// Processes all panels of all phases, one group of tiles at a time.
    #[inline(always)]
    fn all<S: Simd>(mut self, simd: S, points: &[f32], sums: &mut [f32], group: usize) {
        let Work { filters, tiles, .. } = self.work;
        let tiles = self.part.lines.len() * tiles.columns;
        let starts = filters.columns.starts().filter(|start| self.part.channels.contains(start));
        let starts: Vec<usize> = starts.collect();
        let panels = filters.phases() * starts.len();
        for i in 0..panels {
            let at = |i: usize| [i / starts.len(), starts[i % starts.len()]];
            let next = match i + 1 < panels {
                true => filters.first_point(at(i + 1)),
                false => &[],
            };
            for first in (0..tiles).step_by(group) {
                let group = first..(first + group).min(tiles);
                with_width!(filters.columns.vectors(at(i)[1]), WIDTH => {
                    self.panel::<S, WIDTH>(simd, at(i), group, points, sums, next)
                });
            }
        }
    }

    /// Processes one panel of a phase for some of the task's tiles: products at the points, and the
    /// output transform. `next_panel` are the filters that come next.
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        [phase, start]: [usize; 2],
        group: Range<usize>,
        points: &[f32],
        sums: &mut [f32],
        next_panel: &[f32],
    ) {
        let Work { filters, tiles, .. } = self.work;
        let depth = filters.depth;
        let values = filters.panel(phase, start);
        let panel = S::as_simd_f32s(values).0.as_chunks::<V>().0;
        let sums = S::as_mut_simd_f32s(sums).0.as_chunks_mut::<V>().0;
        let places: Vec<usize> = group.clone().map(|tile| tiles.place(tile)).collect();
        for (i, &point) in filters.points(phase).iter().enumerate() {
            let right = &panel[i * depth..][..depth];
            let left = &points[point * tiles.point()..];
            let to = &mut sums[i * places.len()..][..places.len()];
            let next = (i + 1) * depth * V * S::F32_LANES;
            let next = values.get(next..next + depth * V * S::F32_LANES).unwrap_or(next_panel);
            let mut ahead = Ahead::new(next, places.len().div_ceil(ROWS));
            for (places, to) in places.chunks(ROWS).zip(to.chunks_mut(ROWS)) {
                ahead.advance();
                let mut rows = [&left[..0]; ROWS];
                for (row, values) in rows.iter_mut().enumerate() {
                    // Tiles beyond the last one repeat it; their results are not kept.
                    *values = &left[places[row.min(places.len() - 1)]..][..depth];
                }
                let zero: Block<S, V> = [[simd.splat_f32s(0.0); V]; ROWS];
                let block = accumulate::<S, V>(simd, zero, rows, right);
                for (to, sum) in to.iter_mut().zip(&block) {
                    *to = *sum;
                }
            }
        }
        self.images::<S, V>(simd, [phase, start], group, sums);
    }

    /// The output transform, from the points to the pixels of the output.
    #[inline(always)]
    fn images<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        [phase, start]: [usize; 2],
        group: Range<usize>,
        sums: &[[S::f32s; V]],
    ) {
        let Work { tiles: Tiles { size, lines, columns, .. }, filters, fused } = self.work;
        let [_, _, height, width] = size;
        let channels = filters.columns.count;
        let factor = filters.factor;
        let wide = filters.columns.of_panel(start);
        let factors = fused.factors::<S, V>(simd, start, wide);
        let zero = simd.splat_f32s(0.0);
        let mut places = [None; POINTS];
        for (i, &point) in filters.points(phase).iter().enumerate() {
            places[point] = Some(i * group.len());
        }
        for (of_group, tile) in group.enumerate() {
            let (line, column) = (self.part.lines.start + tile / columns, tile % columns);
            let (image, line) = (line / lines, line % lines);
            let mut values = [[[zero; V]; TILE]; TILE];
            for v in 0..V {
                let mut halves = [[zero; TILE]; PATCH];
                for (y, half) in halves.iter_mut().enumerate() {
                    let mut points = [zero; PATCH];
                    for (x, point) in points.iter_mut().enumerate() {
                        if let Some(place) = places[y * PATCH + x] {
                            *point = sums[place + of_group][v];
                        }
                    }
                    *half = output(simd, points);
                }
                for x in 0..TILE {
                    let mut points = [zero; PATCH];
                    for (point, half) in points.iter_mut().zip(&halves) {
                        *point = half[x];
                    }
                    let column = output(simd, points);
                    for (values, value) in values.iter_mut().zip(column) {
                        values[x][v] = value;
                    }
                }
            }
            for (y, values) in (line * TILE..height).zip(&values) {
                let y = (image * height + y) * factor + phase / factor;
                for (x, values) in (column * TILE..width).zip(values) {
                    let pixel = (y * width + x) * factor + phase % factor;
                    let place = [pixel, pixel * channels + start, wide];
                    let to = self.part.rows.at(pixel, start..start + wide);
                    for (v, &value) in values.iter().enumerate() {
                        store(simd, to, v, fused.apply(simd, &factors, place, v, value));
                    }
                }
            }
        }
    }
}
