//! From images to the points of the transform, products there, and back to images.
use pulp::{Simd, WithSimd};

use super::{
    filters::Filters,
    transform::{PATCH, POINTS, TILE, input, output},
};
use crate::ops::flex::{
    epilogue::Fused,
    kernel::{Ahead, Block, ROWS, VECTORS, accumulate, load, store},
    memory::Buffer,
    rows::Part,
    share::{lines_of_band, share},
};

/// Values at the points that a task makes: they stay in the second cache.
const POINTS_AT_ONCE: usize = 1 << 17;

/// A 3×3 convolution or a doubling, from `x`, `[B, H, W, C]` (its `size` is `[B, C, H, W]`), to
/// `[B, H', W', C']`.
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
    let [lines, columns] = [height, width].map(|side| side.div_ceil(TILE));
    let (channels, factor, all_lines) = (&filters.columns, filters.factor, batch * lines);
    let work = Work { x, size, filters, fused, columns, lines };
    // Each band of tiles reads all filters, each part of the channels all tiles.
    let parts = if channels.starts().len() > 1 && channels.count > all_lines * columns {
        Part::by_channels(to, channels, all_lines)
    } else {
        let most = POINTS_AT_ONCE / (POINTS * filters.depth);
        let band = lines_of_band(all_lines, columns, ROWS, most);
        let output = [batch, channels.count, factor * height, factor * width];
        Part::by_lines(to, output, factor * TILE, band, 0..channels.count)
    };
    share(parts.into_iter(), |part| channels.arch.dispatch(Task { work, part }));
}

/// What all tasks share.
#[derive(Clone, Copy)]
struct Work<'a> {
    x: &'a [f32],
    size: [usize; 4],
    filters: &'a Filters,
    fused: Fused<'a>,
    /// Tiles in a row, and rows of tiles in an image.
    columns: usize,
    lines: usize,
}

/// A part of the output, whose lines are rows of tiles.
struct Task<'a, 'o> {
    work: Work<'a>,
    part: Part<'o>,
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Work { filters, columns, .. } = self.work;
        let tiles = self.part.lines.len() * columns;
        let mut points = Buffer::new(POINTS * tiles * filters.depth);
        self.transform(simd, &mut points);
        let mut sums = Buffer::new(POINTS * tiles * VECTORS * S::F32_LANES);
        let starts = filters.columns.starts().filter(|start| self.part.channels.contains(start));
        let starts: Vec<usize> = starts.collect();
        for i in 0..filters.phases() * starts.len() {
            let at = |i: usize| [i / starts.len(), starts[i % starts.len()]];
            let next = match i + 1 < filters.phases() * starts.len() {
                true => filters.first_point(at(i + 1)),
                false => &[],
            };
            match filters.columns.vectors(at(i)[1]) {
                1 => self.panel::<S, 1>(simd, at(i), &points, &mut sums, next),
                2 => self.panel::<S, 2>(simd, at(i), &points, &mut sums, next),
                3 => self.panel::<S, 3>(simd, at(i), &points, &mut sums, next),
                _ => self.panel::<S, VECTORS>(simd, at(i), &points, &mut sums, next),
            }
        }
    }
}

impl Task<'_, '_> {
    /// All tiles at the points: `[point][tile][channel]`.
    #[inline(always)]
    fn transform<S: Simd>(&self, simd: S, points: &mut [f32]) {
        let Work { x, size: [_, channels, height, width], columns, lines, .. } = self.work;
        let tiles = self.part.lines.len() * columns;
        let zero = simd.splat_f32s(0.0);
        for (i, line) in self.part.lines.clone().enumerate() {
            let (image, line) = (line / lines, line % lines);
            for column in 0..columns {
                let tile = i * columns + column;
                // The patch begins a pixel before the tile.
                let mut pixels: [[&[f32]; PATCH]; PATCH] = [[&[]; PATCH]; PATCH];
                for (y, pixels) in pixels.iter_mut().enumerate() {
                    for (x_at, pixel) in pixels.iter_mut().enumerate() {
                        let (y, x_at) = (line * TILE + y, column * TILE + x_at);
                        if (1..=height).contains(&y) && (1..=width).contains(&x_at) {
                            let at = (image * height + y - 1) * width + x_at - 1;
                            *pixel = &x[at * channels..][..channels];
                        }
                    }
                }
                for v in 0..channels.div_ceil(S::F32_LANES) {
                    let mut patch = [[zero; PATCH]; PATCH];
                    for (patch, pixels) in patch.iter_mut().zip(&pixels) {
                        for (value, pixel) in patch.iter_mut().zip(pixels) {
                            if !pixel.is_empty() {
                                *value = load(simd, pixel, v);
                            }
                        }
                        *patch = input(simd, *patch);
                    }
                    for x_at in 0..PATCH {
                        let mut column = [zero; PATCH];
                        for (value, patch) in column.iter_mut().zip(&patch) {
                            *value = patch[x_at];
                        }
                        let column = input(simd, column);
                        for (y, value) in column.into_iter().enumerate() {
                            let at = ((y * PATCH + x_at) * tiles + tile) * channels;
                            store(simd, &mut points[at..at + channels], v, value);
                        }
                    }
                }
            }
        }
    }

    /// One panel of a phase: products at its points, and from there to the image. `next_panel` are
    /// the filters that come next.
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        [phase, start]: [usize; 2],
        points: &[f32],
        sums: &mut [f32],
        next_panel: &[f32],
    ) {
        let Work { filters, columns, .. } = self.work;
        let depth = filters.depth;
        let tiles = self.part.lines.len() * columns;
        let values = filters.panel(phase, start);
        let panel = S::as_simd_f32s(values).0.as_chunks::<V>().0;
        let sums = S::as_mut_simd_f32s(sums).0.as_chunks_mut::<V>().0;
        for (i, &point) in filters.points(phase).iter().enumerate() {
            let right = &panel[i * depth..][..depth];
            let left = &points[point * tiles * depth..][..tiles * depth];
            let to = &mut sums[i * tiles..][..tiles];
            let next = (i + 1) * depth * V * S::F32_LANES;
            let next = values.get(next..next + depth * V * S::F32_LANES).unwrap_or(next_panel);
            let mut ahead = Ahead::new(next, tiles.div_ceil(ROWS));
            for first in (0..tiles).step_by(ROWS) {
                ahead.advance();
                let count = (tiles - first).min(ROWS);
                let mut rows = [&left[..0]; ROWS];
                for (row, values) in rows.iter_mut().enumerate() {
                    // Tiles beyond the last one repeat it; what they give is not kept.
                    *values = &left[(first + row.min(count - 1)) * depth..][..depth];
                }
                let zero: Block<S, V> = [[simd.splat_f32s(0.0); V]; ROWS];
                let block = accumulate::<S, V>(simd, zero, rows, right);
                for (to, sum) in to[first..first + count].iter_mut().zip(&block) {
                    *to = *sum;
                }
            }
        }
        self.images::<S, V>(simd, phase, start, sums);
    }

    /// From the points to the pixels of the output.
    #[inline(always)]
    fn images<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        phase: usize,
        start: usize,
        sums: &[[S::f32s; V]],
    ) {
        let Work { size: [_, _, height, width], filters, fused, columns, lines, .. } = self.work;
        let channels = filters.columns.count;
        let factor = filters.factor;
        let tiles = self.part.lines.len() * columns;
        let wide = filters.columns.of_panel(start);
        let factors = fused.factors::<S, V>(simd, start, wide);
        let zero = simd.splat_f32s(0.0);
        let mut places = [None; POINTS];
        for (i, &point) in filters.points(phase).iter().enumerate() {
            places[point] = Some(i * tiles);
        }
        for tile in 0..tiles {
            let (line, column) = (self.part.lines.start + tile / columns, tile % columns);
            let (image, line) = (line / lines, line % lines);
            let mut values = [[[zero; V]; TILE]; TILE];
            for v in 0..V {
                let mut halves = [[zero; TILE]; PATCH];
                for (y, half) in halves.iter_mut().enumerate() {
                    let mut points = [zero; PATCH];
                    for (x, point) in points.iter_mut().enumerate() {
                        if let Some(place) = places[y * PATCH + x] {
                            *point = sums[place + tile][v];
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
