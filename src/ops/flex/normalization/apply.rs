//! Epilogues by themselves, and the gradients of activations.
use pulp::{Simd, WithSimd};

use super::sums::{BAND, band};
use crate::ops::{
    Activation,
    flex::{
        epilogue::Fused,
        kernel::{load, store},
        memory::Buffer,
        share::share,
        vectors::arch,
    },
};

/// Applies an epilogue by itself to `x`, `[pixels, C]`.
pub(in crate::ops::flex) fn apply(x: &[f32], channels: usize, fused: Fused) -> Buffer {
    let mut output = Buffer::new(x.len());
    let band = band(channels);
    let bands = x.chunks(band * channels).zip(output.chunks_mut(band * channels)).enumerate();
    share(bands, |(i, (x, output))| {
        arch().dispatch(Apply { x, channels, fused, first: i * band, output });
    });
    output
}

/// A band of [`apply`].
struct Apply<'a, 'o> {
    x: &'a [f32],
    channels: usize,
    fused: Fused<'a>,
    /// The band's first pixel.
    first: usize,
    output: &'o mut [f32],
}

impl WithSimd for Apply<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, channels, fused, first, output } = self;
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let start = v * S::F32_LANES;
            let wide = (channels - start).min(S::F32_LANES);
            let factors = fused.factors::<S, 1>(simd, start, wide);
            let pixels = x.chunks_exact(channels).zip(output.chunks_exact_mut(channels));
            for (pixel, (x, output)) in (first..).zip(pixels) {
                let place = [pixel, pixel * channels + start, wide];
                let value = fused.apply(simd, &factors, place, 0, load(simd, x, v));
                store(simd, output, v, value);
            }
        }
    }
}

/// The gradient with respect to an activation's input. `at` is the input or the output, as in
/// [`Activation::gradient`].
pub(in crate::ops::flex) fn behind(activation: Activation, gradient: &[f32], at: &[f32]) -> Buffer {
    let mut found = Buffer::new(gradient.len());
    let bands = gradient.chunks(BAND).zip(at.chunks(BAND)).zip(found.chunks_mut(BAND));
    share(bands, |((gradient, at), found)| {
        arch().dispatch(Behind { activation, gradient, at, found });
    });
    found
}

/// A band of [`behind`].
struct Behind<'a, 'o> {
    activation: Activation,
    gradient: &'a [f32],
    at: &'a [f32],
    found: &'o mut [f32],
}

impl WithSimd for Behind<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for v in 0..self.gradient.len().div_ceil(S::F32_LANES) {
            let gradient = load(simd, self.gradient, v);
            let at = load(simd, self.at, v);
            store(simd, self.found, v, self.activation.gradient(simd, at, gradient));
        }
    }
}
