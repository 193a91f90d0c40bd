//! All ways to decode heatmaps: against MMPose's definitions (scripts/reference/decoders.py), and properties.
use std::{collections::BTreeMap, fs, path::Path};

use approx::assert_abs_diff_eq;
use burn::tensor::{DType, FloatDType, TensorData};
use dafe::prelude::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    size: [usize; 2],
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    values: Vec<f32>,
    score: f32,
    /// By the refinement's name and numbers.
    expected: BTreeMap<String, [f32; 2]>,
}

fn devices() -> [Device; 2] {
    #[allow(deprecated, reason = "a second implementation to compare with")]
    [Device::flex(), Device::ndarray()]
}

/// A codec whose input pixels are its cells.
fn cells(size: [usize; 2], sigma: f64) -> HeatmapCodec {
    HeatmapCodec::new(size, 1, sigma)
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// The heatmap of one landmark.
fn heatmap(codec: &HeatmapCodec, place: [f32; 2]) -> Tensor<4> {
    let device = Device::flex();
    codec.encode(tensor(place.to_vec(), [1, 1, 2], &device), Tensor::ones([1, 1], &device))
}

fn decoded(codec: &HeatmapCodec, heatmap: Tensor<4>, refinement: Refinement) -> [f32; 2] {
    codec.decode(heatmap, refinement).into_pictures()[0].positions[0]
}

#[test]
fn mmposes_decoders_find_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decoders.json");
    let fixture: Fixture = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let [width, height] = fixture.size;
    let codec = cells(fixture.size, 2.0);
    let count = fixture.cases.len();
    let values = fixture.cases.iter().flat_map(|case| case.values.clone()).collect::<Vec<_>>();
    let mut compared = 0;
    for device in devices() {
        let maps = tensor(values.clone(), [count / 2, 2, height, width], &device);
        for name in fixture.cases[0].expected.keys() {
            let landmarks = codec.decode(maps.clone(), name.parse().unwrap());
            let scores = numbers(landmarks.scores);
            let found = numbers(landmarks.positions);
            for (i, case) in fixture.cases.iter().enumerate() {
                assert_eq!(scores[i], case.score);
                let Some(expected) = case.expected.get(name) else { continue };
                for axis in [0, 1] {
                    let (found, mut expected) = (found[2 * i + axis], expected[axis]);
                    // Ours are held on the map, but for MMPose's "nowhere".
                    if expected != -1.0 {
                        expected = expected.clamp(-0.5, fixture.size[axis] as f32 - 0.5);
                    }
                    // Roundings of 1e-6 in logarithms whose second derivatives are 0.04 and more.
                    assert!(
                        (found - expected).abs() < 1e-3,
                        "{}, {name}, axis {axis}: {found} is not {expected}",
                        case.name
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000);
}

/// A coordinate anywhere on a map, as often as not within two cells of its borders.
fn coordinate(side: usize) -> impl Strategy<Value = f32> {
    let last = side as f32 - 0.51;
    prop_oneof![2 => -0.5..last, 1 => -0.5f32..1.5, 1 => last - 2.0..last]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// By theory: a cell's centre is at most half a cell away; a quarter further, at most a quarter, where both neighbours
    /// are there; on the logarithm of a Gaussian, a parabola, Newton's step is exact, and smoothing by a cut kernel costs
    /// less than a thousandth; by the smaller ones near a border up to two, at the lowest σ here.
    #[test]
    fn errors_have_their_bounds(
        x in coordinate(40), y in coordinate(33), sigma in 1.0f64..3.0,
    ) {
        let codec = cells([40, 33], sigma);
        let map = heatmap(&codec, [x, y]);
        let off = |refinement| {
            let [found_x, found_y] = decoded(&codec, map.clone(), refinement);
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
            // Zeros beyond the border draw the maximum inwards.
            Refinement::MmposeDark { .. } | Refinement::DarkUdp { .. } => 1.5,
            // At σ 1 the softmax is so sharp that the cell next to the place outweighs the others.
            Refinement::SoftArgmax { .. } if reaches(6.0) => 0.2,
            // Half a cell, and what is missing of the window beyond the border.
            _ => 0.9,
        };
        for refinement in Refinement::ALL {
            let [dx, dy] = off(refinement);
            let bound = bound(refinement) + 1e-4;
            prop_assert!(dx <= bound && dy <= bound, "{refinement}: {dx}, {dy} off at {x}, {y}");
        }
    }

    /// Beyond the reach of kernel and derivatives, the border makes no difference: on a Gaussian with noise, whose step
    /// leads to a maximum less than two cells away.
    #[test]
    fn inside_both_darks_are_one(
        noise in prop::collection::vec(-0.05f32..0.05, 22 * 22),
        x in 9.5f32..11.5, y in 9.5f32..11.5,
    ) {
        let codec = cells([22, 22], 2.0);
        let map = heatmap(&codec, [x, y]) + tensor(noise, [1, 1, 22, 22], &Device::flex());
        let cell = decoded(&codec, map.clone(), Refinement::None);
        let ours = decoded(&codec, map.clone(), Refinement::Dark { kernel: 11 });
        let mmposes = decoded(&codec, map, Refinement::MmposeDark { kernel: 11 });
        prop_assert!(ours != cell, "no step from {cell:?}");
        for axis in [0, 1] {
            // The same operations, of values that are cut at the same places.
            prop_assert!((ours[axis] - mmposes[axis]).abs() < 1e-5, "{ours:?} and {mmposes:?}");
        }
    }

    /// Any numbers decode to a place on the map; MMPose's "nowhere" aside.
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
            for refinement in Refinement::ALL {
                let found = codec.decode(map.clone(), refinement).into_pictures().remove(0);
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

    /// The mean over a window lies in it, whatever the values.
    #[test]
    fn a_soft_argmax_stays_in_its_window(
        values in prop::collection::vec(-3.0f32..3.0, 12 * 10), temperature in 0.001f64..10.0,
    ) {
        let codec = cells([12, 10], 1.0);
        let map = tensor(values, [1, 1, 10, 12], &Device::flex());
        let [x, y] = decoded(&codec, map.clone(), Refinement::None);
        let refinement = Refinement::SoftArgmax { temperature, window: Some(5) };
        let [mean_x, mean_y] = decoded(&codec, map, refinement);
        prop_assert!((mean_x - x).abs() <= 2.0 && (mean_y - y).abs() <= 2.0);
    }

    /// A mirrored picture's heatmaps say the same, so that their mean is decoded to the same place.
    #[test]
    fn flip_tests_agree_with_themselves(
        (x, y) in (20.0f32..100.0, 20.0f32..100.0),
        (other_x, other_y) in (20.0f32..100.0, 20.0f32..100.0),
        width in prop_oneof![Just(128usize), Just(120), Just(125)],
    ) {
        let device = Device::flex();
        let places = vec![x, y, other_x, other_y];
        let flip = |x: f32| Affine::flip(width).apply_f32(x, 0.0).0;
        // Left and right change places.
        let flipped = vec![flip(other_x), other_y, flip(x), y];
        for alignment in [Alignment::HalfPixel, Alignment::Udp, Alignment::Legacy] {
            let codec = HeatmapCodec::new([width, 128], 4, 2.0).with_alignment(alignment);
            // Half-pixel grids of sizes that are no multiple of the stride share one edge only, Legacy's none at all.
            if alignment != Alignment::Udp && width % 4 != 0 {
                continue;
            }
            let maps = |places: &Vec<f32>| {
                codec.encode(tensor(places.clone(), [1, 2, 2], &device), Tensor::ones([1, 2], &device))
            };
            let mean = codec.average_flipped(maps(&places), maps(&flipped), &[1, 0]);
            let found = codec.decode(mean, Refinement::Dark { kernel: 11 });
            // Legacy: u and W−1−u fall on cells u/4 and, mirrored and moved by one, u/4 + ¼; the mean is half a pixel off.
            let shift = if alignment == Alignment::Legacy { 0.5 } else { 0.0 };
            for (i, (found, place)) in numbers(found.positions).iter().zip(&places).enumerate() {
                let expected = if i % 2 == 0 { place + shift } else { *place };
                // DARK's 0.0025 cells are 0.01 pixels at stride 4.
                prop_assert!((found - expected).abs() < 0.01, "{alignment:?}: {found}, not {expected}");
            }
        }
    }
}

#[test]
fn peaks_are_local_maxima_in_order() {
    let codec = cells([12, 9], 1.0);
    let mut values = vec![-1.0f32; 12 * 9];
    // Two peaks; a step beside the higher one; two equal cells in a row; a square of equal cells; a corner below zero.
    for (column, row, value) in [
        (2, 2, 0.9),
        (3, 2, 0.8),
        (8, 2, 0.7),
        (2, 6, 0.5),
        (3, 6, 0.5),
        (7, 5, 0.25),
        (8, 5, 0.25),
        (7, 6, 0.25),
        (8, 6, 0.25),
        (11, 8, -0.5),
    ] {
        values[row * 12 + column] = value;
    }
    for device in devices() {
        let maps = tensor(values.clone(), [1, 1, 9, 12], &device);
        let peaks = codec.peaks(maps.clone(), 5, Refinement::None);
        assert_eq!(peaks.positions.dims(), [1, 1, 5, 2]);
        assert_eq!(numbers(peaks.scores), [0.9, 0.7, 0.5, 0.25, -0.5]);
        let places = [[2.0, 2.0], [8.0, 2.0], [2.0, 6.0], [7.0, 5.0], [11.0, 8.0]];
        assert_eq!(numbers(peaks.positions), places.as_flattened());
        // The first is what `decode` finds; each is refined by itself: away from the row's second cell, towards it.
        let peaks = codec.peaks(maps.clone(), 3, Refinement::QuarterOffset);
        let found = codec.decode(maps, Refinement::QuarterOffset);
        let places = [[2.25, 2.0], [8.0, 2.0], [2.25, 6.0]];
        assert_eq!(numbers(peaks.positions), places.as_flattened());
        assert_eq!(numbers(found.positions), places[0]);
    }
}

#[test]
fn peaks_that_are_not_there_come_last() {
    let codec = cells([3, 2], 1.0);
    for device in devices() {
        // A flat map is one plateau; more peaks than cells can be asked for.
        let maps = Tensor::<4>::full([1, 1, 2, 3], 0.25, &device);
        let peaks = codec.peaks(maps, 8, Refinement::None);
        let mut scores = [0.0; 8];
        scores[0] = 0.25;
        assert_eq!(numbers(peaks.scores), scores);
        let first = scores.map(|score| score > 0.0);
        assert_eq!(peaks.found.into_data().iter::<bool>().collect::<Vec<_>>(), first);
        // A peak of 0 is one, too.
        let maps = tensor(vec![-1.0, 0.0, -1.0, -2.0, -2.0, -2.0], [1, 1, 2, 3], &device);
        let low = codec.peaks(maps, 2, Refinement::None);
        assert_eq!(numbers(low.scores), [0.0; 2]);
        assert_eq!(low.found.into_data().iter::<bool>().collect::<Vec<_>>(), [true, false]);
        let places = numbers(peaks.positions);
        assert_eq!(places[..2], [0.0, 0.0]);
        assert_eq!(places[2..], [1.0, 0.5].repeat(7));
    }
}

#[test]
fn peaks_of_two_gaussians_are_refined_each() {
    let device = Device::flex();
    let codec = cells([48, 40], 2.0);
    let places = [[12.3, 11.8], [34.6, 27.1]];
    let maps = heatmap(&codec, places[0]) + heatmap(&codec, places[1]).mul_scalar(0.6);
    assert_eq!(maps.device(), device);
    for refinement in Refinement::ALL.into_iter().skip(3) {
        let peaks = codec.peaks(maps.clone(), 2, refinement);
        for (found, place) in numbers(peaks.positions).iter().zip(places.as_flattened()) {
            // A softer map has a rounder softmax: 0.6 of a Gaussian at temperature 0.1 is a whole one at 0.17.
            assert_abs_diff_eq!(found, place, epsilon = 0.05);
        }
    }
}

/// 17 and all above have the sigmoid 1 in single precision, and so has ∞.
#[test]
fn logits_are_compared_as_they_are() {
    let codec = cells([9, 7], 1.0);
    // 30 all over the upper half; the highest cell is (5, 4), the one on its left higher than the one on its right.
    let mut logits = vec![-30.0f32; 9 * 7];
    logits[..9 * 3].fill(30.0);
    logits[4 * 9 + 4..][..3].copy_from_slice(&[31.0, 32.0, 30.0]);
    for device in devices() {
        let maps = tensor(logits.clone(), [1, 1, 7, 9], &device);
        for refinement in Refinement::ALL {
            let found = codec.decode_logits(maps.clone(), refinement);
            assert_eq!(numbers(found.scores), [1.0], "{refinement}");
            let [x, y] = numbers(found.positions).try_into().unwrap();
            match refinement {
                Refinement::None => assert_eq!([x, y], [5.0, 4.0]),
                // Above and below, it is as low.
                Refinement::QuarterOffset => assert_eq!([x, y], [4.75, 4.0]),
                Refinement::MmposeQuarterOffset => assert_eq!([x, y], [4.75, 4.0]),
                Refinement::Dark { .. } => {
                    assert!((x - 5.0).abs() <= 2.0 && (y - 4.0).abs() <= 2.0, "{x}, {y}");
                }
                // They go as far as they like.
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

/// Where single precision tells sigmoids apart, to decode logits is to decode their sigmoid.
#[test]
fn logits_decode_as_their_sigmoid_does() {
    let codec = cells([24, 20], 2.0);
    for device in devices() {
        let place = tensor(vec![11.3, 8.6], [1, 1, 2], &device);
        let probabilities = codec.encode(place, Tensor::ones([1, 1], &device)).clamp(1e-4, 0.999);
        let logits = (probabilities.clone() / (probabilities.neg() + 1.0)).log();
        let probabilities = burn::tensor::activation::sigmoid(logits.clone());
        let whole = Refinement::SoftArgmax { temperature: 0.1, window: None };
        for refinement in Refinement::ALL.into_iter().chain([whole]) {
            let found = codec.decode_logits(logits.clone(), refinement);
            let wanted = codec.decode(probabilities.clone(), refinement);
            // A sigmoid's last bits differ between the host and the device; DARK's logarithms have some 1e-6.
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

#[test]
fn a_window_as_wide_as_the_map_is_the_map() {
    let codec = cells([9, 7], 1.0);
    let maps = heatmap(&codec, [1.2, 0.8]) + heatmap(&codec, [7.0, 6.0]).mul_scalar(0.5);
    let at =
        |window| decoded(&codec, maps.clone(), Refinement::SoftArgmax { temperature: 0.5, window });
    assert_eq!(at(Some(9)), at(None));
    assert_eq!(at(Some(Refinement::MAX_SIDE)), at(None));
    // Seven cells around the peak don't reach the other one.
    let [x, y] = at(Some(7));
    assert!(x + 0.5 < at(None)[0] && y + 0.5 < at(None)[1], "{x}, {y} and {:?}", at(None));
}

#[test]
fn empty_batches_give_empty_tensors() {
    let codec = cells([8, 6], 1.0);
    for device in devices() {
        for [batch, n] in [[0, 3], [2, 0], [0, 0]] {
            let (positions, weights) =
                (Tensor::zeros([batch, n, 2], &device), Tensor::zeros([batch, n], &device));
            let effective = codec.effective_weights(positions, weights);
            assert_eq!(effective.dims(), [batch, n]);
            let maps = codec.encode(Tensor::zeros([batch, n, 2], &device), effective);
            assert_eq!(maps.dims(), [batch, n, 6, 8]);
            let mirror: Vec<usize> = (0..n).collect();
            let both = codec.average_flipped(maps.clone(), maps.clone(), &mirror);
            assert_eq!(both.dims(), [batch, n, 6, 8]);
            for refinement in Refinement::ALL {
                let found = codec.decode(maps.clone(), refinement);
                assert_eq!(found.positions.dims(), [batch, n, 2]);
                assert_eq!(found.scores.dims(), [batch, n]);
                let pictures = found.into_pictures();
                assert_eq!(pictures.len(), batch);
                assert!(pictures.iter().all(|picture| picture.positions.is_empty()));
                let peaks = codec.peaks(maps.clone(), 4, refinement);
                assert_eq!(peaks.positions.dims(), [batch, n, 4, 2]);
                assert_eq!(peaks.found.dims(), [batch, n, 4]);
            }
        }
        let none = codec.peaks(Tensor::zeros([1, 1, 6, 8], &device), 0, Refinement::None);
        assert_eq!(none.scores.dims(), [1, 1, 0]);
    }
}

#[test]
fn maps_of_half_precision_decode() {
    let codec = cells([30, 30], 2.0);
    let map = heatmap(&codec, [14.3, 15.6]);
    for refinement in Refinement::ALL {
        let exact = decoded(&codec, map.clone(), refinement);
        let found = codec.decode(map.clone().cast(FloatDType::F16), refinement);
        assert_eq!(found.scores.dtype(), DType::F32);
        // Values near 1 are off by up to 2⁻¹², which the second derivative, 1/8 after smoothing, makes 0.003 cells.
        for (found, exact) in numbers(found.positions).into_iter().zip(exact) {
            assert_abs_diff_eq!(found, exact, epsilon = 3e-3);
        }
        let peaks = codec.peaks(map.clone().cast(FloatDType::F16), 1, refinement);
        assert_eq!(peaks.scores.dtype(), DType::F32);
    }
}

#[test]
fn maps_of_a_few_cells_decode() {
    for device in devices() {
        for [width, height] in [[1, 1], [1, 5], [2, 2], [3, 3], [4, 1]] {
            let codec = cells([width, height], 1.0);
            let maps = Tensor::<4>::ones([1, 1, height, width], &device);
            for refinement in Refinement::ALL {
                let found = numbers(codec.decode(maps.clone(), refinement).positions);
                // A flat map is highest in its first cell, and leads nowhere from there; its mean is its middle.
                let expected = match refinement {
                    Refinement::SoftArgmax { .. } => {
                        [width, height].map(|cells| (cells as f32 - 1.0) / 2.0)
                    }
                    // Zeros beyond the border make slopes, and the steps end at it.
                    Refinement::DarkUdp { .. } => [(0, width), (1, height)]
                        .map(|(axis, cells)| found[axis].clamp(-0.5, cells as f32 - 0.5)),
                    _ => [0.0; 2],
                };
                for (found, expected) in found.into_iter().zip(expected) {
                    assert_abs_diff_eq!(found, expected, epsilon = 1e-6);
                }
            }
        }
    }
}

/// d(mean)/d(value) = weight · (place − mean) / temperature.
#[test]
fn a_soft_argmax_has_its_gradient() {
    let device = Device::flex().autodiff();
    let codec = cells([5, 1], 1.0);
    let values = [0.1f32, 0.4, 0.9, 0.3, 0.2];
    let temperature = 0.5;
    let exponentials = values.map(|value| (value / temperature as f32).exp());
    let total: f32 = exponentials.iter().sum();
    let weights = exponentials.map(|value| value / total);
    let mean: f32 = weights.iter().enumerate().map(|(i, weight)| i as f32 * weight).sum();
    for window in [None, Some(5)] {
        let maps = tensor(values.to_vec(), [1, 1, 1, 5], &device).require_grad();
        let refinement = Refinement::SoftArgmax { temperature, window };
        let x = codec.decode(maps.clone(), refinement).positions.narrow(2, 0, 1);
        assert_abs_diff_eq!(numbers(x.clone())[0], mean, epsilon = 1e-5);
        let gradient = numbers(maps.grad(&x.sum().backward()).unwrap());
        for (i, (found, weight)) in gradient.into_iter().zip(weights).enumerate() {
            let expected = weight * (i as f32 - mean) / temperature as f32;
            assert_abs_diff_eq!(found, expected, epsilon = 1e-5);
        }
    }
}

#[test]
fn files_of_refinements_load() {
    let read = |json: &str| serde_json::from_str::<Refinement>(json).unwrap();
    assert_eq!(read("\"None\""), Refinement::None);
    assert_eq!(read("\"QuarterOffset\""), Refinement::QuarterOffset);
    assert_eq!(read("\"MmposeQuarterOffset\""), Refinement::MmposeQuarterOffset);
    // With numbers, as they were once written.
    let soft = |window| Refinement::SoftArgmax { temperature: 0.5, window };
    for (json, expected) in [
        (r#"{"Dark": {"kernel": 17}}"#, Refinement::Dark { kernel: 17 }),
        (r#"{"MmposeDark": {"kernel": 17}}"#, Refinement::MmposeDark { kernel: 17 }),
        (r#"{"DarkUdp": {"kernel": 17}}"#, Refinement::DarkUdp { kernel: 17 }),
        (r#"{"SoftArgmax": {"temperature": 0.5, "window": 7}}"#, soft(Some(7))),
        (r#"{"SoftArgmax": {"temperature": 0.5, "window": null}}"#, soft(None)),
        // Left out, it is the usual one, as in a text.
        (r#"{"SoftArgmax": {"temperature": 0.5}}"#, soft(Some(11))),
        (r#""soft-argmax:0.5""#, soft(Some(11))),
        (r#""soft-argmax:0.5:all""#, soft(None)),
        (r#""dark""#, Refinement::Dark { kernel: 11 }),
    ] {
        assert_eq!(read(json), expected, "{json}");
    }
    for refinement in Refinement::ALL.into_iter().chain([soft(None)]) {
        let json = serde_json::to_string(&refinement).unwrap();
        assert_eq!(json, format!("\"{refinement}\""));
        assert_eq!(read(&json), refinement);
    }
    for (json, reason) in [
        (r#"{"Dark": {"kernel": 4}}"#, "odd number of cells"),
        (r#""dark:4""#, "odd number of cells"),
        (r#""darker""#, "unknown refinement 'darker'"),
        (r#"{"Darker": {"kernel": 4}}"#, "expected a refinement"),
        ("11", "expected a refinement"),
    ] {
        let error = serde_json::from_str::<Refinement>(json).unwrap_err().to_string();
        assert!(error.contains(reason), "{json}: {error}");
    }
}

#[test]
#[should_panic(expected = "dark needs an odd number of cells up to 49, not 4")]
fn impossible_kernels_are_refused() {
    let codec = cells([8, 6], 1.0);
    codec.decode(Tensor::zeros([1, 1, 6, 8], &Device::flex()), Refinement::Dark { kernel: 4 });
}
