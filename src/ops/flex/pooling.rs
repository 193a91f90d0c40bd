//! Max pooling and its gradient.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    geometry::{Geometry, OUTSIDE, Table},
    kernel::{load, store},
    memory::Buffer,
    share::share,
    vectors::arch,
};

/// The highest value of each window of `x`, `[B, H, W, C]` (its `size` is `[B, C, H, W]`). The
/// result is NaN for a window that contains NaN.
pub(super) fn highest(x: &[f32], size: [usize; 4], geometry: &Geometry) -> Buffer {
    let [batch, channels, height, width] = size;
    let [rows, columns] = geometry.output([height, width]);
    let mut output = Buffer::new(batch * rows * columns * channels);
    if !output.is_empty() {
        let grids = geometry.grids();
        let lines = output.chunks_mut(columns * channels).enumerate();
        share(lines, |(row, output)| {
            let input = [height, width];
            let table = Table::new(&grids, &grids.phases[0], input, [rows, columns], row..row + 1);
            arch().dispatch(Highest { x, channels, table: &table, output });
        });
    }
    output
}

/// A row of [`highest`].
struct Highest<'a, 'o> {
    x: &'a [f32],
    channels: usize,
    table: &'a Table,
    output: &'o mut [f32],
}

impl WithSimd for Highest<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, channels, table, output } = self;
        let taps = table.sources.len() / table.pixels.len();
        let windows = table.sources.chunks_exact(taps).zip(output.chunks_exact_mut(channels));
        for (sources, output) in windows {
            for v in 0..channels.div_ceil(S::F32_LANES) {
                // Padding never has the highest value.
                let mut highest = simd.splat_f32s(f32::NEG_INFINITY);
                for &source in sources {
                    if source != OUTSIDE {
                        let value = load(simd, &x[source * channels..][..channels], v);
                        // `<=` is false for NaN, so a NaN replaces the highest value; then it
                        // stays.
                        let stays = simd.less_than_or_equal_f32s(value, highest);
                        let raised = simd.select_f32s(stays, highest, value);
                        let is_number = simd.equal_f32s(highest, highest);
                        highest = simd.select_f32s(is_number, raised, highest);
                    }
                }
                store(simd, output, v, highest);
            }
        }
    }
}

/// The gradient with respect to `x`, from `output` ([`highest`] of `x`) and its gradient: each
/// window's gradient goes to the first pixel with the window's highest value.
pub(super) fn gradient(
    x: &[f32],
    size: [usize; 4],
    output: &[f32],
    by_output: &[f32],
    geometry: &Geometry,
) -> Buffer {
    let [batch, channels, height, width] = size;
    let [rows, columns] = geometry.output([height, width]);
    let mut gradient = Buffer::new(x.len());
    gradient.fill(0.0);
    if output.is_empty() {
        return gradient;
    }
    let grids = geometry.grids();
    let table =
        Table::new(&grids, &grids.phases[0], [height, width], [rows, columns], 0..batch * rows);
    // Windows overlap, so each image is one task.
    let image = height * width * channels;
    share(gradient.chunks_mut(image).enumerate(), |(i, gradient)| {
        let windows = i * rows * columns..(i + 1) * rows * columns;
        let first = i * height * width;
        let table = &table;
        arch().dispatch(Spread { x, channels, table, windows, first, output, by_output, gradient });
    });
    gradient
}

/// An image of [`gradient`].
struct Spread<'a, 'o> {
    x: &'a [f32],
    channels: usize,
    table: &'a Table,
    windows: Range<usize>,
    /// The first pixel of the image.
    first: usize,
    output: &'a [f32],
    by_output: &'a [f32],
    gradient: &'o mut [f32],
}

impl WithSimd for Spread<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, channels, table, windows, first, output, by_output, gradient } = self;
        let taps = table.sources.len() / table.pixels.len();
        let zero = simd.splat_f32s(0.0);
        for window in windows {
            let sources = &table.sources[window * taps..][..taps];
            let at = window * channels..(window + 1) * channels;
            for v in 0..channels.div_ceil(S::F32_LANES) {
                let highest = load(simd, &output[at.clone()], v);
                let mut left = load(simd, &by_output[at.clone()], v);
                for &source in sources {
                    if source == OUTSIDE {
                        continue;
                    }
                    let value = load(simd, &x[source * channels..][..channels], v);
                    let to = &mut gradient[(source - first) * channels..][..channels];
                    let is_it = simd.equal_f32s(value, highest);
                    let is_number = simd.equal_f32s(value, value);
                    let taken = simd.select_f32s(is_number, zero, left);
                    let taken = simd.select_f32s(is_it, left, taken);
                    store(simd, to, v, simd.add_f32s(load(simd, to, v), taken));
                    let kept = simd.select_f32s(is_number, left, zero);
                    left = simd.select_f32s(is_it, zero, kept);
                }
            }
        }
    }
}
