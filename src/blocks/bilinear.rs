//! Bilinear ×2 upsampling, with the same results as PyTorch's
//! `interpolate(scale_factor=2, mode="bilinear", align_corners=False)`.
//!
//! Used instead of Burn's `interpolate`, which lacks a backward pass on some backends.
use burn::tensor::Tensor;

use crate::ops::{Taps, resample};

/// Upsamples `x` twofold to `size` (`[height, width]`), with bilinear weights and half-pixel
/// centers (align_corners = false).
///
/// Each side of `size` may be one less than, equal to, or one more than twice the side of `x`. The
/// output is the exact ×2 grid, with its last row or column left out or repeated.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{blocks::upsample_bilinear, prelude::*};
///
/// let device = Device::flex();
/// let x = Tensor::<4>::from_floats([[[[0.0, 4.0]]]], &device);
/// let doubled = Tensor::<4>::from_floats([[[[0.0, 1.0, 3.0, 4.0]; 2]]], &device);
/// assert_eq!(upsample_bilinear(x, [2, 4]).into_data(), doubled.into_data());
/// ```
///
/// # Shapes
/// - `x`: `[B, C, H, W]`
/// - output: `[B, C, size[0], size[1]]`
///
/// # Panics
/// If a side of `size` is not within one of twice the side of `x`.
pub fn upsample_bilinear(x: Tensor<4>, size: [usize; 2]) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    assert_doubles([height, width], size);
    resample(x, [doubling_taps(height, size[0]), doubling_taps(width, size[1])])
}

/// Panics with both sizes unless each side of `low` is twice that of `high`, within one.
pub(crate) fn assert_doubles(high: [usize; 2], low: [usize; 2]) {
    let fits = |high: usize, low: usize| high > 0 && low.abs_diff(2 * high) <= 1;
    assert!(
        fits(high[0], low[0]) && fits(high[1], low[1]),
        "the low-level map must be twice as high and wide as the high-level map, give or take one: \
         high-level is {}×{}, low-level is {}×{} (height×width)",
        high[0],
        high[1],
        low[0],
        low[1]
    );
}

/// The input taps of each output cell along an axis that grows from `from` to `to` cells. The
/// weights are quarters, which are exact in half precision, too.
fn doubling_taps(from: usize, to: usize) -> Taps {
    let cell = |i: usize| {
        // A row beyond the exact grid repeats the last one.
        let i = i.min(2 * from - 1);
        let source = ((i as f32 + 0.5) / 2.0 - 0.5).clamp(0.0, (from - 1) as f32);
        let first = source.floor() as usize;
        let fraction = source - first as f32;
        match fraction == 0.0 {
            true => vec![(first, 1.0)],
            false => vec![(first, 1.0 - fraction), (first + 1, fraction)],
        }
    };
    (0..to).map(cell).collect()
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn doubles_a_row_with_quarter_weights() {
        // Half-pixel ×2 of [0, 4]: cell centers at −¼, ¼, ¾, 1¼ → 0, 1, 3, 4 (clamped at the ends).
        let x = Tensor::<4>::from_floats([[[[0.0, 4.0]]]], &Device::flex());
        let y = upsample_bilinear(x, [2, 4]);
        y.into_data().assert_eq(
            &TensorData::from([[[[0.0f32, 1.0, 3.0, 4.0], [0.0, 1.0, 3.0, 4.0]]]]),
            true,
        );
    }

    #[test]
    fn odd_sizes_crop_or_repeat_the_exact_grid() {
        let x = Tensor::<4>::from_floats([[[[0.0, 4.0]]]], &Device::flex());
        let shorter = upsample_bilinear(x.clone(), [1, 3]).into_data();
        shorter.assert_eq(&TensorData::from([[[[0.0f32, 1.0, 3.0]]]]), true);
        let longer = upsample_bilinear(x, [1, 5]).into_data();
        longer.assert_eq(&TensorData::from([[[[0.0f32, 1.0, 3.0, 4.0, 4.0]]]]), true);
    }

    #[test]
    #[should_panic(expected = "high-level is 4×4, low-level is 8×10")]
    fn refuses_other_ratios_naming_both() {
        upsample_bilinear(Tensor::zeros([1, 1, 4, 4], &Device::flex()), [8, 10]);
    }
}
