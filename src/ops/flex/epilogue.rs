//! The epilogue of a convolution, applied while its output is still in registers.
use pulp::Simd;

use super::kernel::load;
use crate::ops::Activation;

/// `activation(scale · sum + shift + gate · residual)`; each part is optional.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fused<'a> {
    /// One factor per channel.
    pub scale: Option<&'a [f32]>,
    /// One summand per channel.
    pub shift: Option<&'a [f32]>,
    /// `[B, H, W, C]`, like the output.
    pub residual: Option<&'a [f32]>,
    /// `[B, H, W]`: a factor for all channels of the residual.
    pub gate: Option<&'a [f32]>,
    pub activation: Activation,
}

/// Constant over all pixels: the scale and shift of up to `V` vectors of channels.
#[derive(Clone, Copy)]
pub(super) struct Factors<S: Simd, const V: usize> {
    scale: [S::f32s; V],
    shift: [S::f32s; V],
}

impl Fused<'_> {
    /// The scale and shift of `channels` channels from `first` on.
    #[inline(always)]
    pub fn factors<S: Simd, const V: usize>(
        &self,
        simd: S,
        first: usize,
        channels: usize,
    ) -> Factors<S, V> {
        let mut scale = [simd.splat_f32s(1.0); V];
        let mut shift = [simd.splat_f32s(0.0); V];
        for v in 0..V {
            if v * S::F32_LANES < channels {
                if let Some(values) = self.scale {
                    scale[v] = load(simd, &values[first..first + channels], v);
                }
                if let Some(values) = self.shift {
                    shift[v] = load(simd, &values[first..first + channels], v);
                }
            }
        }
        Factors { scale, shift }
    }

    /// Vector `v` of a pixel, from its sums. `at` is the position of the first vector's values in
    /// the output, and `channels` the number of channels from there on.
    #[inline(always)]
    pub fn apply<S: Simd, const V: usize>(
        &self,
        simd: S,
        factors: &Factors<S, V>,
        [pixel, at, channels]: [usize; 3],
        v: usize,
        sum: S::f32s,
    ) -> S::f32s {
        let mut value = simd.mul_add_e_f32s(sum, factors.scale[v], factors.shift[v]);
        if let Some(residual) = self.residual {
            let residual = load(simd, &residual[at..at + channels], v);
            value = match self.gate {
                Some(gate) => simd.mul_add_e_f32s(simd.splat_f32s(gate[pixel]), residual, value),
                None => simd.add_f32s(value, residual),
            };
        }
        self.activation.of(simd, value)
    }
}
