//! Products at the points of the transform, and from there to images.
use std::ops::Range;

use pulp::Simd;

use super::{
    filters::Filters,
    input::{Grid, Split, transformed},
    transform::{PATCH, POINTS, TILE, output},
};
use crate::ops::flex::{
    kernel::{MAX_LANES, ROWS, VECTORS, block, load, store, transpose},
    memory::Buffer,
    tail::Tail,
};

/// Channels of the input that are multiplied at a time.
const CHUNK: usize = 128;

/// A part of an image of the output: some rows of tiles of some channels.
pub(super) struct Part<'o> {
    pub image: usize,
    /// Rows of tiles.
    pub lines: Range<usize>,
    pub channels: Vec<&'o mut [f32]>,
}

/// Makes some channels of some rows of tiles.
pub(super) struct Task<'a, 'o> {
    pub grid: Grid,
    pub input: &'a [f32],
    pub filters: &'a Filters,
    /// The first channel to make, and how many the output has.
    pub channels: [usize; 2],
    /// Of images that follow each other.
    pub parts: Vec<Part<'o>>,
    pub tail: Tail<'a>,
}

impl Task<'_, '_> {
    #[inline(always)]
    pub fn run<S: Simd, const F: usize>(mut self, simd: S) {
        let (Some(first), Some(last)) = (self.parts.first(), self.parts.last()) else { return };
        let tile = |image: usize, row: usize| (image * self.grid.rows + row) * self.grid.pitch;
        // To the last tile that counts.
        let tiles = tile(first.image, first.lines.start)..tile(last.image, last.lines.end) - 1;
        let vectors = tiles.len().div_ceil(S::F32_LANES);
        // Blocks as equal as can be.
        let blocks = vectors.div_ceil(VECTORS);
        let rows = first.channels.len().div_ceil(ROWS);
        let wide = VECTORS * S::F32_LANES;
        let channels = self.grid.channels;
        let mut split = Split::new(self.grid, wide);
        let mut inputs = Buffer::new(channels * transformed(wide));
        let mut sums = Buffer::new(F * F * rows * POINTS * ROWS * wide);
        for i in 0..blocks {
            let [from, to] = [i, i + 1].map(|i| i * vectors / blocks * S::F32_LANES);
            let block = tiles.start + from..tiles.start + to;
            let chunk = transformed(block.len()) * CHUNK;
            let firsts = (0..channels).step_by(CHUNK);
            for (first, out) in firsts.zip(inputs.chunks_mut(chunk)) {
                let channels = first..(first + CHUNK).min(channels);
                split.transform(simd, self.input, channels, block.clone(), out);
            }
            let end = tiles.end;
            match block.len() / S::F32_LANES {
                1 => self.tiles::<S, F, 1>(simd, block.start..end, &inputs, &mut sums),
                2 => self.tiles::<S, F, 2>(simd, block.start..end, &inputs, &mut sums),
                _ => self.tiles::<S, F, VECTORS>(simd, block.start..end, &inputs, &mut sums),
            }
        }
    }

    /// A block of tiles of all channels.
    #[inline(always)]
    fn tiles<S: Simd, const F: usize, const V: usize>(
        &mut self,
        simd: S,
        tiles: Range<usize>,
        inputs: &[f32],
        sums: &mut [f32],
    ) {
        let rows = self.parts[0].channels.len();
        let blocks = rows.div_ceil(ROWS);
        let chunk = transformed(V * S::F32_LANES) * CHUNK;
        let phase_blocks = self.filters.rows.div_ceil(ROWS) / (F * F);
        let zero = simd.splat_f32s(0.0);
        // `[phase][block][point][row][v]`
        let sums = S::as_mut_simd_f32s(sums).0.as_chunks_mut::<V>().0;
        for point in 0..POINTS {
            for i in 0..F * F * blocks {
                let at = i / blocks * phase_blocks + self.channels[0] / ROWS + i % blocks;
                let mut sum = [[zero; V]; ROWS];
                if let Some(left) = self.filters.at(point, at) {
                    for (left, right) in left.chunks(CHUNK).zip(inputs.chunks(chunk)) {
                        let right = S::as_simd_f32s(right).0.as_chunks::<V>().0;
                        let right = &right[point * left.len()..][..left.len()];
                        let part = block::<S, V>(simd, left, right);
                        for (sum, part) in sum.iter_mut().zip(&part) {
                            for (sum, part) in sum.iter_mut().zip(part) {
                                *sum = simd.add_f32s(*sum, *part);
                            }
                        }
                    }
                }
                sums[(i * POINTS + point) * ROWS..][..ROWS].copy_from_slice(&sum);
            }
        }
        let mut values = [[[[0.0f32; MAX_LANES]; TILE]; TILE]; 4];
        let mut lines = [[0.0f32; 2 * TILE * MAX_LANES]; 2 * TILE];
        for row in 0..rows {
            for v in 0..V {
                for (phase, values) in values.iter_mut().enumerate().take(F * F) {
                    let block = phase * blocks + row / ROWS;
                    let sums = &sums[block * POINTS * ROWS..][..POINTS * ROWS];
                    let mut halves = [[zero; TILE]; PATCH];
                    for (y, half) in halves.iter_mut().enumerate() {
                        let mut points = [zero; PATCH];
                        for (x, point) in points.iter_mut().enumerate() {
                            *point = sums[(y * PATCH + x) * ROWS + row % ROWS][v];
                        }
                        *half = output(simd, points);
                    }
                    for x in 0..TILE {
                        let mut column = [zero; PATCH];
                        for (value, half) in column.iter_mut().zip(&halves) {
                            *value = half[x];
                        }
                        let column = output(simd, column);
                        for (y, value) in column.into_iter().enumerate() {
                            let to = &mut values[y][x][..S::F32_LANES];
                            S::as_mut_simd_f32s(to).0[0] = value;
                        }
                    }
                }
                weave::<F>(&values, S::F32_LANES, &mut lines);
                let first = tiles.start + v * S::F32_LANES;
                self.write::<S, F>(simd, row, first..tiles.end, &lines);
            }
        }
    }

    /// Writes a vector of tiles of one channel, run by run.
    #[inline(always)]
    fn write<S: Simd, const F: usize>(
        &mut self,
        simd: S,
        row: usize,
        tiles: Range<usize>,
        lines: &[[f32; 2 * TILE * MAX_LANES]; 2 * TILE],
    ) {
        let (height, width) = (F * self.grid.height, F * self.grid.width);
        let side = F * TILE;
        let channel = [self.channels[0] + row, self.channels[1]];
        let first = tiles.start;
        let end = (first + S::F32_LANES).min(tiles.end);
        let mut tile = first;
        while tile < end {
            let [image, y, x] = self.grid.place(tile);
            let run = (self.grid.pitch - x).min(end - tile);
            let (top, left) = (y * side, x * side);
            if top < height && left < width {
                let across = (run * side).min(width - left);
                let part = image - self.parts[0].image;
                let part = &mut self.parts[part];
                let above = part.lines.start * side * width;
                let plane = &mut *part.channels[row];
                let tail = self.tail.row(image, channel, 0, height * width);
                for (y, line) in (top..height).zip(&lines[..side]) {
                    let start = y * width + left;
                    let values = &line[(tile - first) * side..][..across];
                    let to = &mut plane[start - above..][..across];
                    let tail = tail.from(start);
                    for v in 0..across.div_ceil(S::F32_LANES) {
                        let value = load(simd, values, v);
                        store(simd, to, v, tail.apply(simd, v, value));
                    }
                }
            }
            tile += run;
        }
    }
}

/// Puts the values of a vector of tiles, `[phase][y][x][tile]`, in the order of the image's lines:
/// in squares of eight tiles and eight neighbors, of which there are two lines of four, or one of
/// the two phases that lie in a line.
#[inline(always)]
fn weave<const F: usize>(
    values: &[[[[f32; MAX_LANES]; TILE]; TILE]; 4],
    tiles: usize,
    lines: &mut [[f32; 2 * TILE * MAX_LANES]; 2 * TILE],
) {
    for first in (0..tiles).step_by(8) {
        let count = (tiles - first).min(8);
        for i in 0..F * F * TILE / 2 {
            let mut square = [[0.0; 8]; 8];
            for (k, line) in square.iter_mut().enumerate() {
                let from = match F {
                    1 => &values[0][2 * i + k / TILE][k % TILE],
                    _ => &values[i % 2 * 2 + k % 2][i / 2][k / 2],
                };
                line[..count].copy_from_slice(&from[first..first + count]);
            }
            let eights = transpose(&square);
            for (tile, eight) in (first..).zip(&eights[..count]) {
                if F == 1 {
                    let at = tile * TILE;
                    lines[2 * i][at..at + TILE].copy_from_slice(&eight[..TILE]);
                    lines[2 * i + 1][at..at + TILE].copy_from_slice(&eight[TILE..]);
                } else {
                    lines[i][tile * 8..][..8].copy_from_slice(eight);
                }
            }
        }
    }
}
