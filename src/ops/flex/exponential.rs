//! The exponential of numbers up to 0, in vector registers.
use pulp::Simd;

/// Exponentials of lower numbers are flushed to 0. The limit is 2^−63, so that no product of two
/// exponentials is denormal, which would be slow to multiply.
const LOWEST: f32 = -43.66827;

/// `exp(x)` for x up to 0: `2^n · exp(r)` with n an integer and |r| at most ½ ln 2, where Cephes'
/// polynomial is exact to the last bit or the one before; 0 below [`LOWEST`].
#[inline(always)]
pub(super) fn exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let splat = |value| simd.splat_f32s(value);
    let is_zero = simd.less_than_f32s(x, splat(LOWEST));
    let x = simd.max_f32s(x, splat(LOWEST));
    // Adding 1.5 · 2^23 leaves the rounded sum in the lowest bits.
    let shifter = splat(12_582_912.0);
    let shifted = simd.mul_add_e_f32s(x, splat(std::f32::consts::LOG2_E), shifter);
    let n = simd.sub_f32s(shifted, shifter);
    // ln 2 in two parts; n times the first part is exact.
    let r = simd.mul_add_e_f32s(n, splat(-0.693_359_4), x);
    let r = simd.mul_add_e_f32s(n, splat(2.121_944_4e-4), r);
    let mut p = splat(1.987_569_1e-4);
    for term in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = simd.mul_add_e_f32s(p, r, splat(term));
    }
    let p = simd.add_f32s(simd.mul_add_e_f32s(p, simd.mul_f32s(r, r), r), splat(1.0));
    // Multiplies by 2^n by adding n to the exponent bits.
    let shift = simd.splat_u32s(23);
    let exponent = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(shifted), shift);
    let scaled = simd.transmute_f32s_u32s(simd.add_u32s(simd.transmute_u32s_f32s(p), exponent));
    simd.select_f32s(is_zero, splat(0.0), scaled)
}

#[cfg(test)]
mod tests {
    use pulp::WithSimd;

    use super::*;
    use crate::ops::flex::vectors::arch;

    /// The exponential of each number.
    struct Exp<'o>(&'o mut [f32]);

    impl WithSimd for Exp<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            for x in S::as_mut_simd_f32s(self.0).0 {
                *x = exp(simd, *x);
            }
        }
    }

    #[test]
    fn the_exponential_is_exact_to_two_units_in_the_last_place() {
        let exponents: Vec<f32> = (0..1 << 16).map(|i| -(i as f32) / 1024.0).collect();
        let mut found = exponents.clone();
        arch().dispatch(Exp(&mut found));
        for (x, found) in exponents.iter().zip(found) {
            let expected = f64::from(*x).exp();
            let tolerance = if *x < LOWEST { 2e-19 } else { expected * 2.4e-7 };
            assert!((f64::from(found) - expected).abs() <= tolerance, "exp({x}) is not {found}");
            assert!(found == 0.0 || found >= 1e-19);
        }
        let mut ends = [[0.0, -0.0, -1e30, f32::NEG_INFINITY]; 4].concat();
        arch().dispatch(Exp(&mut ends));
        assert_eq!(ends[..4], [1.0, 1.0, 0.0, 0.0]);
    }
}
