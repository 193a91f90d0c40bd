//! The gradients of batch normalization and the activation after it.
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::sums::{band, column_totals, total};
use crate::ops::{
    Activation,
    flex::{
        kernel::{load, store},
        memory::Buffer,
        share::share,
        vectors::arch,
    },
};

/// The values of the forward pass that the gradients need.
#[derive(Clone, Copy)]
pub(in crate::ops::flex) struct Forward<'a> {
    /// `[pixels, C]`.
    pub x: &'a [f32],
    pub passed: Passed<'a>,
    pub mean: &'a [f32],
    /// `1 / √(variance + ε)`.
    pub inverse: &'a [f32],
    pub gamma: &'a [f32],
    /// Whether mean and variance are the batch's own.
    pub of_batch: bool,
}

/// The activation after the normalization, and the values its gradient is computed from.
#[derive(Debug, Clone, Copy)]
pub(in crate::ops::flex) enum Passed<'a> {
    /// No activation.
    All,
    /// The output, if [that is enough](Activation::is_told_by_output).
    Output(Activation, &'a [f32]),
    /// The input, recomputed as `scale · x + shift`: fewer values to read, possible if nothing was
    /// added.
    Affine(Activation, &'a [f32], &'a [f32]),
}

impl<'a> Passed<'a> {
    /// Restricted to a range of the values.
    fn part(self, part: Range<usize>) -> Self {
        match self {
            Self::Output(activation, output) => Self::Output(activation, &output[part]),
            other => other,
        }
    }

    /// Vector `v` of pixel `i`'s gradient with respect to the activation's input.
    #[inline(always)]
    fn behind<S: Simd>(
        self,
        simd: S,
        (i, channels, v): (usize, usize, usize),
        gradient: &[f32],
        x: S::f32s,
    ) -> S::f32s {
        let at = i * channels..(i + 1) * channels;
        let gradient = load(simd, &gradient[at.clone()], v);
        match self {
            Self::All => gradient,
            Self::Output(activation, output) => {
                activation.gradient(simd, load(simd, &output[at], v), gradient)
            }
            Self::Affine(activation, scale, shift) => {
                let [scale, shift] = [scale, shift].map(|values| load(simd, values, v));
                activation.gradient(simd, simd.mul_add_e_f32s(x, scale, shift), gradient)
            }
        }
    }
}

/// The computed gradients.
pub(in crate::ops::flex) struct Gradients {
    pub x: Buffer,
    pub gamma: Vec<f32>,
    pub beta: Vec<f32>,
    /// The gradient of the residual, if it is wanted and there was an activation; otherwise it
    /// equals the gradient of the output.
    pub added: Option<Buffer>,
}

/// Gradients with respect to x, γ and β, and to the residual if it is wanted.
pub(in crate::ops::flex) fn gradients(
    forward: Forward,
    gradient: &[f32],
    added: bool,
) -> Gradients {
    let Forward { x, passed, mean, inverse, gamma, of_batch } = forward;
    let channels = mean.len();
    let band = band(channels) * channels;
    let pixels = x.len() / channels.max(1);
    // Σ g and Σ g (x − mean), with g the gradient with respect to the activation's input.
    let mut parts = vec![0.0f32; x.len().div_ceil(band) * 2 * channels];
    share(parts.chunks_mut(2 * channels).enumerate(), |(i, parts)| {
        let part = i * band..((i + 1) * band).min(x.len());
        let (plain, by_x) = parts.split_at_mut(channels);
        arch().dispatch(GradientSums {
            gradient: &gradient[part.clone()],
            passed: passed.part(part.clone()),
            x: &x[part],
            mean,
            plain,
            by_x,
        });
    });
    let totals = column_totals(&parts, 2 * channels);
    let (by_beta, by_x) = totals.split_at(channels);
    let count = pixels as f32;
    let by_gradient: Vec<f32> = gamma.iter().zip(inverse).map(|(a, b)| a * b).collect();
    // Statistics that are not the batch's do not depend on x.
    let of_x = by_gradient.iter().zip(inverse).zip(by_x);
    let of_x: Vec<f32> = of_x
        .map(|((by_gradient, inverse), by_x)| match of_batch {
            true => -by_gradient * inverse * inverse * by_x / count,
            false => 0.0,
        })
        .collect();
    let shift = (0..channels).map(|i| match of_batch {
        true => -by_gradient[i] * by_beta[i] / count,
        false => 0.0,
    });
    let shift: Vec<f32> = shift.collect();

    let mut to_x = Buffer::new(x.len());
    let mut masked = Buffer::new(match passed {
        Passed::All => 0,
        _ if added => x.len(),
        _ => 0,
    });
    let mut of_masked = masked.chunks_mut(band);
    let bands: Vec<_> = to_x.chunks_mut(band).map(|out| (out, of_masked.next())).collect();
    share(bands.into_iter().enumerate(), |(i, (out, masked))| {
        let part = i * band..i * band + out.len();
        arch().dispatch(GradientBand {
            gradient: &gradient[part.clone()],
            passed: passed.part(part.clone()),
            x: &x[part],
            mean,
            factors: [&by_gradient, &of_x],
            shift: &shift,
            out,
            masked,
        });
    });
    let by_gamma = by_x.iter().zip(inverse).map(|(by_x, inverse)| by_x * inverse).collect();
    let added = (!masked.is_empty()).then_some(masked);
    Gradients { x: to_x, gamma: by_gamma, beta: by_beta.to_vec(), added }
}

/// Σ g and Σ g (x − mean) of a band.
struct GradientSums<'a, 'o> {
    gradient: &'a [f32],
    passed: Passed<'a>,
    x: &'a [f32],
    mean: &'a [f32],
    plain: &'o mut [f32],
    by_x: &'o mut [f32],
}

impl WithSimd for GradientSums<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { gradient, passed, x, mean, plain, by_x } = self;
        let channels = mean.len();
        let zero = simd.splat_f32s(0.0);
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let mean = load(simd, mean, v);
            let mut sums = [[zero; 4]; 2];
            for (i, x) in x.chunks_exact(channels).enumerate() {
                let x = load(simd, x, v);
                let gradient = passed.behind(simd, (i, channels, v), gradient, x);
                sums[0][i % 4] = simd.add_f32s(sums[0][i % 4], gradient);
                let x = simd.sub_f32s(x, mean);
                sums[1][i % 4] = simd.mul_add_e_f32s(gradient, x, sums[1][i % 4]);
            }
            store(simd, plain, v, total(simd, sums[0]));
            store(simd, by_x, v, total(simd, sums[1]));
        }
    }
}

/// A band of the gradient with respect to x: `factors · [g, x − mean] + shift`.
struct GradientBand<'a, 'o> {
    gradient: &'a [f32],
    passed: Passed<'a>,
    x: &'a [f32],
    mean: &'a [f32],
    factors: [&'a [f32]; 2],
    shift: &'a [f32],
    out: &'o mut [f32],
    /// Where g is written, if it is wanted.
    masked: Option<&'o mut [f32]>,
}

impl WithSimd for GradientBand<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { gradient, passed, x, mean, factors, shift, out, masked: mut kept } = self;
        let channels = shift.len();
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let [by_gradient, by_x] = [load(simd, factors[0], v), load(simd, factors[1], v)];
            let [mean, shift] = [load(simd, mean, v), load(simd, shift, v)];
            let pixels = x.chunks_exact(channels).zip(out.chunks_exact_mut(channels));
            for (i, (x, out)) in pixels.enumerate() {
                let x = load(simd, x, v);
                let gradient = passed.behind(simd, (i, channels, v), gradient, x);
                let value = simd.mul_add_e_f32s(simd.sub_f32s(x, mean), by_x, shift);
                store(simd, out, v, simd.mul_add_e_f32s(gradient, by_gradient, value));
                if let Some(kept) = &mut kept {
                    store(simd, &mut kept[i * channels..][..channels], v, gradient);
                }
            }
        }
    }
}
