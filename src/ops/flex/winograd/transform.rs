//! The one-dimensional transforms of F(4, 3): four outputs of a three-tap correlation with six
//! multiplications.
//!
//! They evaluate polynomials at 0, ±√½, ±√2 and ∞. With these points instead of the usual 0, ±1, ±2
//! and ∞, all factors are near 1, and rounding errors stay small: about 2e-6 of the largest output,
//! as much as a different order of summation gives.
use std::f32::consts::{FRAC_1_SQRT_2 as A, SQRT_2 as B};

use pulp::Simd;

/// Outputs per side.
pub(in crate::ops::flex) const TILE: usize = 4;
/// Inputs per side.
pub(super) const PATCH: usize = 6;
/// Products per tile.
pub(in crate::ops::flex) const POINTS: usize = PATCH * PATCH;

/// Products per tile of a doubling. Its four phases have two taps per side, and so five points.
pub(in crate::ops::flex) const DOUBLING_POINTS: usize = 4 * (PATCH - 1) * (PATCH - 1);

/// Transforms three taps to the six points.
#[inline(always)]
pub(super) fn filter<S: Simd>(simd: S, taps: [S::f32s; 3]) -> [S::f32s; PATCH] {
    // 1 / Π (point − other points): A² = ½, B² = 2.
    const NEAR: f32 = -2.0 / 3.0;
    const FAR: f32 = 1.0 / 6.0;
    let [first, second, third] = taps;
    let [near, far] = [simd.splat_f32s(NEAR), simd.splat_f32s(FAR)];
    let even = times_plus(simd, 0.5, third, first);
    let odd = simd.mul_f32s(simd.splat_f32s(A), second);
    let far_even = times_plus(simd, 2.0, third, first);
    let far_odd = simd.mul_f32s(simd.splat_f32s(B), second);
    [
        first,
        simd.mul_f32s(near, simd.add_f32s(even, odd)),
        simd.mul_f32s(near, simd.sub_f32s(even, odd)),
        simd.mul_f32s(far, simd.add_f32s(far_even, far_odd)),
        simd.mul_f32s(far, simd.sub_f32s(far_even, far_odd)),
        third,
    ]
}

/// Transforms six inputs to the six points.
#[inline(always)]
pub(super) fn input<S: Simd>(simd: S, x: [S::f32s; PATCH]) -> [S::f32s; PATCH] {
    let near = times_plus(simd, -2.0, x[2], x[4]);
    let near_odd = simd.mul_f32s(simd.splat_f32s(A), times_plus(simd, -2.0, x[1], x[3]));
    let far = times_plus(simd, -0.5, x[2], x[4]);
    let far_odd = simd.mul_f32s(simd.splat_f32s(B), times_plus(simd, -0.5, x[1], x[3]));
    [
        times_plus(simd, -2.5, x[2], simd.add_f32s(x[0], x[4])),
        simd.add_f32s(near, near_odd),
        simd.sub_f32s(near, near_odd),
        simd.add_f32s(far, far_odd),
        simd.sub_f32s(far, far_odd),
        times_plus(simd, -2.5, x[3], simd.add_f32s(x[1], x[5])),
    ]
}

/// Transforms the products at the six points to four outputs.
#[inline(always)]
pub(super) fn output<S: Simd>(simd: S, m: [S::f32s; PATCH]) -> [S::f32s; TILE] {
    let (near, near_odd) = (simd.add_f32s(m[1], m[2]), simd.sub_f32s(m[1], m[2]));
    let (far, far_odd) = (simd.add_f32s(m[3], m[4]), simd.sub_f32s(m[3], m[4]));
    let [a, b] = [simd.splat_f32s(A), simd.splat_f32s(B)];
    let [half, two] = [simd.splat_f32s(0.5), simd.splat_f32s(2.0)];
    [
        simd.add_f32s(m[0], simd.add_f32s(near, far)),
        simd.mul_add_e_f32s(a, near_odd, simd.mul_f32s(b, far_odd)),
        simd.mul_add_e_f32s(half, near, simd.mul_f32s(two, far)),
        times_plus(simd, 0.5 * A, near_odd, times_plus(simd, 2.0 * B, far_odd, m[5])),
    ]
}

/// `factor · x + y`.
#[inline(always)]
fn times_plus<S: Simd>(simd: S, factor: f32, x: S::f32s, y: S::f32s) -> S::f32s {
    simd.mul_add_e_f32s(simd.splat_f32s(factor), x, y)
}
