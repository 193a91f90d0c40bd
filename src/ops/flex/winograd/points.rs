//! The input transform: from images to the points.
use pulp::{Simd, WithSimd};

use super::transform::{PATCH, POINTS, TILE, input};
use crate::ops::flex::{
    kernel::{load, store},
    share::share,
    vectors::arch,
};

/// Images `[B, H, W, C]` in tiles of 4×4 pixels.
#[derive(Clone, Copy)]
pub(super) struct Tiles<'a> {
    x: &'a [f32],
    /// `[B, C, H, W]`.
    pub size: [usize; 4],
    /// Rows of tiles in an image.
    pub lines: usize,
    /// Tiles in a row.
    pub columns: usize,
}

impl<'a> Tiles<'a> {
    pub fn new(x: &'a [f32], size: [usize; 4]) -> Self {
        let [lines, columns] = [size[2], size[3]].map(|side| side.div_ceil(TILE));
        Self { x, size, lines, columns }
    }

    /// The number of values of a row of tiles at the points, `[point][tile][channel]`.
    pub fn line(&self) -> usize {
        POINTS * self.columns * self.size[1]
    }

    /// The position among these values of a tile's first channel at the first point. Tiles are
    /// counted through rows.
    #[inline(always)]
    pub fn place(&self, tile: usize) -> usize {
        tile / self.columns * self.line() + tile % self.columns * self.size[1]
    }

    /// The distance between points.
    #[inline(always)]
    pub fn point(&self) -> usize {
        self.columns * self.size[1]
    }

    /// Transforms the rows of tiles from `first` on, counted through the batch, on all threads.
    pub fn transform(&self, first: usize, points: &mut [f32]) {
        let arch = arch();
        share(points.chunks_mut(self.line()).enumerate(), |(i, points)| {
            arch.dispatch(Line { tiles: *self, line: first + i, points });
        });
    }
}

/// One row of tiles.
pub(super) struct Line<'a, 'o> {
    pub tiles: Tiles<'a>,
    pub line: usize,
    pub points: &'o mut [f32],
}

impl WithSimd for Line<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { tiles: Tiles { x, size, lines, columns }, line, points } = self;
        let [_, channels, height, width] = size;
        let (image, line) = (line / lines, line % lines);
        let zero = simd.splat_f32s(0.0);
        for column in 0..columns {
            // The patch begins one pixel before the tile.
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
                    let mut points_of = [zero; PATCH];
                    for (value, patch) in points_of.iter_mut().zip(&patch) {
                        *value = patch[x_at];
                    }
                    for (y, value) in input(simd, points_of).into_iter().enumerate() {
                        let at = ((y * PATCH + x_at) * columns + column) * channels;
                        store(simd, &mut points[at..at + channels], v, value);
                    }
                }
            }
        }
    }
}
