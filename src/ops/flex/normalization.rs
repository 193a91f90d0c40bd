//! Batch normalization in training, with what follows it: `relu(γ (x − mean) / √(variance + ε) + β + residual)`, and its
//! gradients.
use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{
    kernel::{arch, load, positive, relu, store},
    memory::Buffer,
};

/// Means and biased variances of the channels of `x`, `[B, C, pixels]`.
pub(super) fn moments(x: &[f32], [batch, channels, pixels]: [usize; 3]) -> [Vec<f32>; 2] {
    let arch = arch();
    let moments: Vec<[f32; 2]> = (0..channels)
        .into_par_iter()
        .map(|channel| {
            let planes = || x.chunks_exact(pixels).skip(channel).step_by(channels);
            let mean_of = |center: f32, square: bool| -> f32 {
                let sums = planes().map(|plane| arch.dispatch(Sum { plane, center, square }));
                sums.sum::<f32>() / (batch * pixels) as f32
            };
            // Twice over a channel, which is in the cache: the mean square alone would lose small variances.
            let mean = mean_of(0.0, false);
            [mean, mean_of(mean, true)]
        })
        .collect();
    [0, 1].map(|i| moments.iter().map(|moment| moment[i]).collect())
}

/// `relu(scale · x + shift + residual)`, channel by channel.
pub(super) fn normalize(
    x: &[f32],
    pixels: usize,
    [scale, shift]: [&[f32]; 2],
    residual: Option<&[f32]>,
    relu: bool,
) -> Buffer {
    let arch = arch();
    let mut output = Buffer::new(x.len());
    output.par_chunks_exact_mut(pixels).with_min_len(8).enumerate().for_each(|(i, out)| {
        let plane = i * pixels..(i + 1) * pixels;
        arch.dispatch(Plane {
            x: &x[plane.clone()],
            residual: residual.map(|residual| &residual[plane]),
            scale: scale[i % scale.len()],
            shift: shift[i % shift.len()],
            relu,
            out,
        });
    });
    output
}

/// What the gradients need of the forward pass.
#[derive(Clone, Copy)]
pub(super) struct Forward<'a> {
    pub x: &'a [f32],
    /// The output, if it went through ReLU.
    pub output: Option<&'a [f32]>,
    pub mean: &'a [f32],
    /// `1 / √(variance + ε)`.
    pub inverse: &'a [f32],
    pub gamma: &'a [f32],
}

/// The gradients.
pub(super) struct Gradients {
    pub x: Buffer,
    pub gamma: Vec<f32>,
    pub beta: Vec<f32>,
    /// By the residual, if there was one and a ReLU; else it is the output's own.
    pub residual: Option<Buffer>,
}

/// Gradients by x, γ and β, and by the residual if there was one.
pub(super) fn gradients(
    forward: Forward,
    gradient: &[f32],
    pixels: usize,
    residual: bool,
) -> Gradients {
    let arch = arch();
    let Forward { x, output, mean, inverse, gamma } = forward;
    let channels = mean.len();
    let count = (x.len() / channels.max(1)) as f32;
    let plane_of = |i: usize| i * pixels..(i + 1) * pixels;
    // Σ g and Σ g (x − mean), g the gradient behind the ReLU.
    let sums: Vec<[f32; 2]> = (0..channels)
        .into_par_iter()
        .map(|channel| {
            let mut sums = [0.0; 2];
            for i in (channel..x.len() / pixels).step_by(channels) {
                let part = arch.dispatch(GradientSums {
                    gradient: &gradient[plane_of(i)],
                    output: output.map(|output| &output[plane_of(i)]),
                    x: &x[plane_of(i)],
                    mean: mean[channel],
                });
                sums = [sums[0] + part[0], sums[1] + part[1]];
            }
            sums
        })
        .collect();
    let mut by_x = Buffer::new(x.len());
    let mut by_residual = Buffer::new(if residual && output.is_some() { x.len() } else { 0 });
    let planes = by_x.par_chunks_exact_mut(pixels).with_min_len(8).enumerate();
    let run = |(i, out): (usize, &mut [f32]), masked: Option<&mut [f32]>| {
        let channel = i % channels;
        let by_gradient = gamma[channel] * inverse[channel];
        let by_x = -by_gradient * inverse[channel] * inverse[channel] * sums[channel][1] / count;
        arch.dispatch(GradientPlane {
            gradient: &gradient[plane_of(i)],
            output: output.map(|output| &output[plane_of(i)]),
            x: &x[plane_of(i)],
            factors: [by_gradient, by_x],
            shift: -by_gradient * sums[channel][0] / count - by_x * mean[channel],
            out,
            masked,
        });
    };
    match by_residual.is_empty() {
        true => planes.for_each(|plane| run(plane, None)),
        false => planes
            .zip(by_residual.par_chunks_exact_mut(pixels))
            .for_each(|(plane, masked)| run(plane, Some(masked))),
    }
    let by_gamma = sums.iter().zip(inverse).map(|(sums, inverse)| sums[1] * inverse).collect();
    let by_beta = sums.iter().map(|sums| sums[0]).collect();
    let residual = (!by_residual.is_empty()).then_some(by_residual);
    Gradients { x: by_x, gamma: by_gamma, beta: by_beta, residual }
}

/// The sum of `x − center`, or of its square.
struct Sum<'a> {
    plane: &'a [f32],
    center: f32,
    square: bool,
}

impl WithSimd for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let center = simd.splat_f32s(self.center);
        let mut sums = [simd.splat_f32s(0.0); 4];
        let (vectors, rest) = S::as_simd_f32s(self.plane);
        for (i, x) in vectors.iter().enumerate() {
            let x = simd.sub_f32s(*x, center);
            sums[i % 4] = match self.square {
                true => simd.mul_add_e_f32s(x, x, sums[i % 4]),
                false => simd.add_f32s(sums[i % 4], x),
            };
        }
        let pairs = [simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3])];
        let mut sum = simd.reduce_sum_f32s(simd.add_f32s(pairs[0], pairs[1]));
        for x in rest {
            let x = x - self.center;
            sum += if self.square { x * x } else { x };
        }
        sum
    }
}

/// One plane of [`normalize`].
struct Plane<'a, 'o> {
    x: &'a [f32],
    residual: Option<&'a [f32]>,
    scale: f32,
    shift: f32,
    relu: bool,
    out: &'o mut [f32],
}

impl WithSimd for Plane<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (scale, shift) = (simd.splat_f32s(self.scale), simd.splat_f32s(self.shift));
        for v in 0..self.x.len().div_ceil(S::F32_LANES) {
            let mut value = simd.mul_add_e_f32s(load(simd, self.x, v), scale, shift);
            if let Some(residual) = self.residual {
                value = simd.add_f32s(value, load(simd, residual, v));
            }
            if self.relu {
                value = relu(simd, value);
            }
            store(simd, self.out, v, value);
        }
    }
}

/// The gradient behind the ReLU: none where its output is 0.
#[inline(always)]
fn masked<S: Simd>(simd: S, gradient: &[f32], output: Option<&[f32]>, v: usize) -> S::f32s {
    let gradient = load(simd, gradient, v);
    match output {
        Some(output) => positive(simd, load(simd, output, v), gradient),
        None => gradient,
    }
}

/// Σ g and Σ g (x − mean) of a plane.
struct GradientSums<'a> {
    gradient: &'a [f32],
    output: Option<&'a [f32]>,
    x: &'a [f32],
    mean: f32,
}

impl WithSimd for GradientSums<'_> {
    type Output = [f32; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f32; 2] {
        let mean = simd.splat_f32s(self.mean);
        let mut sums = [[simd.splat_f32s(0.0); 2]; 2];
        for v in 0..self.x.len().div_ceil(S::F32_LANES) {
            // Lanes beyond the end of the plane have gradient 0.
            let gradient = masked(simd, self.gradient, self.output, v);
            let x = simd.sub_f32s(load(simd, self.x, v), mean);
            let [plain, by_x] = &mut sums[v % 2];
            *plain = simd.add_f32s(*plain, gradient);
            *by_x = simd.mul_add_e_f32s(gradient, x, *by_x);
        }
        let [even, odd] = sums;
        [
            simd.reduce_sum_f32s(simd.add_f32s(even[0], odd[0])),
            simd.reduce_sum_f32s(simd.add_f32s(even[1], odd[1])),
        ]
    }
}

/// One plane of the gradient by x: `factors · [g, x] + shift`.
struct GradientPlane<'a, 'o> {
    gradient: &'a [f32],
    output: Option<&'a [f32]>,
    x: &'a [f32],
    factors: [f32; 2],
    shift: f32,
    out: &'o mut [f32],
    /// Where g goes, if it is wanted.
    masked: Option<&'o mut [f32]>,
}

impl WithSimd for GradientPlane<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let [by_gradient, by_x] =
            [simd.splat_f32s(self.factors[0]), simd.splat_f32s(self.factors[1])];
        let shift = simd.splat_f32s(self.shift);
        for v in 0..self.x.len().div_ceil(S::F32_LANES) {
            let gradient = masked(simd, self.gradient, self.output, v);
            let value = simd.mul_add_e_f32s(load(simd, self.x, v), by_x, shift);
            store(simd, self.out, v, simd.mul_add_e_f32s(gradient, by_gradient, value));
            if let Some(masked) = &mut self.masked {
                store(simd, masked, v, gradient);
            }
        }
    }
}

/// The sum of a plane.
pub(super) fn sum(plane: &[f32]) -> f32 {
    arch().dispatch(Sum { plane, center: 0.0, square: false })
}
