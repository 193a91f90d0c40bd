//! Pictures to tiles at the points of the transform, and products at the points to pictures.
use std::{ops::Range, slice::ChunksExact};

use pulp::{Simd, WithSimd};

use super::{
    CHUNK, Filters,
    transform::{PATCH, POINTS, TILE, input, output},
};
use crate::ops::flex::{
    kernel::{MAX_LANES, ROWS, VECTORS, block, load, store},
    tail::Tail,
};

/// Tiles of a batch. Each row of tiles has one more than the picture needs, and each picture one more row: so that the tiles
/// to the right and below are always at a fixed distance, and a vector of tiles is a run in memory.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    batch: usize,
    channels: usize,
    height: usize,
    width: usize,
    /// Tiles in a row, the additional one included.
    pitch: usize,
    rows: usize,
}

impl Grid {
    pub fn new([batch, channels, height, width]: [usize; 4]) -> Self {
        let (rows, pitch) = (height.div_ceil(TILE) + 1, width.div_ceil(TILE) + 1);
        Self { batch, channels, height, width, pitch, rows }
    }

    /// Tiles of a picture.
    pub fn image(&self) -> usize {
        self.rows * self.pitch
    }

    /// Tiles from the first to the last that counts.
    pub fn tiles(&self) -> usize {
        self.batch * self.image() - self.pitch - 1
    }

    /// Image, row and column of a tile.
    fn place(&self, tile: usize) -> [usize; 3] {
        let within = tile % self.image();
        [tile / self.image(), within / self.pitch, within % self.pitch]
    }
}

/// Puts a channel's pictures, with their padding, in the order `[y % 4][x % 4][image][y / 4][x / 4]`.
pub(super) struct SplitTask<'a, 'o> {
    pub grid: Grid,
    pub channel: usize,
    pub input: &'a [f32],
    /// Zero to begin with.
    pub out: &'o mut [f32],
}

impl WithSimd for SplitTask<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Grid { batch, channels, height, width, pitch, .. } = self.grid;
        let phase = self.out.len() / (TILE * TILE);
        let mut line = vec![0.0f32; TILE * pitch];
        for image in 0..batch {
            let plane = &self.input[(image * channels + self.channel) * height * width..];
            for (y, row) in (1..).zip(plane[..height * width].chunks_exact(width)) {
                line[1..=width].copy_from_slice(row);
                for x in 0..TILE {
                    let start = (y % TILE * TILE + x) * phase
                        + image * self.grid.image()
                        + y / TILE * pitch;
                    let to = &mut self.out[start..start + pitch];
                    for (to, four) in to.iter_mut().zip(line.as_chunks::<TILE>().0) {
                        *to = four[x];
                    }
                }
            }
        }
    }
}

/// Transforms some channels of a block of tiles: `out[point][channel][tile]`.
pub(super) struct InputTask<'a, 'o> {
    pub grid: Grid,
    pub split: &'a [f32],
    /// The first tile.
    pub first: usize,
    pub channels: Range<usize>,
    pub out: &'o mut Vec<f32>,
}

impl WithSimd for InputTask<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = S::F32_LANES;
        let tiles = (self.grid.tiles() - self.first).min(VECTORS * lanes);
        let vectors = tiles.div_ceil(lanes);
        let (count, step) = (self.channels.len(), vectors * lanes);
        self.out.resize(POINTS * count * step, 0.0);
        let size = self.split.len() / self.grid.channels;
        let phase = size / (TILE * TILE);
        let zero = simd.splat_f32s(0.0);
        for (i, plane) in
            self.split.chunks_exact(size).skip(self.channels.start).take(count).enumerate()
        {
            for v in 0..vectors {
                let tile = self.first + v * lanes;
                let mut lines = [[zero; PATCH]; PATCH];
                for (y, line) in lines.iter_mut().enumerate() {
                    let mut values = [zero; PATCH];
                    for (x, value) in values.iter_mut().enumerate() {
                        let start = (y % TILE * TILE + x % TILE) * phase
                            + tile
                            + y / TILE * self.grid.pitch
                            + x / TILE;
                        *value = S::as_simd_f32s(&plane[start..start + lanes]).0[0];
                    }
                    *line = input(simd, values);
                }
                for x in 0..PATCH {
                    let mut column = [zero; PATCH];
                    for (value, line) in column.iter_mut().zip(&lines) {
                        *value = line[x];
                    }
                    let column = input(simd, column);
                    for (y, value) in column.into_iter().enumerate() {
                        let start = ((y * PATCH + x) * count + i) * step + v * lanes;
                        S::as_mut_simd_f32s(&mut self.out[start..start + lanes]).0[0] = value;
                    }
                }
            }
        }
    }
}

/// Makes some channels of all pictures, from blocks of transformed tiles.
pub(super) struct OutputTask<'a, 'o, 'w> {
    pub grid: Grid,
    pub filters: &'a Filters,
    /// Of each block of tiles, the chunks of its channels.
    pub inputs: ChunksExact<'a, Vec<f32>>,
    /// The first tile.
    pub first: usize,
    /// The first channel to make, and how many the output has.
    pub channels: [usize; 2],
    /// `[image][channel]`, planes.
    pub out: &'o mut [Vec<&'w mut [f32]>],
    pub tail: Tail<'a>,
}

impl OutputTask<'_, '_, '_> {
    #[inline(always)]
    pub fn run<S: Simd, const F: usize>(mut self, simd: S) {
        let wide = VECTORS * S::F32_LANES;
        let blocks = self.out[0].len().div_ceil(ROWS);
        let mut sums = vec![0.0f32; F * F * blocks * POINTS * ROWS * wide];
        for (first, chunks) in (self.first..).step_by(wide).zip(self.inputs.clone()) {
            match (self.grid.tiles() - first).min(wide).div_ceil(S::F32_LANES) {
                1 => self.tiles::<S, F, 1>(simd, first, chunks, &mut sums),
                2 => self.tiles::<S, F, 2>(simd, first, chunks, &mut sums),
                _ => self.tiles::<S, F, VECTORS>(simd, first, chunks, &mut sums),
            }
        }
    }

    /// A block of tiles of all channels.
    #[inline(always)]
    fn tiles<S: Simd, const F: usize, const V: usize>(
        &mut self,
        simd: S,
        first: usize,
        chunks: &[Vec<f32>],
        sums: &mut [f32],
    ) {
        let blocks = self.out[0].len().div_ceil(ROWS);
        let phase_blocks = self.filters.rows.div_ceil(ROWS) / (F * F);
        let zero = simd.splat_f32s(0.0);
        // `[phase][block][point][row][v]`
        let sums = S::as_mut_simd_f32s(sums).0.as_chunks_mut::<V>().0;
        for point in 0..POINTS {
            for i in 0..F * F * blocks {
                let at = i / blocks * phase_blocks + self.channels[0] / ROWS + i % blocks;
                let mut sum = [[zero; V]; ROWS];
                if let Some(left) = self.filters.at(point, at) {
                    for (left, right) in left.chunks(CHUNK).zip(chunks) {
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
        for row in 0..self.out[0].len() {
            for v in 0..V {
                // Rows of the output that the tiles reach, each in the order of the picture.
                let mut woven = [[0.0f32; 2 * TILE * MAX_LANES]; 2 * TILE];
                for phase in 0..F * F {
                    let block = phase * blocks + row / ROWS;
                    let sums = &sums[block * POINTS * ROWS..][..POINTS * ROWS];
                    let mut lines = [[zero; TILE]; PATCH];
                    for (y, line) in lines.iter_mut().enumerate() {
                        let mut values = [zero; PATCH];
                        for (x, value) in values.iter_mut().enumerate() {
                            *value = sums[(y * PATCH + x) * ROWS + row % ROWS][v];
                        }
                        *line = output(simd, values);
                    }
                    let mut values = [[[0.0f32; MAX_LANES]; TILE]; TILE];
                    for x in 0..TILE {
                        let mut column = [zero; PATCH];
                        for (value, line) in column.iter_mut().zip(&lines) {
                            *value = line[x];
                        }
                        let column = output(simd, column);
                        for (y, value) in column.into_iter().enumerate() {
                            S::as_mut_simd_f32s(&mut values[y][x][..S::F32_LANES]).0[0] = value;
                        }
                    }
                    for (y, values) in values.iter().enumerate() {
                        let line = &mut woven[F * y + phase / F];
                        for lane in 0..S::F32_LANES {
                            for x in 0..TILE {
                                line[F * (lane * TILE + x) + phase % F] = values[x][lane];
                            }
                        }
                    }
                }
                self.write::<S, F>(simd, row, first + v * S::F32_LANES, &woven);
            }
        }
    }

    /// Writes a vector of tiles of one channel, run by run.
    #[inline(always)]
    fn write<S: Simd, const F: usize>(
        &mut self,
        simd: S,
        row: usize,
        first: usize,
        woven: &[[f32; 2 * TILE * MAX_LANES]; 2 * TILE],
    ) {
        let (height, width) = (F * self.grid.height, F * self.grid.width);
        let side = F * TILE;
        let channel = [self.channels[0] + row, self.channels[1]];
        let end = (first + S::F32_LANES).min(self.grid.tiles());
        let mut tile = first;
        while tile < end {
            let [image, y, x] = self.grid.place(tile);
            let run = (self.grid.pitch - x).min(end - tile);
            let (top, left) = (y * side, x * side);
            if top < height && left < width {
                let across = (run * side).min(width - left);
                let plane = &mut *self.out[image][row];
                let tail = self.tail.row(image, channel, 0, height * width);
                for line in 0..side.min(height - top) {
                    let start = (top + line) * width + left;
                    let values = &woven[line][(tile - first) * side..][..across];
                    let to = &mut plane[start..start + across];
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
