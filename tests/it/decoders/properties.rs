//! Properties that hold for any position of a landmark.
use dafe::{
    geometry::{Affine, Alignment},
    prelude::*,
};
use proptest::prelude::*;

use super::support::*;

/// A coordinate anywhere on a map, half of the time within two cells of a border.
fn coordinate(side: usize) -> impl Strategy<Value = f32> {
    let last = side as f32 - 0.51;
    prop_oneof![2 => -0.5..last, 1 => -0.5f32..1.5, 1 => last - 2.0..last]
}

/// All refinements on all devices.
fn cases() -> impl Iterator<Item = (Device, Refinement)> {
    devices()
        .into_iter()
        .flat_map(|device| Refinement::ALL.iter().map(move |&r| (device.clone(), r)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Theoretical bounds: a cell's center is at most half a cell away; a quarter offset leaves at
    /// most a quarter, if both neighbors exist. On the logarithm of a Gaussian, a parabola,
    /// Newton's step is exact, and smoothing with a truncated kernel costs less than a thousandth;
    /// with the smaller kernels near a border up to two, at the lowest σ here.
    #[test]
    fn errors_have_their_bounds(
        x in coordinate(40), y in coordinate(33), sigma in 1.0f64..3.0,
    ) {
        let codec = cells([40, 33], sigma);
        let off = |refinement, device: &Device| {
            let [found_x, found_y] = decoded(&codec, heatmap(&codec, [x, y], device), refinement);
            [(found_x - x).abs(), (found_y - y).abs()]
        };
        let reaches = |from: f32| {
            [x, y].iter().zip([40.0, 33.0]).all(|(&at, side)| at > from && at < side - 1.0 - from)
        };
        let bound = |refinement: Refinement| match refinement {
            Refinement::None => 0.5,
            Refinement::QuarterOffset if reaches(0.5) => 0.25,
            Refinement::MmposeQuarterOffset if reaches(2.0) => 0.25,
            Refinement::Dark { .. } => if reaches(7.0) { 1e-3 } else { 2.5e-3 },
            Refinement::MmposeDark { .. } | Refinement::DarkUdp { .. } if reaches(13.0) => 1e-3,
            Refinement::QuarterOffset | Refinement::MmposeQuarterOffset => 0.5,
            // The zeros beyond the border pull the maximum inwards.
            Refinement::MmposeDark { .. } | Refinement::DarkUdp { .. } => 1.5,
            // At σ 1 the softmax is so sharp that the cell next to the position outweighs the
            // others.
            Refinement::SoftArgmax { .. } if reaches(6.0) => 0.2,
            // Half a cell, plus the part of the window beyond the border.
            _ => 0.9,
        };
        for (device, refinement) in cases() {
            let [dx, dy] = off(refinement, &device);
            let bound = bound(refinement) + 1e-4;
            prop_assert!(dx <= bound && dy <= bound, "{refinement}: {dx}, {dy} off at {x}, {y}");
        }
    }

    /// If kernel and derivatives do not reach the border, it makes no difference: on a Gaussian
    /// with noise whose step leads to a maximum less than two cells away.
    #[test]
    fn inside_both_darks_are_one(
        noise in prop::collection::vec(-0.05f32..0.05, 22 * 22),
        x in 9.5f32..11.5, y in 9.5f32..11.5,
    ) {
        let codec = cells([22, 22], 2.0);
        for device in devices() {
            let noise = tensor(noise.clone(), [1, 1, 22, 22], &device);
            let map = heatmap(&codec, [x, y], &device) + noise;
            let cell = decoded(&codec, map.clone(), Refinement::None);
            let ours = decoded(&codec, map.clone(), Refinement::Dark { kernel: 11 });
            let mmposes = decoded(&codec, map, Refinement::MmposeDark { kernel: 11 });
            prop_assert!(ours != cell, "no step from {cell:?}");
            for axis in [0, 1] {
                // The same operations on values that are cut at the same positions.
                prop_assert!((ours[axis] - mmposes[axis]).abs() < 1e-5, "{ours:?} and {mmposes:?}");
            }
        }
    }

    /// Any values decode to a position on the map, except for MMPose's "nowhere".
    #[test]
    fn every_position_is_on_the_map(
        values in prop::collection::vec(
            prop_oneof![any::<f32>(), Just(0.0f32), Just(1.0), -1.0f32..1.0, Just(f32::MAX)],
            9 * 7,
        ),
        broken in prop::option::weighted(0.3, (0usize..63, prop_oneof![
            Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)
        ])),
    ) {
        let mut values = values;
        if let Some((at, value)) = broken {
            values[at] = value;
        }
        let is_broken = values.iter().any(|value| !value.is_finite());
        let codec = cells([9, 7], 1.0);
        for device in devices() {
            let map = tensor(values.clone(), [1, 1, 7, 9], &device);
            for &refinement in Refinement::ALL {
                let found = codec.decode(map.clone(), refinement).into_images().remove(0);
                let ([x, y], score) = (found.positions[0], found.scores[0]);
                let peaks = codec.peaks(map.clone(), 3, refinement);
                if is_broken {
                    prop_assert_eq!(([x, y], score), ([4.0, 3.0], 0.0), "{}", refinement);
                    prop_assert_eq!(numbers(peaks.scores), [0.0; 3]);
                    prop_assert!(!peaks.found.any().into_scalar::<bool>());
                    prop_assert_eq!(numbers(peaks.positions), [4.0, 3.0].repeat(3));
                } else if [x, y] != [-1.0, -1.0] {
                    let on_map = (-0.5..=8.5).contains(&x) && (-0.5..=6.5).contains(&y);
                    prop_assert!(on_map, "{refinement}: {x}, {y}");
                    prop_assert!(numbers(peaks.positions).iter().all(|place| place.is_finite()));
                }
            }
        }
    }

    /// The mean over a window lies inside of it, for any values.
    #[test]
    fn a_soft_argmax_stays_in_its_window(
        values in prop::collection::vec(-3.0f32..3.0, 12 * 10), temperature in 0.001f64..10.0,
    ) {
        let codec = cells([12, 10], 1.0);
        for device in devices() {
            let map = tensor(values.clone(), [1, 1, 10, 12], &device);
            let [x, y] = decoded(&codec, map.clone(), Refinement::None);
            let refinement = Refinement::SoftArgmax { temperature, window: Some(5) };
            let [mean_x, mean_y] = decoded(&codec, map, refinement);
            prop_assert!((mean_x - x).abs() <= 2.0 && (mean_y - y).abs() <= 2.0);
        }
    }

    /// A mirrored image has equivalent heatmaps, so their mean decodes to the same position.
    #[test]
    fn flip_tests_agree_with_themselves(
        (x, y) in (20.0f32..100.0, 20.0f32..100.0),
        (other_x, other_y) in (20.0f32..100.0, 20.0f32..100.0),
        width in prop_oneof![Just(128usize), Just(120), Just(125)],
    ) {
        let places = vec![x, y, other_x, other_y];
        let flip = |x: f32| Affine::flip(width).apply_f32([x, 0.0])[0];
        // Left and right are swapped.
        let flipped = vec![flip(other_x), other_y, flip(x), y];
        let alignments = [Alignment::HalfPixel, Alignment::Udp, Alignment::Legacy];
        for (alignment, device) in alignments.into_iter().flat_map(|a| devices().into_iter().map(move |d| (a, d))) {
            let codec = HeatmapCodec::new([width, 128], 4, 2.0).with_alignment(alignment);
            // Half-pixel grids of sizes that are not multiples of the stride share only one edge,
            // Legacy's none.
            if alignment != Alignment::Udp && width % 4 != 0 {
                continue;
            }
            let maps = |places: &Vec<f32>| {
                codec.encode(tensor(places.clone(), [1, 2, 2], &device), Tensor::ones([1, 2], &device))
            };
            let mean = codec.average_flipped(maps(&places), maps(&flipped), &[1, 0]);
            let found = codec.decode(mean, Refinement::Dark { kernel: 11 });
            // Legacy: u and W−1−u fall on cells u/4 and, mirrored and shifted by one, u/4 + ¼; the
            // mean is off by half a pixel.
            let shift = if alignment == Alignment::Legacy { 0.5 } else { 0.0 };
            for (i, (found, place)) in numbers(found.positions).iter().zip(&places).enumerate() {
                let expected = if i % 2 == 0 { place + shift } else { *place };
                // DARK's 0.0025 cells are 0.01 pixels at stride 4.
                prop_assert!((found - expected).abs() < 0.01, "{alignment:?}: {found}, not {expected}");
            }
        }
    }
}
