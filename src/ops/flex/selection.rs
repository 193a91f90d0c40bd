//! Operations for channel attention: channel means of each image, and a factor for each channel.
use pulp::{Simd, WithSimd};

use super::{
    kernel::{load, store},
    memory::Buffer,
    normalization::{column_totals, sums},
    share::share,
    vectors::arch,
};

/// The channel means of each image, `[B, C]`, of `x`, `[B, pixels, C]`.
pub(super) fn means(x: &[f32], [batch, pixels, channels]: [usize; 3]) -> Vec<f32> {
    let image = pixels * channels;
    let images = (0..batch).map(|i| &x[i * image..(i + 1) * image]);
    images.flat_map(|x| sums(x, channels)).map(|sum| sum / pixels as f32).collect()
}

/// `x · factors`, `[B, pixels, C]`, with one factor for each image and channel, `[B, C]`. Without
/// `x`, the factors themselves at every pixel.
pub(super) fn scale(
    x: Option<&[f32]>,
    factors: &[f32],
    [batch, pixels, channels]: [usize; 3],
) -> Buffer {
    let mut output = Buffer::new(batch * pixels * channels);
    if output.is_empty() {
        return output;
    }
    let band = (BAND / channels).clamp(1, pixels);
    let images = output.chunks_mut(pixels * channels).enumerate();
    let bands = images.flat_map(|(image, output)| {
        let bands = output.chunks_mut(band * channels).enumerate();
        bands.map(move |(i, output)| (image, (image * pixels + i * band) * channels, output))
    });
    share(bands.collect::<Vec<_>>().into_iter(), |(image, first, output)| {
        arch().dispatch(Scale {
            x: x.map(|x| &x[first..first + output.len()]),
            factors: &factors[image * channels..][..channels],
            output,
        });
    });
    output
}

/// Values of a band.
const BAND: usize = 1 << 14;

/// Some pixels of [`scale`].
struct Scale<'a, 'o> {
    x: Option<&'a [f32]>,
    factors: &'a [f32],
    output: &'o mut [f32],
}

impl WithSimd for Scale<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.factors.len();
        for (i, output) in self.output.chunks_exact_mut(channels).enumerate() {
            for v in 0..channels.div_ceil(S::F32_LANES) {
                let mut value = load(simd, self.factors, v);
                if let Some(x) = self.x {
                    value = simd.mul_f32s(value, load(simd, &x[i * channels..][..channels], v));
                }
                store(simd, output, v, value);
            }
        }
    }
}

/// The sum of `a · b` for each image and channel, `[B, C]`.
pub(super) fn products(a: &[f32], b: &[f32], [batch, pixels, channels]: [usize; 3]) -> Vec<f32> {
    let image = pixels * channels;
    // Bands of a fixed size: the sums do not depend on the number of threads.
    let band = (BAND / channels.max(1)).max(1) * channels;
    let count = image.div_ceil(band.max(1));
    let mut parts = vec![0.0f32; batch * count * channels];
    share(parts.chunks_mut(channels.max(1)).enumerate(), |(i, sums)| {
        let first = i / count * image + i % count * band;
        let part = first..(first + band).min((i / count + 1) * image);
        arch().dispatch(Products { a: &a[part.clone()], b: &b[part], sums });
    });
    let of_image = parts.chunks_exact((count * channels).max(1));
    of_image.flat_map(|parts| column_totals(parts, channels)).collect()
}

/// A band of [`products`].
struct Products<'a, 'o> {
    a: &'a [f32],
    b: &'a [f32],
    sums: &'o mut [f32],
}

impl WithSimd for Products<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.sums.len();
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let mut sums = [simd.splat_f32s(0.0); 2];
            let pixels = self.a.chunks_exact(channels).zip(self.b.chunks_exact(channels));
            for (i, (a, b)) in pixels.enumerate() {
                sums[i % 2] = simd.mul_add_e_f32s(load(simd, a, v), load(simd, b, v), sums[i % 2]);
            }
            store(simd, self.sums, v, simd.add_f32s(sums[0], sums[1]));
        }
    }
}

/// The sum of `a · b` over the channels of each pixel, `[pixels]`.
pub(super) fn dots(a: &[f32], b: &[f32], channels: usize) -> Buffer {
    let mut output = Buffer::new(a.len() / channels);
    let band = (BAND / channels).max(1);
    let parts = a.chunks(band * channels).zip(b.chunks(band * channels));
    share(parts.zip(output.chunks_mut(band)), |((a, b), output)| {
        arch().dispatch(Dots { a, b, channels, output });
    });
    output
}

/// A band of [`dots`].
struct Dots<'a, 'o> {
    a: &'a [f32],
    b: &'a [f32],
    channels: usize,
    output: &'o mut [f32],
}

impl WithSimd for Dots<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, b, channels, output } = self;
        let pixels = a.chunks_exact(channels).zip(b.chunks_exact(channels));
        for ((a, b), output) in pixels.zip(output) {
            let mut sum = simd.splat_f32s(0.0);
            for v in 0..channels.div_ceil(S::F32_LANES) {
                sum = simd.mul_add_e_f32s(load(simd, a, v), load(simd, b, v), sum);
            }
            *output = simd.reduce_sum_f32s(sum);
        }
    }
}

/// Multiplies each pixel of `x` by its factor.
pub(super) fn gate(x: &[f32], factors: &[f32], channels: usize) -> Buffer {
    let mut output = Buffer::new(x.len());
    let band = (BAND / channels).max(1);
    let parts = x.chunks(band * channels).zip(factors.chunks(band));
    share(parts.zip(output.chunks_mut(band * channels)), |((x, factors), output)| {
        arch().dispatch(Gate { x, factors, channels, output });
    });
    output
}

/// A band of [`gate`].
struct Gate<'a, 'o> {
    x: &'a [f32],
    factors: &'a [f32],
    channels: usize,
    output: &'o mut [f32],
}

impl WithSimd for Gate<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, factors, channels, output } = self;
        let pixels = x.chunks_exact(channels).zip(output.chunks_exact_mut(channels));
        for ((x, output), factor) in pixels.zip(factors) {
            let factor = simd.splat_f32s(*factor);
            for v in 0..channels.div_ceil(S::F32_LANES) {
                store(simd, output, v, simd.mul_f32s(load(simd, x, v), factor));
            }
        }
    }
}
