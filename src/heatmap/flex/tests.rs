//! Comparison with Burn's operations, on all kinds of numbers.
use burn::tensor::{Device, TensorData};
use proptest::prelude::*;

use super::*;
use crate::geometry::Alignment;

fn tensor_of<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// Whether they are equal or both NaN.
fn is_same(a: f32, b: f32) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

fn codecs() -> impl Strategy<Value = HeatmapCodec> {
    let alignment =
        prop_oneof![Just(Alignment::HalfPixel), Just(Alignment::Legacy), Just(Alignment::Udp)];
    (1usize..150, 1usize..150, 1usize..6, 0.3f64..8.0, alignment).prop_map(
        |(width, height, stride, sigma, alignment)| {
            HeatmapCodec::new([width, height], stride, sigma).with_alignment(alignment)
        },
    )
}

/// Mostly within the input, often on its borders, sometimes NaN or infinite.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        6 => -10.0f32..160.0,
        2 => (-2i8..80).prop_map(|half| f32::from(half) / 2.0),
        1 => any::<f32>(),
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)],
    ]
}

/// Few distinct values, to get ties; sometimes any number or NaN.
fn value() -> impl Strategy<Value = f32> {
    prop_oneof![
        2000 => (-3i8..4).prop_map(f32::from),
        1 => any::<f32>(),
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The exponential's last bits differ, so products of two differ by some 10⁻⁷; values below
    /// 10⁻¹⁹ may be 0.
    #[test]
    fn encodes_as_burn_does(
        codec in codecs(),
        points in prop::collection::vec(coordinate(), 2 * 12),
        weights in prop::collection::vec(prop_oneof![6 => Just(1.0f32), 3 => -1.0f32..1.0, 1 => Just(f32::NAN)], 12),
        turned in any::<bool>(),
    ) {
        let device = Device::flex();
        let (positions, weights) = match turned {
            false => (tensor_of(points, [3, 4, 2], &device), tensor_of(weights, [3, 4], &device)),
            // Not contiguous.
            true => (
                tensor_of(points, [4, 3, 2], &device).swap_dims(0, 1),
                tensor_of(weights, [4, 3], &device).swap_dims(0, 1),
            ),
        };
        let here = encode(&codec, &positions, &weights).expect("a plain tensor");
        let burn = codec.encode_by_tensors(positions, weights);
        prop_assert_eq!(here.dims(), burn.dims());
        for (a, b) in numbers(here).into_iter().zip(numbers(burn)) {
            prop_assert!((a - b).abs() <= 1e-6, "{} is not {}", a, b);
        }
    }

    #[test]
    fn decodes_as_burn_does(
        (codec, values) in codecs().prop_flat_map(|codec| {
            let [width, height] = codec.heatmap_size();
            (Just(codec), prop::collection::vec(value(), 6 * width * height))
        }),
        turned in any::<bool>(),
    ) {
        let [width, height] = codec.heatmap_size();
        let maps = match turned {
            false => tensor_of(values, [2, 3, height, width], &Device::flex()),
            true => tensor_of(values, [2, 3, width, height], &Device::flex()).swap_dims(2, 3),
        };
        let highest = highest(&maps, Kind::Values).expect("a plain tensor");
        prop_assert_eq!(numbers(highest.scores), numbers(codec.decode_by_tensors(maps.clone(), Kind::Values, Refinement::None).scores));
        for &refinement in Refinement::ALL {
            let here = codec.decode(maps.clone(), refinement);
            let burn = codec.decode_by_tensors(maps.clone(), Kind::Values, refinement);
            prop_assert_eq!(here.positions.dims(), burn.positions.dims());
            prop_assert_eq!(here.scores.dims(), burn.scores.dims());
            let pairs = numbers(here.positions).into_iter().zip(numbers(burn.positions));
            for (a, b) in pairs.chain(numbers(here.scores).into_iter().zip(numbers(burn.scores))) {
                prop_assert!(is_same(a, b), "{} is not {} with {:?}", a, b, refinement);
            }
        }
        // For logits, too. Positions are computed from the same cells; the last bits of a sigmoid
        // differ.
        for refinement in [Refinement::None, Refinement::QuarterOffset, Refinement::MmposeQuarterOffset] {
            let here = codec.decode_logits(maps.clone(), refinement);
            let burn = codec.decode_by_tensors(maps.clone(), Kind::Logits, refinement);
            for (a, b) in numbers(here.positions).into_iter().zip(numbers(burn.positions)) {
                prop_assert!(is_same(a, b), "{} is not {} with {:?}", a, b, refinement);
            }
            for (a, b) in numbers(here.scores).into_iter().zip(numbers(burn.scores)) {
                prop_assert!((a - b).abs() <= 1e-6, "{} is not {}", a, b);
            }
        }
    }
}

/// Enough maps for several bands and for reused memory.
#[test]
fn large_batches_are_whole() {
    let device = Device::flex();
    let codec = HeatmapCodec::new([320, 320], 4, 2.0);
    for round in 0..3 {
        let points = (0..2 * 200).map(|i| ((i * 37 + round * 11) % 340) as f32 - 10.0).collect();
        let positions = tensor_of(points, [10, 20, 2], &device);
        let weights = tensor_of((0..200).map(|i| (i % 7) as f32).collect(), [10, 20], &device);
        let here = codec.encode(positions.clone(), weights.clone());
        let burn = codec.encode_by_tensors(positions, weights);
        let found = codec.decode(here.clone(), Refinement::QuarterOffset);
        let expected =
            codec.decode_by_tensors(here.clone(), Kind::Values, Refinement::QuarterOffset);
        assert_eq!(numbers(found.positions), numbers(expected.positions));
        assert_eq!(numbers(found.scores), numbers(expected.scores));
        // The result is the caller's own: writing into it affects nothing else.
        let doubled = numbers(here.clone().mul_scalar(2.0));
        for ((a, b), doubled) in numbers(here).into_iter().zip(numbers(burn)).zip(doubled) {
            assert!((a - b).abs() <= 1e-6 && doubled == 2.0 * a);
        }
    }
}

#[test]
fn empty_batches_stay_empty() {
    let (device, codec) = (Device::flex(), HeatmapCodec::new([32, 32], 4, 2.0));
    let maps = codec.encode(Tensor::zeros([0, 8, 2], &device), Tensor::zeros([0, 8], &device));
    assert_eq!(maps.dims(), [0, 8, 8, 8]);
    assert_eq!(codec.decode(maps, Refinement::None).positions.dims(), [0, 8, 2]);
}

#[test]
fn what_gradients_flow_through_is_left_to_burn() {
    let (plain, device) = (Device::flex(), Device::flex().autodiff());
    let codec = HeatmapCodec::new([32, 32], 4, 1.0);
    let leaf = tensor_of(vec![13.0, 14.0], [1, 1, 2], &device).require_grad();
    let (moved, weights) = (leaf.clone() + 1.0, Tensor::<2>::ones([1, 1], &device));
    assert!(encode(&codec, &moved, &weights).is_none());
    let maps = codec.encode(moved, weights.clone());
    assert!(decode(&codec, &maps, Kind::Values, Refinement::None).is_none());
    let scores = codec.decode(maps, Refinement::QuarterOffset).scores;
    assert!(leaf.grad(&scores.sum().backward()).is_some());
    // On the same device, but a constant: encoded by Flex, and usable in differentiable operations.
    let fixed = leaf.inner().autodiff() + 1.0;
    let maps = encode(&codec, &fixed, &weights).expect("a constant");
    assert!(maps.device().is_autodiff());
    let on_plain = codec.encode(fixed.inner(), Tensor::ones([1, 1], &plain));
    assert_eq!(numbers(maps.clone()), numbers(on_plain));
    let other = Tensor::<4>::ones(maps.dims(), &device).require_grad();
    let gradients = (other.clone() * maps.clone()).sum().backward();
    assert_eq!(numbers(other.grad(&gradients).expect("tracked")), numbers(maps));
}
