//! Activation functions and their gradients, in vector registers.
use pulp::Simd;

use super::exponential::exp;
use crate::ops::Activation;

impl Activation {
    /// Applies the function to each value. NaN stays NaN.
    #[inline(always)]
    pub(super) fn of<S: Simd>(self, simd: S, x: S::f32s) -> S::f32s {
        match self {
            Self::Identity => x,
            Self::Relu => positive(simd, x, x),
            Self::Relu6 => {
                let six = simd.splat_f32s(6.0);
                let below = simd.select_f32s(simd.greater_than_f32s(x, six), six, x);
                positive(simd, below, below)
            }
            Self::Silu => simd.mul_f32s(x, sigmoid(simd, x)),
        }
    }

    /// Whether the gradient can be computed from the output, so that the input need not be kept.
    pub(super) fn is_told_by_output(self) -> bool {
        self != Self::Silu
    }

    /// The gradient with respect to the input, from the gradient with respect to the output. `at`
    /// is the input; [where the output is enough](Self::is_told_by_output), it may also be the
    /// output.
    #[inline(always)]
    pub(super) fn gradient<S: Simd>(self, simd: S, at: S::f32s, gradient: S::f32s) -> S::f32s {
        match self {
            Self::Identity => gradient,
            Self::Relu => positive(simd, at, gradient),
            Self::Relu6 => {
                let is_cut = simd.greater_than_or_equal_f32s(at, simd.splat_f32s(6.0));
                let passed = positive(simd, at, gradient);
                simd.select_f32s(is_cut, simd.splat_f32s(0.0), passed)
            }
            Self::Silu => {
                // σ (1 + x (1 − σ)), where 1 − σ(x) = σ(−x).
                let sigma = sigmoid(simd, at);
                let rest = sigmoid(simd, simd.neg_f32s(at));
                let slope = simd.mul_add_e_f32s(simd.mul_f32s(at, rest), sigma, sigma);
                simd.mul_f32s(gradient, slope)
            }
        }
    }
}

/// `kept` where `values` are above 0 or NaN, 0 elsewhere.
#[inline(always)]
fn positive<S: Simd>(simd: S, values: S::f32s, kept: S::f32s) -> S::f32s {
    let zero = simd.splat_f32s(0.0);
    simd.select_f32s(simd.less_than_or_equal_f32s(values, zero), zero, kept)
}

/// `1 / (1 + exp(−x))`, computed with the exponential of −|x|, so that nothing overflows.
#[inline(always)]
fn sigmoid<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
    let small = exp(simd, simd.neg_f32s(simd.abs_f32s(x)));
    let above = simd.select_f32s(simd.less_than_f32s(x, zero), small, one);
    simd.div_f32s(above, simd.add_f32s(one, small))
}
