//! The highest value of a map.
use pulp::{Simd, WithSimd};

use super::{
    kernel::{load, store},
    vectors::{MAX_LANES, arch},
};

/// The index of the highest value, and the value.
pub(crate) type Peak = (usize, f32);

/// Vectors compared together; only among them is the highest value's position searched.
const GROUP: usize = 8;

/// The index of the highest value (the first of several equal ones) and the value; `None` if any
/// value is NaN or infinite.
///
/// # Panics
/// If there are no values.
pub(crate) fn peak(values: &[f32]) -> Option<Peak> {
    assert!(!values.is_empty(), "a map without cells has no highest one");
    arch().dispatch(Highest(values))
}

struct Highest<'a>(&'a [f32]);

impl WithSimd for Highest<'_> {
    type Output = Option<Peak>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<(usize, f32)> {
        let length = GROUP * S::F32_LANES;
        let groups = self.0.chunks_exact(length);
        let rest = groups.remainder();
        let (mut highest, mut first) = (f32::NEG_INFINITY, 0);
        // Zero times a finite number is 0; times NaN or an infinity, it is NaN and makes the sum
        // NaN.
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

/// The first value from `start` on that equals `wanted`, and its index. The value must exist.
fn scan(values: &[f32], start: usize, wanted: f32) -> (usize, f32) {
    let found = values[start..].iter().position(|&value| value == wanted);
    let index = start + found.expect("seen already");
    (index, values[index])
}

/// [`peak`] of each column of `values`, whose rows have the length of `found`.
///
/// # Panics
/// If there are no values.
pub(super) fn peaks_of_columns(values: &[f32], found: &mut [Option<Peak>]) {
    assert!(!values.is_empty(), "a map without cells has no highest one");
    arch().dispatch(Columns { values, found });
}

struct Columns<'a, 'o> {
    values: &'a [f32],
    found: &'o mut [Option<Peak>],
}

impl WithSimd for Columns<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let columns = self.found.len();
        let rows = || self.values.chunks_exact(columns);
        let zero = simd.splat_f32s(0.0);
        for (v, found) in self.found.chunks_mut(S::F32_LANES).enumerate() {
            let mut highest = simd.splat_f32s(f32::NEG_INFINITY);
            // Zero times a finite number is 0; times NaN or an infinity, it is NaN and makes the
            // sum NaN.
            let mut zeros = zero;
            let mut places = zero;
            for (i, row) in rows().enumerate() {
                let value = load(simd, row, v);
                let is_higher = simd.less_than_f32s(highest, value);
                highest = simd.select_f32s(is_higher, value, highest);
                places = simd.select_f32s(is_higher, simd.splat_f32s(i as f32), places);
                zeros = simd.mul_add_e_f32s(value, zero, zeros);
            }
            let mut ends = [[0.0f32; MAX_LANES]; 3];
            for (end, values) in ends.iter_mut().zip([highest, zeros, places]) {
                store(simd, end, 0, values);
            }
            for (i, found) in found.iter_mut().enumerate() {
                let [highest, zeros, place] = ends.map(|values| values[i]);
                let column = v * S::F32_LANES + i;
                *found = (zeros == 0.0).then(|| {
                    // Positions from 2²⁴ on were rounded, so the search begins somewhat before.
                    let mut row = place as usize - (place as usize >> 20);
                    while self.values[row * columns + column] != highest {
                        row += 1;
                    }
                    (row, highest)
                });
            }
        }
    }
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
        fn columns_have_the_peaks_of_their_own_maps(
            columns in 1usize..40,
            few in prop::collection::vec(0u8..5, 1..900),
            broken in prop::option::of((any::<prop::sample::Index>(), any::<bool>())),
        ) {
            let mut values: Vec<f32> = few.into_iter().map(|value| f32::from(value) - 4.0).collect();
            values.resize(values.len().next_multiple_of(columns), -2.0);
            if let Some((at, nan)) = broken {
                let at = at.index(values.len());
                values[at] = if nan { f32::NAN } else { f32::INFINITY };
            }
            let mut found = vec![None; columns];
            peaks_of_columns(&values, &mut found);
            for (column, found) in found.into_iter().enumerate() {
                let map: Vec<f32> = values.iter().skip(column).step_by(columns).copied().collect();
                prop_assert_eq!(found, by_hand(&map), "column {}", column);
            }
        }

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
