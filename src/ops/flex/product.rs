//! Matrix products with patches of images: convolutions, and their gradients, without ever writing
//! the patches out.
//!
//! The work is cut into bands of rows or pixels, one task each. A task goes through the depth in steps that fit the
//! first cache, packs both sides for the inner loop, and finishes each block of the output (scale, shift, residual, ReLU)
//! while it is in registers.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    kernel::{MAX_LANES, ROWS, VECTORS, arch, block, load, store, transpose},
    patches::Patches,
    share::share,
    tail::Tail,
};

/// Steps in the depth that are packed at a time.
const DEPTH: usize = 256;
/// Pixels that a band has at least: fewer would not pay for packing the weights.
const BAND: usize = 384;

/// The left side: row `r`, column `k` is `values[r · row + k · column]`. One of the two steps is 1.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    pub values: &'a [f32],
    pub row: usize,
    pub column: usize,
}

/// One product: `output[r][p] = Σ_k left[r][k] · patches[k][p]`.
pub(super) struct Product<'a, 'o> {
    pub left: Left<'a>,
    pub patches: &'a Patches<'a>,
    /// `[rows, pixels]`.
    pub output: &'o mut [f32],
    /// Which image of the batch this is, and which of its channels the first row is (of how many), for the tail.
    pub image: usize,
    pub channels: [usize; 2],
    /// Add to what the output holds.
    pub accumulate: bool,
}

/// Computes all products, on all threads.
pub(super) fn multiply(products: Vec<Product>, tail: Tail) {
    let threads = rayon::current_num_threads();
    let shares = (2 * threads).div_ceil(products.len().max(1));
    let mut tasks = Vec::new();
    for product in products {
        let pixels = product.patches.origins.len();
        let rows = product.output.len() / pixels.max(1);
        if rows == 0 {
            continue;
        }
        let (row_band, pixel_band) = match shares {
            1 => (rows, pixels),
            _ if pixels >= threads * BAND => {
                (rows, pixels.div_ceil(shares).max(BAND).next_multiple_of(MAX_LANES))
            }
            // Each band of rows packs all patches, each band of pixels all weights: the smaller of the two is shared.
            _ if rows < pixels => (rows, pixels.div_ceil(threads).next_multiple_of(MAX_LANES)),
            _ => (rows.div_ceil(threads).next_multiple_of(ROWS), pixels),
        };
        let bands = product.output.chunks_mut(row_band * pixels);
        for (first_row, output) in (0..).step_by(row_band).zip(bands) {
            let mut parts: Vec<Vec<&mut [f32]>> = Vec::new();
            parts.resize_with(pixels.div_ceil(pixel_band), || Vec::with_capacity(row_band));
            for row in output.chunks_exact_mut(pixels) {
                for (part, piece) in parts.iter_mut().zip(row.chunks_mut(pixel_band)) {
                    part.push(piece);
                }
            }
            tasks.extend(parts.into_iter().enumerate().map(|(i, rows)| Task {
                left: product.left,
                patches: product.patches,
                first_row,
                first_pixel: i * pixel_band,
                rows,
                image: product.image,
                channels: product.channels,
                accumulate: product.accumulate,
                tail,
            }));
        }
    }
    share(tasks.into_iter(), |task| arch().dispatch(task));
}

/// A stretch of a block of pixels whose values follow each other in memory: `length` of them from `origin` on, packed from
/// lane `lane` on.
#[derive(Clone, Copy)]
struct Run {
    origin: usize,
    lane: usize,
    length: usize,
}

/// A band of a product.
struct Task<'a, 'o> {
    left: Left<'a>,
    patches: &'a Patches<'a>,
    first_row: usize,
    first_pixel: usize,
    /// The band's part of each of its rows.
    rows: Vec<&'o mut [f32]>,
    image: usize,
    channels: [usize; 2],
    accumulate: bool,
    tail: Tail<'a>,
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let depth = self.patches.offsets.len();
        let (rows, pixels) = (self.rows.len(), self.rows[0].len());
        let wide = VECTORS * S::F32_LANES;
        let step = DEPTH.min(depth);
        let mut left = vec![[0.0f32; ROWS]; rows.div_ceil(ROWS) * step];
        // Runs are copied in whole vectors, whose ends the next run overwrites: the last one needs room for that.
        let mut right = vec![0.0f32; step * wide + MAX_LANES];
        let mut runs = Vec::with_capacity(wide);
        for from in (0..depth).step_by(DEPTH) {
            let range = from..(from + DEPTH).min(depth);
            let length = range.len();
            self.pack_left(range.clone(), &mut left);
            let is = [from == 0 && !self.accumulate, range.end == depth];
            for pixel in (0..pixels).step_by(wide) {
                let vectors = (pixels - pixel).min(wide).div_ceil(S::F32_LANES);
                let block = pixel..pixel + vectors * S::F32_LANES;
                self.pack_right::<S>(range.clone(), block, &mut runs, &mut right);
                for first in (0..rows).step_by(ROWS) {
                    let left = &left[first / ROWS * length..][..length];
                    let at = [first, pixel];
                    match vectors {
                        1 => self.finish::<S, 1>(simd, at, left, &right, is),
                        2 => self.finish::<S, 2>(simd, at, left, &right, is),
                        _ => self.finish::<S, VECTORS>(simd, at, left, &right, is),
                    }
                }
            }
        }
    }
}

impl Task<'_, '_> {
    /// Packs the left side's columns of `range`: of each block of rows, column after column.
    #[inline(always)]
    fn pack_left(&self, range: Range<usize>, packed: &mut [[f32; ROWS]]) {
        let Left { values, row: row_step, column: column_step } = self.left;
        let length = range.len();
        let firsts = (0..self.rows.len()).step_by(ROWS);
        for (first, packed) in firsts.zip(packed.chunks_exact_mut(length)) {
            // Rows beyond the last one repeat it; what they give is not written.
            let last = self.rows.len() - 1 - first;
            let row = self.first_row + first;
            if column_step == 1 {
                let mut lines = [&values[..0]; ROWS];
                for (i, line) in lines.iter_mut().enumerate() {
                    *line = &values[(row + i.min(last)) * row_step + range.start..][..length];
                }
                let (squares, rest) = packed.as_chunks_mut::<8>();
                for (at, packed) in squares.iter_mut().enumerate() {
                    let mut square = [[0.0; 8]; ROWS];
                    for (square, line) in square.iter_mut().zip(&lines) {
                        square.copy_from_slice(&line[at * 8..][..8]);
                    }
                    *packed = transpose(&square);
                }
                let done = length - rest.len();
                for (k, packed) in rest.iter_mut().enumerate() {
                    for (value, line) in packed.iter_mut().zip(&lines) {
                        *value = line[done + k];
                    }
                }
                continue;
            }
            let columns = values[row * row_step + range.start * column_step..].chunks(column_step);
            for (packed, column) in packed.iter_mut().zip(columns) {
                if row_step == 1 && last >= ROWS - 1 {
                    packed.copy_from_slice(&column[..ROWS]);
                } else {
                    for (i, value) in packed.iter_mut().enumerate() {
                        *value = column[i.min(last) * row_step];
                    }
                }
            }
        }
    }

    /// Packs the right side's rows of `depth`: of a block of pixels, row after row. Pixels beyond the last one repeat it;
    /// what they give is not written.
    #[inline(always)]
    fn pack_right<S: Simd>(
        &self,
        depth: Range<usize>,
        pixels: Range<usize>,
        runs: &mut Vec<Run>,
        packed: &mut [f32],
    ) {
        let last = self.rows[0].len() - 1;
        let data = &self.patches.pixels[..];
        let offsets = &self.patches.offsets[depth];
        let wide = pixels.len();
        runs.clear();
        for (lane, pixel) in pixels.enumerate() {
            let origin = self.patches.origins[self.first_pixel + pixel.min(last)];
            match runs.last_mut() {
                Some(run) if origin == run.origin + run.length => run.length += 1,
                _ => runs.push(Run { origin, lane, length: 1 }),
            }
        }
        if 4 * runs.len() > wide && wide.is_multiple_of(8) {
            // Transposed patches (see [`Patches::transpose`]): the long runs are on the other side.
            return self.pack_transposed(offsets, wide, runs, packed);
        }
        for (k, offset) in offsets.iter().enumerate() {
            for run in &*runs {
                let from = offset + run.origin;
                let to = k * wide + run.lane;
                for at in (0..run.length).step_by(S::F32_LANES) {
                    let to = &mut packed[to + at..][..S::F32_LANES];
                    match data.get(from + at..from + at + S::F32_LANES) {
                        Some(values) => to.copy_from_slice(values),
                        None => {
                            let values = &data[from + at..];
                            to[..values.len()].copy_from_slice(values);
                        }
                    }
                }
            }
        }
    }

    /// [`Self::pack_right`] where runs are short: in squares of eight offsets and eight pixels, if the former follow each
    /// other, or one by one.
    #[inline(always)]
    fn pack_transposed(&self, offsets: &[usize], wide: usize, runs: &[Run], packed: &mut [f32]) {
        let data = &self.patches.pixels[..];
        let mut origins = [0; MAX_LANES * VECTORS];
        for run in runs {
            for (i, origin) in origins[run.lane..][..run.length].iter_mut().enumerate() {
                *origin = run.origin + i;
            }
        }
        let eights = offsets.chunks(8).zip(packed.chunks_mut(8 * wide));
        for (offsets, packed) in eights {
            // Where strides are taken out, offsets jump to and fro: all eight count.
            let is_run =
                offsets.len() == 8 && (offsets[0]..).zip(offsets).all(|(at, offset)| at == *offset);
            for (column, origins) in origins[..wide].chunks_exact(8).enumerate() {
                let mut square = [[0.0; 8]; 8];
                for (line, origin) in square.iter_mut().zip(origins) {
                    if is_run {
                        line.copy_from_slice(&data[offsets[0] + origin..][..8]);
                    } else {
                        for (value, offset) in line.iter_mut().zip(offsets) {
                            *value = data[offset + origin];
                        }
                    }
                }
                let turned = &transpose(&square)[..offsets.len()];
                for (line, values) in packed.chunks_mut(wide).zip(turned) {
                    line[column * 8..][..8].copy_from_slice(values);
                }
            }
        }
    }

    /// Multiplies one block, and writes it: added to what earlier steps in the depth gave, and finished in the last.
    #[inline(always)]
    fn finish<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        [first, pixel]: [usize; 2],
        left: &[[f32; ROWS]],
        right: &[f32],
        [is_first, is_last]: [bool; 2],
    ) {
        let right = S::as_simd_f32s(right).0.as_chunks::<V>().0;
        let sum = block::<S, V>(simd, left, right);
        let pixels = self.patches.origins.len();
        let rows = self.rows[first..].iter_mut().zip(&sum);
        for (i, (row, sum)) in rows.enumerate() {
            let end = (pixel + V * S::F32_LANES).min(row.len());
            let row = &mut row[pixel..end];
            let channel = self.channels[0] + self.first_row + first + i;
            let start = self.first_pixel + pixel;
            let tail = match is_last {
                true => Some(self.tail.row(self.image, [channel, self.channels[1]], start, pixels)),
                false => None,
            };
            for (v, sum) in sum.iter().enumerate().take(row.len().div_ceil(S::F32_LANES)) {
                let mut value = *sum;
                if !is_first {
                    value = simd.add_f32s(value, load(simd, row, v));
                }
                if let Some(tail) = &tail {
                    value = tail.apply(simd, v, value);
                }
                store(simd, row, v, value);
            }
        }
    }
}
