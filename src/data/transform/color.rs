//! Hue, saturation, contrast, brightness and tint.
use image::RgbImage;
use pulp::{Arch, Simd, WithSimd};

use crate::geometry::Affine;

/// Weights of red, green and blue in the luma of a color (ITU-R BT.601).
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];
/// The gray that contrast is relative to.
const MIDDLE: f32 = 127.5;

/// A change of an image's colors.
///
/// Applied in this order: hue rotation, saturation (relative to the pixel's own gray), contrast
/// (relative to middle gray), brightness (relative to black) and a factor per channel. A factor of
/// 1 changes nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColorJitter {
    /// Factor on all values.
    pub brightness: f32,
    /// Factor on the distance from middle gray.
    pub contrast: f32,
    /// Factor on the distance from the pixel's own gray.
    pub saturation: f32,
    /// Hue rotation in degrees, as defined by `hue-rotate` of W3C's Filter Effects.
    pub hue: f32,
    /// Factors of red, green and blue: a color cast.
    pub tint: [f32; 3],
}

impl ColorJitter {
    /// No change.
    pub const NONE: Self =
        Self { brightness: 1.0, contrast: 1.0, saturation: 1.0, hue: 0.0, tint: [1.0; 3] };

    /// Changes the colors of `input` wherever it shows the image. `affine` maps image pixels to
    /// input pixels, and `image_size` is `[width, height]` of the image. The padding keeps its
    /// color.
    pub fn apply(&self, input: &mut RgbImage, affine: &Affine, image_size: [u32; 2]) {
        let Some(inverse) = affine.inverse().filter(|_| *self != Self::NONE && !input.is_empty())
        else {
            return;
        };
        let [width, height] = image_size.map(f64::from);
        let (arch, columns) = (Arch::new(), input.width() as usize);
        let filter = Filter::new(self);
        for (v, row) in input.chunks_exact_mut(columns * 3).enumerate() {
            let [x, y] = inverse.apply([0.0, v as f64]);
            let (from, to) = within(x, inverse.xx, width, columns);
            let (from_y, to_y) = within(y, inverse.yx, height, columns);
            let (from, to) = (from.max(from_y), to.min(to_y));
            if from < to {
                let row = &mut row[from * 3..to * 3];
                arch.dispatch(Row { filter: &filter, row });
            }
        }
    }
}

/// Values that are processed together: whole pixels, and whole SIMD vectors of any length.
const RUN: usize = 48;

/// A jitter as a filter over a row of values. Each value becomes a weighted sum of itself and two
/// neighbors on either side. The weights repeat with the channels and are 0 for values of other
/// pixels.
struct Filter {
    weights: [[f32; RUN]; 5],
    offset: [f32; RUN],
}

impl Filter {
    fn new(jitter: &ColorJitter) -> Self {
        let ColorJitter { brightness, contrast, saturation, hue, tint } = *jitter;
        let turned = turned(hue);
        // Contribution of each input channel to the gray of the rotated color.
        let gray: [f32; 3] = [0, 1, 2].map(|from| (0..3).map(|c| LUMA[c] * turned[c][from]).sum());
        let (mut weights, mut offset) = ([[0.0; RUN]; 5], [0.0; RUN]);
        for i in 0..RUN {
            let to = i % 3;
            let gain = contrast * brightness * tint[to];
            offset[i] = MIDDLE * (1.0 - contrast) * brightness * tint[to];
            for from in 0..3 {
                let own = saturation * turned[to][from] + (1.0 - saturation) * gray[from];
                weights[2 + from - to][i] = gain * own;
            }
        }
        Self { weights, offset }
    }

    /// Computes a run of values from the old ones and two more on either side. Loops have a fixed
    /// length so that the compiler vectorizes them for any vector size.
    #[inline(always)]
    fn run(&self, values: &[f32; RUN + 4]) -> [u8; RUN] {
        let mut bytes = [0; RUN];
        for i in 0..RUN {
            let sum: f32 = (0..5).map(|k| self.weights[k][i] * values[i + k]).sum();
            // From 2^23 on, the unit in the last place is 1, so this rounds.
            bytes[i] = ((sum + self.offset[i]).clamp(0.0, 255.0) + 8_388_608.0).to_bits() as u8;
        }
        bytes
    }
}

/// The matrix of `hue-rotate` in W3C's Filter Effects, row by row: the weights of the old channels
/// in each new one.
fn turned(degrees: f32) -> [[f32; 3]; 3] {
    if degrees == 0.0 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    const STILL: [f32; 3] = [0.213, 0.715, 0.072];
    const ALONG: [[f32; 3]; 3] =
        [[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]];
    const ACROSS: [[f32; 3]; 3] =
        [[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]];
    [0, 1, 2].map(|to| {
        [0, 1, 2].map(|from| STILL[from] + cos * ALONG[to][from] + sin * ACROSS[to][from])
    })
}

/// Filters a row of pixels.
struct Row<'a, 'o> {
    filter: &'a Filter,
    row: &'o mut [u8],
}

impl WithSimd for Row<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let mut values = [0.0; RUN + 4];
        let mut rest = self.row;
        while !rest.is_empty() {
            // The last two values of the previous run, the run itself, and two values after it.
            let end = rest.len().min(RUN + 2);
            for (value, byte) in values[2..].iter_mut().zip(&rest[..end]) {
                *value = f32::from(*byte);
            }
            let last = [values[RUN], values[RUN + 1]];
            let bytes = self.filter.run(&values);
            let (run, after) = rest.split_at_mut(end.min(RUN));
            match run.first_chunk_mut() {
                Some(run) => *run = bytes,
                None => run.copy_from_slice(&bytes[..run.len()]),
            }
            [values[0], values[1]] = last;
            rest = after;
        }
    }
}

/// The columns `u` of `0..columns` for which `start + step·u` lies within the pixels of a side:
/// from −½ to `side` − ½.
fn within(start: f64, step: f64, side: f64, columns: usize) -> (usize, usize) {
    let (low, high) = (-0.5 - start, side - 0.5 - start);
    if step == 0.0 {
        return if low <= 0.0 && 0.0 <= high { (0, columns) } else { (0, 0) };
    }
    let (a, b) = (low / step, high / step);
    // The casts saturate: positions before the first column become 0.
    let (from, to) = (a.min(b).ceil() as usize, a.max(b).floor());
    if to < 0.0 { (0, 0) } else { (from, (to as usize).saturating_add(1).min(columns)) }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn changed(jitter: ColorJitter, pixel: [u8; 3]) -> [u8; 3] {
        let mut image = RgbImage::from_pixel(1, 1, Rgb(pixel));
        jitter.apply(&mut image, &Affine::IDENTITY, [1, 1]);
        image.get_pixel(0, 0).0
    }

    #[test]
    fn factors_mean_what_they_say() {
        let none = ColorJitter::NONE;
        assert_eq!(changed(none, [1, 128, 255]), [1, 128, 255]);
        assert_eq!(
            changed(ColorJitter { brightness: 1.5, ..none }, [10, 100, 200]),
            [15, 150, 255]
        );
        // 127.5 + (x − 127.5)·0.5: 68.75, 113.75, 163.75.
        assert_eq!(changed(ColorJitter { contrast: 0.5, ..none }, [10, 100, 200]), [69, 114, 164]);
        // Its gray is 0.299·10 + 0.587·100 + 0.114·200 = 84.49.
        assert_eq!(changed(ColorJitter { saturation: 0.0, ..none }, [10, 100, 200]), [84, 84, 84]);
        assert_eq!(changed(ColorJitter { saturation: 1.2, ..none }, [10, 100, 200]), [0, 103, 223]);
        let all = ColorJitter { brightness: 0.5, contrast: 1.2, ..none };
        // (127.5 + (100 − 127.5)·1.2)·0.5 = 47.25.
        assert_eq!(changed(all, [100, 100, 100]), [47, 47, 47]);
    }

    /// Tint is applied last: 60·1.5 and so on. With contrast, the tinted value is 127.5 + (x −
    /// 127.5)·½.
    #[test]
    fn tints_multiply_channels() {
        let tint = ColorJitter { tint: [1.5, 1.0, 0.5], ..ColorJitter::NONE };
        assert_eq!(changed(tint, [60, 60, 60]), [90, 60, 30]);
        // 113.75 for 100.
        assert_eq!(changed(ColorJitter { contrast: 0.5, ..tint }, [100; 3]), [171, 114, 57]);
    }

    /// Compared with the image crate, which implements the same standard.
    #[test]
    fn hues_turn_as_the_standard_says() {
        for degrees in [-150, -60, 30, 90, 180] {
            let jitter = ColorJitter { hue: degrees as f32, ..ColorJitter::NONE };
            for pixel in [[10, 100, 200], [90, 120, 80], [128, 128, 128], [200, 30, 60]] {
                let image = RgbImage::from_pixel(1, 1, Rgb(pixel));
                let expected = image::imageops::huerotate(&image, degrees).get_pixel(0, 0).0;
                for (found, expected) in changed(jitter, pixel).into_iter().zip(expected) {
                    // The image crate truncates, this code rounds.
                    assert!(
                        found.abs_diff(expected) <= 1,
                        "{degrees} {pixel:?}: {found} {expected}"
                    );
                }
            }
        }
    }

    /// For any row length and any colors, the result equals that of single pixels, except for
    /// rounding.
    #[test]
    fn rows_change_as_pixels_do() {
        let jitter =
            ColorJitter { brightness: 1.13, contrast: 0.87, saturation: 1.21, ..ColorJitter::NONE };
        for width in 1..120 {
            let mut row = RgbImage::from_fn(width, 1, |x, _| {
                Rgb([97, 41, 233].map(|step: u32| (x * step + width * 57) as u8))
            });
            let before = row.clone();
            jitter.apply(&mut row, &Affine::IDENTITY, [width, 1]);
            for (found, before) in row.pixels().zip(before.pixels()) {
                let [r, g, b] = before.0.map(f64::from);
                let gray = 0.299 * r + 0.587 * g + 0.114 * b;
                for (found, value) in found.0.into_iter().zip([r, g, b]) {
                    let saturated = gray + (value - gray) * 1.21;
                    let exact = (127.5 + (saturated - 127.5) * 0.87) * 1.13;
                    assert!((f64::from(found) - exact.clamp(0.0, 255.0)).abs() < 0.501);
                }
            }
        }
    }

    #[test]
    fn padding_keeps_its_color() {
        let dark = ColorJitter { brightness: 0.5, ..ColorJitter::NONE };
        // An image of 2 × 1 pixels at columns 1 and 2 of 4, in row 0 of 2; also mirrored.
        let shifted = Affine { x0: 1.0, ..Affine::IDENTITY };
        for affine in [shifted, shifted.then(&Affine::flip(4))] {
            let mut input = RgbImage::from_pixel(4, 2, Rgb([100; 3]));
            dark.apply(&mut input, &affine, [2, 1]);
            let values: Vec<u8> = input.pixels().map(|pixel| pixel.0[0]).collect();
            assert_eq!(values, [100, 50, 50, 100, 100, 100, 100, 100]);
        }
        // A quarter turn about the origin puts the image's pixels at (0, 0) and (0, 1).
        let turned = Affine { xx: 0.0, xy: -1.0, yx: 1.0, yy: 0.0, ..Affine::IDENTITY };
        let mut input = RgbImage::from_pixel(2, 2, Rgb([100; 3]));
        dark.apply(&mut input, &turned, [2, 1]);
        let values: Vec<u8> = input.pixels().map(|pixel| pixel.0[0]).collect();
        assert_eq!(values, [50, 100, 50, 100]);
    }
}
