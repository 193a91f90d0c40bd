//! The highest value of a map.
use pulp::{Simd, WithSimd};

use super::kernel::arch;

/// Vectors looked at together; the highest value's place is then searched among them only.
const GROUP: usize = 8;

/// The index of the highest value, the first of several equal ones, and the value; the first that is not a number, if
/// there is one.
///
/// # Panics
/// If there are no values.
pub(crate) fn peak(values: &[f32]) -> (usize, f32) {
    assert!(!values.is_empty(), "a map without cells has no highest one");
    arch().dispatch(Peak(values))
}

struct Peak<'a>(&'a [f32]);

impl WithSimd for Peak<'_> {
    type Output = (usize, f32);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (usize, f32) {
        let length = GROUP * S::F32_LANES;
        let groups = self.0.chunks_exact(length);
        let rest = groups.remainder();
        let (mut highest, mut first) = (f32::NEG_INFINITY, 0);
        for (i, group) in groups.enumerate() {
            let vectors = S::as_simd_f32s(group).0;
            let mut high = [vectors[0], vectors[1]];
            // A vector equals itself unless something in it is not a number.
            let mut numbers = simd.equal_f32s(vectors[0], vectors[0]);
            for (v, &vector) in vectors.iter().enumerate() {
                high[v % 2] = simd.max_f32s(high[v % 2], vector);
                numbers = simd.and_m32s(numbers, simd.equal_f32s(vector, vector));
            }
            if simd.first_true_m32s(simd.not_m32s(numbers)) < S::F32_LANES {
                return scan(self.0, i * length, |value| value.is_nan());
            }
            let high = simd.reduce_max_f32s(simd.max_f32s(high[0], high[1]));
            if high > highest {
                (highest, first) = (high, i * length);
            }
        }
        for (i, value) in (self.0.len() - rest.len()..).zip(rest) {
            if value.is_nan() {
                return (i, *value);
            }
            if *value > highest {
                (highest, first) = (*value, i);
            }
        }
        scan(self.0, first, |value| value == highest)
    }
}

/// The first value from `start` on that is `wanted`, which there is.
fn scan(values: &[f32], start: usize, wanted: impl Fn(f32) -> bool) -> (usize, f32) {
    let found = values[start..].iter().position(|value| wanted(*value));
    let index = start + found.expect("seen already");
    (index, values[index])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_hand(values: &[f32]) -> (usize, f32) {
        let mut best = (0, values[0]);
        for (i, &value) in values.iter().enumerate() {
            if value.is_nan() {
                return (i, value);
            }
            if value > best.1 {
                best = (i, value);
            }
        }
        best
    }

    proptest! {
        #[test]
        fn any_values_have_the_peak_of_a_plain_loop(
            mut values in prop::collection::vec(any::<f32>(), 1..700),
            few in prop::collection::vec(0u8..5, 1..700),
            high in any::<prop::sample::Index>(),
        ) {
            let check = |values: &[f32]| {
                let ((i, a), (j, b)) = (peak(values), by_hand(values));
                i == j && (a == b || a.is_nan() && b.is_nan())
            };
            prop_assert!(check(&values));
            values.iter_mut().for_each(|value| *value = if value.is_nan() { -1.0 } else { *value });
            prop_assert!(check(&values));
            let at = high.index(values.len());
            values[at] = f32::INFINITY;
            prop_assert!(check(&values));
            values.fill(f32::NEG_INFINITY);
            prop_assert!(check(&values));
            values[at] = f32::NAN;
            prop_assert!(check(&values));
            let few: Vec<f32> = few.into_iter().map(|value| f32::from(value) - 4.0).collect();
            prop_assert!(check(&few));
        }
    }
}
