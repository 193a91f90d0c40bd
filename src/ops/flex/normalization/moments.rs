//! Means and variances of channels.
use pulp::{Simd, WithSimd};

use super::sums::{band, total};
use crate::ops::flex::{
    kernel::{load, store},
    share::share,
    vectors::arch,
};

/// Means and biased variances of the channels of `x`, `[pixels, C]`.
pub(in crate::ops::flex) fn moments(x: &[f32], channels: usize) -> [Vec<f32>; 2] {
    let pixels = x.len() / channels.max(1);
    let band = band(channels);
    let mut parts = vec![0.0f32; pixels.div_ceil(band) * 2 * channels];
    let bands = x.chunks(band * channels).zip(parts.chunks_mut(2 * channels));
    share(bands, |(x, parts)| {
        let (mean, square) = parts.split_at_mut(channels);
        arch().dispatch(Moments { x, mean, square });
    });
    let count_of = |i: usize| (pixels - i * band).min(band) as f64;
    let of_parts = || parts.chunks_exact(2 * channels).enumerate();
    let mut mean = vec![0.0f64; channels];
    for (i, part) in of_parts() {
        for (mean, of_part) in mean.iter_mut().zip(part) {
            *mean += f64::from(*of_part) * count_of(i) / pixels as f64;
        }
    }
    // Squares around each band's own mean, plus the squares of the bands' means around the overall
    // mean: a plain mean of squares would lose small variances.
    let mut variance = vec![0.0f64; channels];
    for (i, part) in of_parts() {
        let (means, squares) = part.split_at(channels);
        let of_part = means.iter().zip(squares);
        for ((variance, mean), (of_part, square)) in variance.iter_mut().zip(&mean).zip(of_part) {
            let distance = f64::from(*of_part) - mean;
            *variance += (f64::from(*square) + count_of(i) * distance * distance) / pixels as f64;
        }
    }
    [mean, variance].map(|values| values.into_iter().map(|value| value as f32).collect())
}

/// The means of a band's channels, and the sums of squares around them.
struct Moments<'a, 'o> {
    x: &'a [f32],
    mean: &'o mut [f32],
    square: &'o mut [f32],
}

impl WithSimd for Moments<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, mean, square } = self;
        let channels = mean.len();
        let pixels = x.len() / channels;
        let zero = simd.splat_f32s(0.0);
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let mut sums = [zero; 4];
            for (i, x) in x.chunks_exact(channels).enumerate() {
                sums[i % 4] = simd.add_f32s(sums[i % 4], load(simd, x, v));
            }
            let center = simd.mul_f32s(total(simd, sums), simd.splat_f32s(1.0 / pixels as f32));
            let mut sums = [zero; 4];
            for (i, x) in x.chunks_exact(channels).enumerate() {
                let x = simd.sub_f32s(load(simd, x, v), center);
                sums[i % 4] = simd.mul_add_e_f32s(x, x, sums[i % 4]);
            }
            store(simd, mean, v, center);
            store(simd, square, v, total(simd, sums));
        }
    }
}
