//! The highest value of each window, and where its gradient goes.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    kernel::arch,
    memory::Buffer,
    patches::Geometry,
    share::{band, share},
};

/// Each window's highest value: of `x`, planes of `size` (`[height, width]`), one plane after the other. A window with a value
/// that is no number has none.
pub(super) fn highest(x: &[f32], size: [usize; 2], geometry: &Geometry) -> Buffer {
    let [rows, columns] = geometry.output(size);
    let pixels = size[0] * size[1];
    let planes = x.len() / pixels.max(1);
    let mut output = Buffer::new(planes * rows * columns);
    let band = band(planes);
    let bands = x.chunks(band * pixels).zip(output.chunks_mut(band * rows * columns));
    share(bands, |(x, output)| arch().dispatch(Highest { x, size, geometry, output }));
    output
}

/// Some planes of [`highest`].
struct Highest<'a, 'o> {
    x: &'a [f32],
    size: [usize; 2],
    geometry: &'a Geometry,
    output: &'o mut [f32],
}

impl WithSimd for Highest<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { x, size: [height, width], geometry, output } = self;
        let [rows, columns] = geometry.output([height, width]);
        // Beside the image there is nothing to win.
        let mut line = vec![f32::NEG_INFINITY; width + 2 * geometry.padding[1]];
        let planes = x.chunks_exact(height * width).zip(output.chunks_exact_mut(rows * columns));
        for (plane, output) in planes {
            for (y, output) in output.chunks_exact_mut(columns).enumerate() {
                let inside = &mut line[geometry.padding[1]..][..width];
                inside.fill(f32::NEG_INFINITY);
                let lines = inside_of(y, 0, height, geometry);
                for from in plane[lines.start * width..lines.end * width].chunks_exact(width) {
                    raise(inside, from.iter());
                }
                output.fill(f32::NEG_INFINITY);
                for x in 0..geometry.kernel[1] {
                    match geometry.stride[1] {
                        // The usual one, with a step that the compiler knows.
                        2 => {
                            let (pairs, last) = line[x..].as_chunks::<2>();
                            let (output, end) = output.split_at_mut(pairs.len().min(columns));
                            raise(output, pairs.iter().map(|pair| &pair[0]));
                            raise(end, last.iter());
                        }
                        step => raise(output, line[x..].iter().step_by(step)),
                    }
                }
            }
        }
    }
}

/// The gradient by `x`, from `output` ([`highest`] of it) and the gradient by it: to the first pixel of each window that has
/// the window's highest value.
pub(super) fn gradient(
    x: &[f32],
    size: [usize; 2],
    output: &[f32],
    by_output: &[f32],
    geometry: &Geometry,
) -> Buffer {
    let [rows, columns] = geometry.output(size);
    let pixels = size[0] * size[1];
    let mut gradient = Buffer::new(x.len());
    let planes = x.len() / pixels.max(1);
    let band = band(planes);
    let outputs = output.chunks(band * rows * columns).zip(by_output.chunks(band * rows * columns));
    let bands = x.chunks(band * pixels).zip(gradient.chunks_mut(band * pixels)).zip(outputs);
    share(bands, |((x, gradient), (output, by_output))| {
        gradient.fill(0.0);
        let windows = output.iter().zip(by_output).enumerate();
        for (i, (highest, by_output)) in windows {
            let [plane, y, x_at] = [i / (rows * columns), i / columns % rows, i % columns];
            let across = inside_of(x_at, 1, size[1], geometry);
            'window: for line in inside_of(y, 0, size[0], geometry) {
                let start = plane * pixels + line * size[1];
                for at in start + across.start..start + across.end {
                    if x[at] == *highest || x[at].is_nan() {
                        gradient[at] += by_output;
                        break 'window;
                    }
                }
            }
        }
    });
    gradient
}

/// The part of window `at` on an axis that lies within an image's `side`.
fn inside_of(at: usize, axis: usize, side: usize, geometry: &Geometry) -> Range<usize> {
    let start = at * geometry.stride[axis];
    let pad = geometry.padding[axis];
    start.saturating_sub(pad)..(start + geometry.kernel[axis]).saturating_sub(pad).min(side)
}

/// Raises each value to the other one, if that is higher or no number.
#[inline(always)]
fn raise<'a>(values: &mut [f32], others: impl Iterator<Item = &'a f32>) {
    for (value, other) in values.iter_mut().zip(others) {
        if *other > *value || other.is_nan() {
            *value = *other;
        }
    }
}
