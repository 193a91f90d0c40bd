//! Bilinear sampling of an image through an affine map, one output row at a time.
use std::ops::Range;

use image::RgbImage;
use pulp::{Arch, Simd, WithSimd};

use crate::geometry::Affine;

/// Pixels that are processed together.
const RUN: usize = 16;

/// Samples the image bilinearly at `inverse` of each output pixel, to 1/256 of an image pixel.
/// Output pixels that do not see the image are left unchanged.
pub(super) fn warp(image: &RgbImage, inverse: &Affine, output: &mut RgbImage) {
    let width = output.width() as usize;
    let [right, bottom] = [image.width(), image.height()].map(|side| f64::from(side - 1));
    for (v, target) in output.chunks_exact_mut(width * 3).enumerate() {
        let at = |u: usize| inverse.apply([u as f64, v as f64]);
        let is_inside = |u: usize| {
            let [x, y] = at(u);
            x >= 0.0 && y >= 0.0 && x < right && y < bottom
        };
        // The pixels that see the image are contiguous. Rounding errors of the limits are at most
        // one pixel.
        let [x, y] = at(0);
        let limits = [(x, inverse.xx, right), (y, inverse.yx, bottom)];
        let limits =
            limits.map(|(start, step, side)| span_within([-start, side - start], step, width));
        let mut span = limits[0].start.max(limits[1].start)..limits[0].end.min(limits[1].end);
        while !span.is_empty() && !is_inside(span.start) {
            span.start += 1;
        }
        while !span.is_empty() && !is_inside(span.end - 1) {
            span.end -= 1;
        }
        if span.is_empty() {
            continue;
        }
        let pixels = target[span.start * 3..span.end * 3].as_chunks_mut().0;
        let step = [inverse.xx, inverse.yx];
        Arch::new().dispatch(Line { image, start: at(span.start), step, pixels });
    }
}

/// The indices of `0..columns` for which `step·u` is between the limits, and perhaps one more on
/// each side.
fn span_within([low, high]: [f64; 2], step: f64, columns: usize) -> Range<usize> {
    if step == 0.0 {
        return if low <= 0.0 && 0.0 <= high { 0..columns } else { 0..0 };
    }
    let (a, b) = (low / step, high / step);
    // The casts saturate.
    let (from, to) = (a.min(b).floor() as usize, a.max(b).ceil());
    from..if to < 0.0 { 0 } else { (to as usize).saturating_add(1).min(columns) }
}

/// Samples of an image along a straight line that lies entirely between pixel centers.
struct Line<'a, 'o> {
    image: &'a RgbImage,
    start: [f64; 2],
    step: [f64; 2],
    pixels: &'o mut [[u8; 3]],
}

impl WithSimd for Line<'_, '_> {
    type Output = ();

    /// Loops have a fixed length so that the compiler vectorizes them for any vector size.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        // In units of 2^−32 pixels; over the longest line the error is below 10^−5 pixels.
        let fixed = |value: f64| (value * 4_294_967_296.0) as i64;
        let [mut x, mut y] = self.start.map(fixed);
        let [step_x, step_y] = self.step.map(fixed);
        let last = |side: u32| (i64::from(side - 1) << 32) - 1;
        let (right, bottom) = (last(self.image.width()), last(self.image.height()));
        let (bytes, stride) = (self.image.as_raw(), self.image.width() as i64 * 3);
        // Rounded to 1/256, up to and including 1.
        let fraction = |place: i64| (((place & 0xFFFF_FFFF) + (1 << 23)) >> 24) as u32;
        for pixels in self.pixels.chunks_mut(RUN) {
            let mut at = [0; RUN];
            let (mut fx, mut fy) = ([0; RUN], [0; RUN]);
            for i in 0..RUN {
                let x = x.wrapping_add(step_x.wrapping_mul(i as i64)).clamp(0, right);
                let y = y.wrapping_add(step_y.wrapping_mul(i as i64)).clamp(0, bottom);
                at[i] = ((y >> 32) * stride + (x >> 32) * 3) as usize;
                (fx[i], fy[i]) = (fraction(x), fraction(y));
            }
            let (mut above, mut below) = ([0; RUN], [0; RUN]);
            for i in 0..RUN {
                above[i] = pair(bytes, at[i]);
                below[i] = pair(bytes, at[i] + stride as usize);
            }
            let mut mixed = [0; RUN];
            for i in 0..RUN {
                for channel in 0..3 {
                    // Exact: at most 2^16, then 2^24.
                    let beside = |shift: u32| {
                        let value = |pair: u64| (pair >> shift) as u32 & 0xFF;
                        value(above[i]) * (256 - fy[i]) + value(below[i]) * fy[i]
                    };
                    let (left, right) = (beside(8 * channel), beside(8 * channel + 24));
                    let sum = left * (256 - fx[i]) + right * fx[i];
                    mixed[i] |= ((sum + (1 << 15)) >> 16) << (8 * channel);
                }
            }
            for (pixel, mixed) in pixels.iter_mut().zip(mixed) {
                let [r, g, b, _] = mixed.to_le_bytes();
                *pixel = [r, g, b];
            }
            x = x.wrapping_add(step_x.wrapping_mul(RUN as i64));
            y = y.wrapping_add(step_y.wrapping_mul(RUN as i64));
        }
    }
}

/// The six bytes of two adjacent pixels, and two more bytes.
#[inline(always)]
fn pair(bytes: &[u8], at: usize) -> u64 {
    match bytes[at..].first_chunk() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => {
            let mut chunk = [0; 8];
            chunk[..6].copy_from_slice(&bytes[at..at + 6]);
            u64::from_le_bytes(chunk)
        }
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every pixel is the mean of four, exact except for the rounding of positions to 1/256.
        /// Pixels outside are unchanged.
        #[test]
        fn pixels_are_means_of_four(
            (width, height) in (1u32..40, 1u32..40),
            [xx, xy, yx, yy] in prop::array::uniform4(-2.0f64..2.0),
            [x0, y0] in prop::array::uniform2(-30.0f64..60.0),
            whole in any::<bool>(),
        ) {
            let image = RgbImage::from_fn(width, height, |x, y| {
                Rgb([x * 6, y * 6, (x * 89 + y * 131) % 256].map(|value| value as u8))
            });
            let round = |value: f64| if whole { value.round() } else { value };
            let [xx, xy, x0, yx, yy, y0] = [xx, xy, x0, yx, yy, y0].map(round);
            let inverse = Affine { xx, xy, x0, yx, yy, y0 };
            let mut output = RgbImage::from_pixel(45, 20, Rgb([1, 2, 3]));
            warp(&image, &inverse, &mut output);
            for (u, v, pixel) in output.enumerate_pixels() {
                let [x, y] = inverse.apply([u, v].map(f64::from));
                let inside = |place: f64, side: u32| place >= 0.0 && place < f64::from(side) - 1.0;
                if !inside(x, width) || !inside(y, height) {
                    prop_assert_eq!(pixel.0, [1, 2, 3]);
                    continue;
                }
                let (left, top) = (x as u32, y as u32);
                let (fx, fy) = (x.fract(), y.fract());
                for channel in 0..3 {
                    let at = |x, y| f64::from(image.get_pixel(left + x, top + y).0[channel]);
                    let above = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
                    let below = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
                    let exact = above * (1.0 - fy) + below * fy;
                    prop_assert!((f64::from(pixel.0[channel]) - exact).abs() <= 1.6);
                }
            }
        }
    }

    #[test]
    fn maps_that_leave_every_image_change_nothing() {
        let image = RgbImage::from_pixel(4, 4, Rgb([9; 3]));
        for far in [1e12, -1e12, 1e300, f64::INFINITY, f64::NAN] {
            for inverse in [
                Affine { x0: far, ..Affine::IDENTITY },
                Affine { xx: far, x0: 5.0, ..Affine::IDENTITY },
                Affine { yy: far, y0: -1.0, ..Affine::IDENTITY },
            ] {
                let mut output = RgbImage::from_pixel(8, 1, Rgb([1; 3]));
                warp(&image, &inverse, &mut output);
                assert!(output.pixels().all(|pixel| pixel.0 == [1; 3]), "{inverse:?}");
            }
        }
    }
}
