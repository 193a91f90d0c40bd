//! Degradations of an input: blur, noise, erased rectangles.
use image::{Rgb, RgbImage, imageops::blur};

use crate::random::SplitMix64;

/// Erased rectangles, blur and noise of a network's input.
///
/// Applied in this order: rectangles are blurred with the rest, and noise covers everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Degradation {
    /// The number of rectangles filled with a random color (random erasing, Zhong et al. 2020).
    /// Each side is a [fraction](Self::ERASED_SIDE) of the input's.
    pub erased: usize,
    /// Standard deviation of a Gaussian blur, in pixels; 0 for none.
    pub blur: f32,
    /// Standard deviation of noise on values from 0 to 255; 0 for none.
    pub noise: f32,
    /// Seed of rectangles and noise.
    pub seed: u64,
}

/// Smaller deviations change no byte (a neighbor's weight is below e⁻⁵⁰), and the smallest can't be
/// computed.
const LEAST_BLUR: f32 = 0.1;

impl Degradation {
    /// No change.
    pub const NONE: Self = Self { erased: 0, blur: 0.0, noise: 0.0, seed: 0 };

    /// The minimum and maximum side of an erased rectangle, as a fraction of the input's side.
    pub const ERASED_SIDE: [f32; 2] = [0.06, 0.35];

    /// Degrades the whole `input`, including the padding around the image.
    pub fn apply(&self, input: &mut RgbImage) {
        if input.is_empty() {
            return;
        }
        let mut random = SplitMix64(self.seed);
        for _ in 0..self.erased {
            erase(input, &mut random);
        }
        if self.blur >= LEAST_BLUR {
            // `fast_blur` is not suitable: its boxes are at least three pixels wide, for any
            // deviation up to 1.6.
            *input = blur(&*input, self.blur);
        }
        if self.noise > 0.0 {
            // The sum of four uniform bytes has a variance of 4·(256² − 1)/12.
            let scale = self.noise / (65_535.0_f32 / 3.0).sqrt();
            for values in input.chunks_mut(2) {
                let bits = random.next().to_le_bytes();
                for (value, bytes) in values.iter_mut().zip(bits.chunks_exact(4)) {
                    let sum: i32 = bytes.iter().map(|byte| i32::from(*byte)).sum();
                    // The cast saturates.
                    *value = (f32::from(*value) + (sum - 510) as f32 * scale).round() as u8;
                }
            }
        }
    }
}

/// Fills a rectangle with a color. The rectangle may extend beyond the input.
fn erase(input: &mut RgbImage, random: &mut SplitMix64) {
    let mut unit = || (random.next() >> 40) as f32 / (1 << 24) as f32;
    let [least, most] = Degradation::ERASED_SIDE;
    let mut span = |side: u32| {
        let length = (least + (most - least) * unit()) * side as f32;
        let from = unit() * side as f32 - length / 2.0;
        // The casts saturate at 0.
        (from as u32).min(side)..((from + length) as u32).min(side)
    };
    let (columns, rows) = (span(input.width()), span(input.height()));
    let color = Rgb([(); 3].map(|()| (256.0 * unit()) as u8));
    for y in rows {
        columns.clone().for_each(|x| input.put_pixel(x, y, color));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(value: u8) -> RgbImage {
        RgbImage::from_pixel(64, 48, Rgb([value; 3]))
    }

    #[test]
    fn noise_has_the_deviation_that_is_asked_for() {
        let mut input = gray(128);
        Degradation { noise: 10.0, seed: 3, ..Degradation::NONE }.apply(&mut input);
        let count = input.len() as f32;
        let mean = input.iter().map(|value| f32::from(*value)).sum::<f32>() / count;
        let square = |value: &u8| (f32::from(*value) - mean).powi(2);
        let deviation = (input.iter().map(square).sum::<f32>() / count).sqrt();
        // 9216 values: the standard error of the mean is 0.1, that of the deviation 0.07; the
        // tolerances are five times that.
        assert!((mean - 128.0).abs() < 0.5, "{mean}");
        assert!((deviation - 10.0).abs() < 0.4, "{deviation}");
        // Values saturate.
        let mut white = gray(255);
        Degradation { noise: 10.0, seed: 3, ..Degradation::NONE }.apply(&mut white);
        assert!(white.iter().all(|value| *value > 200));
    }

    /// The image crate's kernel ends at two to three deviations, so it is up to a tenth narrower
    /// than a Gaussian.
    #[test]
    fn blur_has_the_deviation_that_is_asked_for_and_keeps_the_mean() {
        for blur in [0.5, 1.0, 2.0, 6.0] {
            let mut input =
                RgbImage::from_fn(64, 48, |x, _| Rgb([if x < 32 { 0 } else { 200 }; 3]));
            Degradation { blur, ..Degradation::NONE }.apply(&mut input);
            let row: Vec<f32> = (0..64).map(|x| f32::from(input.get_pixel(x, 24).0[1])).collect();
            let mean = row.iter().sum::<f32>() / 64.0;
            assert!((mean - 100.0).abs() < 0.5, "{blur}: mean {mean}");
            // The slope of a blurred edge is the kernel.
            let rises = (0..63usize).map(|x| (x as f32 - 31.0, (row[x + 1] - row[x]) / 200.0));
            let deviation = rises.map(|(at, rise)| at * at * rise).sum::<f32>().sqrt();
            assert!((0.88..1.02).contains(&(deviation / blur)), "{blur}: {deviation}");
        }
    }

    #[test]
    fn the_slightest_blur_changes_nothing() {
        let noisy = RgbImage::from_fn(9, 7, |x, y| Rgb([(x * 97 + y * 41) as u8; 3]));
        for blur in [0.0, 1e-40, f32::MIN_POSITIVE, 0.05, LEAST_BLUR] {
            let mut input = noisy.clone();
            Degradation { blur, ..Degradation::NONE }.apply(&mut input);
            assert_eq!(input, noisy, "{blur}");
        }
    }

    #[test]
    fn rectangles_cover_as_much_as_said() {
        for seed in 0..200 {
            let mut input = gray(7);
            Degradation { erased: 1, seed, ..Degradation::NONE }.apply(&mut input);
            let changed: Vec<(u32, u32)> = input
                .enumerate_pixels()
                .filter(|(.., pixel)| pixel.0 != [7; 3])
                .map(|(x, y, _)| (x, y))
                .collect();
            // A rectangle is cut at the input's edges, but at least half of it is inside.
            let colors: std::collections::HashSet<_> = input.pixels().map(|p| p.0).collect();
            assert!(colors.len() <= 2);
            let most = (64.0 * 0.35 + 1.0) * (48.0 * 0.35 + 1.0);
            assert!((2..=most as usize).contains(&changed.len()), "{seed}: {}", changed.len());
        }
        let mut same = gray(7);
        Degradation::NONE.apply(&mut same);
        assert_eq!(same, gray(7));
    }
}
