//! The highest value of a map.
use pulp::{Simd, WithSimd};

use super::kernel::arch;

/// Vectors looked at together; the highest value's place is then searched among them only.
const GROUP: usize = 8;

/// The index of the highest value, the first of several equal ones, and the value; `None` if any value is a NaN or an
/// infinity.
///
/// # Panics
/// If there are no values.
pub(crate) fn peak(values: &[f32]) -> Option<(usize, f32)> {
    assert!(!values.is_empty(), "a map without cells has no highest one");
    arch().dispatch(Peak(values))
}

struct Peak<'a>(&'a [f32]);

impl WithSimd for Peak<'_> {
    type Output = Option<(usize, f32)>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<(usize, f32)> {
        let length = GROUP * S::F32_LANES;
        let groups = self.0.chunks_exact(length);
        let rest = groups.remainder();
        let (mut highest, mut first) = (f32::NEG_INFINITY, 0);
        // Zero times a number is 0; times a NaN or an infinity, it is a NaN, and stays one in the sum.
        let zero = simd.splat_f32s(0.0);
        let mut zeros = [zero; 2];
        for (i, group) in groups.enumerate() {
            let vectors = S::as_simd_f32s(group).0;
            let mut high = [vectors[0], vectors[1]];
            for (v, &vector) in vectors.iter().enumerate() {
                high[v % 2] = simd.max_f32s(high[v % 2], vector);
                zeros[v % 2] = simd.mul_add_e_f32s(vector, zero, zeros[v % 2]);
            }
            let high = simd.reduce_max_f32s(simd.max_f32s(high[0], high[1]));
            if high > highest {
                (highest, first) = (high, i * length);
            }
        }
        let mut zeros = simd.reduce_sum_f32s(simd.add_f32s(zeros[0], zeros[1]));
        for (i, value) in (self.0.len() - rest.len()..).zip(rest) {
            zeros += value * 0.0;
            if *value > highest {
                (highest, first) = (*value, i);
            }
        }
        (zeros == 0.0).then(|| scan(self.0, first, highest))
    }
}

/// The first value from `start` on that equals `wanted`, which there is, and its index.
fn scan(values: &[f32], start: usize, wanted: f32) -> (usize, f32) {
    let found = values[start..].iter().position(|&value| value == wanted);
    let index = start + found.expect("seen already");
    (index, values[index])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_hand(values: &[f32]) -> Option<(usize, f32)> {
        let mut best = (0, values[0]);
        for (i, &value) in values.iter().enumerate() {
            if value > best.1 {
                best = (i, value);
            }
        }
        values.iter().all(|value| value.is_finite()).then_some(best)
    }

    proptest! {
        #[test]
        fn any_values_have_the_peak_of_a_plain_loop(
            mut values in prop::collection::vec(any::<f32>(), 1..700),
            few in prop::collection::vec(0u8..5, 1..700),
            at in any::<prop::sample::Index>(),
        ) {
            let is_right = |values: &[f32]| peak(values) == by_hand(values);
            values.iter_mut().for_each(|value| *value = if value.is_finite() { *value } else { -1.0 });
            prop_assert!(peak(&values).is_some() && is_right(&values));
            let at = at.index(values.len());
            for broken in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                values[at] = broken;
                prop_assert_eq!(peak(&values), None);
            }
            let few: Vec<f32> = few.into_iter().map(|value| f32::from(value) - 4.0).collect();
            prop_assert!(is_right(&few));
            values.fill(f32::NEG_INFINITY);
            prop_assert_eq!(peak(&values), None);
        }
    }
}
