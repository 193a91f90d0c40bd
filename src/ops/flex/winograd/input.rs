//! Images to tiles at the points of the transform.
use std::ops::Range;

use pulp::Simd;

use super::transform::{PATCH, POINTS, TILE, input};
use crate::ops::flex::{kernel::MAX_LANES, memory::Buffer};

/// Tiles of a batch. Each row of tiles has one more than the image needs, and each image one more
/// row: so that the tiles to the right and below are always at a fixed distance, and a vector of
/// tiles is a run in memory.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Tiles in a row, the additional one included.
    pub pitch: usize,
    /// Rows of tiles of an image, the additional one included.
    pub rows: usize,
}

impl Grid {
    pub fn new([_, channels, height, width]: [usize; 4]) -> Self {
        let (rows, pitch) = (height.div_ceil(TILE) + 1, width.div_ceil(TILE) + 1);
        Self { channels, height, width, pitch, rows }
    }

    /// Image, row and column of a tile.
    pub fn place(&self, tile: usize) -> [usize; 3] {
        let line = tile / self.pitch;
        [line / self.rows, line % self.rows, tile % self.pitch]
    }
}

/// Room for a channel of a few rows of tiles, in the order `[y % 4][x % 4][row][x / 4]`, with its padding.
pub(super) struct Split {
    grid: Grid,
    values: Buffer,
    line: Vec<f32>,
    /// Tiles that a value of `[y % 4][x % 4]` has.
    phase: usize,
    /// The first row of tiles, counted through all images.
    first: usize,
}

impl Split {
    /// Room for blocks of so many tiles.
    pub fn new(grid: Grid, tiles: usize) -> Self {
        // The first and the last row may be parts, and one more is below.
        let phase = (tiles / grid.pitch + 3) * grid.pitch + 2 * MAX_LANES;
        let mut values = Buffer::new(TILE * TILE * phase);
        values.fill(0.0);
        Self { grid, values, line: vec![0.0; TILE * grid.pitch], phase, first: 0 }
    }

    /// Takes in a channel of the rows that `tiles` need.
    #[inline(always)]
    fn fill(&mut self, input: &[f32], channel: usize, tiles: &Range<usize>) {
        let Grid { channels, height, width, pitch, rows } = self.grid;
        self.first = tiles.start / pitch;
        let last = (tiles.end - 1) / pitch + 1;
        for row in self.first..=last {
            let (image, top) = (row / rows, row % rows * TILE);
            let plane = (image * channels + channel) * height * width;
            for y in 0..TILE {
                let to = y * TILE * self.phase + (row - self.first) * pitch;
                // The padding is above: line 1 is the image's first.
                if (1..=height).contains(&(top + y)) && plane < input.len() {
                    let from = &input[plane + (top + y - 1) * width..][..width];
                    self.line[1..=width].copy_from_slice(from);
                    for x in 0..TILE {
                        let to = &mut self.values[to + x * self.phase..][..pitch];
                        for (to, four) in to.iter_mut().zip(self.line.as_chunks::<TILE>().0) {
                            *to = four[x];
                        }
                    }
                } else {
                    for x in 0..TILE {
                        self.values[to + x * self.phase..][..pitch].fill(0.0);
                    }
                }
            }
        }
    }

    /// Transforms some channels of a block of tiles, a whole number of vectors: `out[point][channel][tile]`.
    #[inline(always)]
    pub fn transform<S: Simd>(
        &mut self,
        simd: S,
        image: &[f32],
        channels: Range<usize>,
        tiles: Range<usize>,
        out: &mut [f32],
    ) {
        let lanes = S::F32_LANES;
        let (count, step) = (channels.len(), tiles.len());
        let zero = simd.splat_f32s(0.0);
        for (i, channel) in channels.enumerate() {
            self.fill(image, channel, &tiles);
            let first = tiles.start - self.first * self.grid.pitch;
            for at in (0..step).step_by(lanes) {
                let mut lines = [[zero; PATCH]; PATCH];
                for (y, line) in lines.iter_mut().enumerate() {
                    let mut values = [zero; PATCH];
                    for (x, value) in values.iter_mut().enumerate() {
                        let start = (y % TILE * TILE + x % TILE) * self.phase
                            + first
                            + at
                            + y / TILE * self.grid.pitch
                            + x / TILE;
                        *value = S::as_simd_f32s(&self.values[start..start + lanes]).0[0];
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
                        let start = ((y * PATCH + x) * count + i) * step + at;
                        S::as_mut_simd_f32s(&mut out[start..start + lanes]).0[0] = value;
                    }
                }
            }
        }
    }
}

/// How many values a block of transformed tiles of one channel has.
pub(super) const fn transformed(tiles: usize) -> usize {
    POINTS * tiles
}
