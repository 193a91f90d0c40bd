//! Odd sizes, empty batches, half precision, and gradients.
use approx::assert_abs_diff_eq;
use burn::tensor::{DType, FloatDType};
use dafe::prelude::*;

use super::support::*;
use crate::common::devices::on_cpus;

on_cpus!(a_window_as_wide_as_the_map_is_the_map, a_soft_argmax_has_its_gradient,);

fn a_window_as_wide_as_the_map_is_the_map(device: &Device) {
    let codec = cells([9, 7], 1.0);
    let maps =
        heatmap(&codec, [1.2, 0.8], device) + heatmap(&codec, [7.0, 6.0], device).mul_scalar(0.5);
    let at =
        |window| decoded(&codec, maps.clone(), Refinement::SoftArgmax { temperature: 0.5, window });
    assert_eq!(at(Some(9)), at(None));
    assert_eq!(at(Some(Refinement::MAX_SIDE)), at(None));
    // A window of seven cells around the peak does not reach the other one.
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
            for &refinement in Refinement::ALL {
                let found = codec.decode(maps.clone(), refinement);
                assert_eq!(found.positions.dims(), [batch, n, 2]);
                assert_eq!(found.scores.dims(), [batch, n]);
                let images = found.into_images();
                assert_eq!(images.len(), batch);
                assert!(images.iter().all(|image| image.positions.is_empty()));
                let peaks = codec.peaks(maps.clone(), 4, refinement);
                assert_eq!(peaks.positions.dims(), [batch, n, 4, 2]);
                assert_eq!(peaks.found.dims(), [batch, n, 4]);
            }
        }
        let none = codec.peaks(Tensor::zeros([1, 1, 6, 8], &device), 0, Refinement::None);
        assert_eq!(none.scores.dims(), [1, 1, 0]);
    }
}

/// On Flex, because ndarray has no half precision.
#[test]
fn maps_of_half_precision_decode() {
    let codec = cells([30, 30], 2.0);
    let map = heatmap(&codec, [14.3, 15.6], &Device::flex());
    for &refinement in Refinement::ALL {
        let exact = decoded(&codec, map.clone(), refinement);
        let found = codec.decode(map.clone().cast(FloatDType::F16), refinement);
        assert_eq!(found.scores.dtype(), DType::F32);
        // Values near 1 have errors of up to 2⁻¹², which the second derivative, 1/8 after
        // smoothing, turns into 0.003 cells.
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
            for &refinement in Refinement::ALL {
                let found = numbers(codec.decode(maps.clone(), refinement).positions);
                // A flat map is highest in its first cell, and refinement does not move from there;
                // its mean is the center.
                let expected = match refinement {
                    Refinement::SoftArgmax { .. } => {
                        [width, height].map(|cells| (cells as f32 - 1.0) / 2.0)
                    }
                    // The zeros beyond the border cause slopes, but steps end at the border.
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
fn a_soft_argmax_has_its_gradient(device: &Device) {
    let device = &device.clone().autodiff();
    let codec = cells([5, 1], 1.0);
    let values = [0.1f32, 0.4, 0.9, 0.3, 0.2];
    let temperature = 0.5;
    let exponentials = values.map(|value| (value / temperature as f32).exp());
    let total: f32 = exponentials.iter().sum();
    let weights = exponentials.map(|value| value / total);
    let mean: f32 = weights.iter().enumerate().map(|(i, weight)| i as f32 * weight).sum();
    for window in [None, Some(5)] {
        let maps = tensor(values.to_vec(), [1, 1, 1, 5], device).require_grad();
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
