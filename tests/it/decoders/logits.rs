//! Heatmaps of logits.
use dafe::prelude::*;

use super::support::*;

/// The sigmoid of 17 and above, including ∞, is 1 in single precision.
#[test]
fn logits_are_compared_as_they_are() {
    let codec = cells([9, 7], 1.0);
    // 30 everywhere in the upper half; the highest cell is (5, 4), and its left neighbor is higher
    // than its right one.
    let mut logits = vec![-30.0f32; 9 * 7];
    logits[..9 * 3].fill(30.0);
    logits[4 * 9 + 4..][..3].copy_from_slice(&[31.0, 32.0, 30.0]);
    for device in devices() {
        let maps = tensor(logits.clone(), [1, 1, 7, 9], &device);
        for &refinement in Refinement::ALL {
            let found = codec.decode_logits(maps.clone(), refinement);
            assert_eq!(numbers(found.scores), [1.0], "{refinement}");
            let [x, y] = numbers(found.positions).try_into().unwrap();
            match refinement {
                Refinement::None => assert_eq!([x, y], [5.0, 4.0]),
                // The cells above and below are equal.
                Refinement::QuarterOffset => assert_eq!([x, y], [4.75, 4.0]),
                Refinement::MmposeQuarterOffset => assert_eq!([x, y], [4.75, 4.0]),
                Refinement::Dark { .. } => {
                    assert!((x - 5.0).abs() <= 2.0 && (y - 4.0).abs() <= 2.0, "{x}, {y}");
                }
                // These may move further.
                _ => assert!((-0.5..=8.5).contains(&x) && (-0.5..=6.5).contains(&y), "{x}, {y}"),
            }
            for odd in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
                let mut broken = logits.clone();
                broken[60] = odd;
                let found = codec.decode_logits(tensor(broken, [1, 1, 7, 9], &device), refinement);
                assert_eq!(numbers(found.scores), [0.0], "{refinement} of {odd}");
                assert_eq!(numbers(found.positions), [4.0, 3.0], "{refinement} of {odd}");
            }
        }
    }
}

/// Where single precision distinguishes the sigmoids, decoding logits equals decoding their
/// sigmoid.
#[test]
fn logits_decode_as_their_sigmoid_does() {
    let codec = cells([24, 20], 2.0);
    for device in devices() {
        let place = tensor(vec![11.3, 8.6], [1, 1, 2], &device);
        let probabilities = codec.encode(place, Tensor::ones([1, 1], &device)).clamp(1e-4, 0.999);
        let logits = (probabilities.clone() / (probabilities.neg() + 1.0)).log();
        let probabilities = burn::tensor::activation::sigmoid(logits.clone());
        let whole = Refinement::SoftArgmax { temperature: 0.1, window: None };
        for refinement in Refinement::ALL.iter().copied().chain([whole]) {
            let found = codec.decode_logits(logits.clone(), refinement);
            let wanted = codec.decode(probabilities.clone(), refinement);
            // A sigmoid's last bits differ between host and device; DARK's logarithms have errors
            // of about 1e-6.
            let near = |found: Vec<f32>, wanted: Vec<f32>| {
                for (found, wanted) in found.into_iter().zip(wanted) {
                    assert!((found - wanted).abs() < 1e-4, "{refinement}: {found}, not {wanted}");
                }
            };
            near(numbers(found.positions), numbers(wanted.positions));
            near(numbers(found.scores), numbers(wanted.scores));
        }
    }
}
