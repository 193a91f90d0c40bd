//! Comparison of two tensors.
use burn::prelude::*;

/// The values of a tensor.
pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// The bits of the values, which may be NaN.
pub fn bits(tensor: Tensor<4>) -> Vec<u32> {
    numbers(tensor).into_iter().map(f32::to_bits).collect()
}

/// Panics if two tensors differ by more than `tolerance`, relative to the largest value or to 1 if
/// that is larger.
#[track_caller]
pub fn assert_near<const D: usize>(what: &str, ours: Tensor<D>, burns: Tensor<D>, tolerance: f32) {
    assert_within(what, ours, burns, tolerance, 1.0);
}

/// [`assert_near`], with `usual` in place of 1.
#[track_caller]
pub fn assert_within<const D: usize>(
    what: &str,
    ours: Tensor<D>,
    burns: Tensor<D>,
    tolerance: f32,
    usual: f32,
) {
    assert_eq!(ours.dims(), burns.dims(), "{what}");
    let (ours, burns) = (numbers(ours), numbers(burns));
    let largest = burns.iter().fold(usual, |largest, value| largest.max(value.abs()));
    for (i, (ours, burns)) in ours.iter().zip(&burns).enumerate() {
        // Written so that NaN fails.
        let is_near = (ours - burns).abs() <= tolerance * largest;
        assert!(is_near, "{what}, value {i}: {ours}, not {burns} (the largest is {largest})");
    }
}
