//! Empty targets, extreme maps, and kinks.
use burn::tensor::{DType, activation::sigmoid};
use dafe::{
    heatmap::{HeatmapTarget, soft_argmax},
    loss::{
        AdaptiveWing, Focal, LandmarkLoss, Wing, coordinate_l1, coordinate_smooth_l1,
        coordinate_wing, heatmap_adaptive_wing, heatmap_bce, heatmap_focal, heatmap_js, heatmap_kl,
        heatmap_mse, heatmap_ohkm,
    },
    prelude::*,
};

use super::support::{HostTarget, all, evaluate, values};
use crate::common::devices::on_cpus;

on_cpus!(
    without_any_visible_landmark_loss_and_gradient_are_0,
    an_empty_map_teaches_heatmaps_and_neither_distributions_nor_coordinates,
    mining_among_all_landmarks_is_the_mean_squared_error,
    extreme_maps_give_finite_losses_and_gradients,
    at_kinks_gradients_are_one_of_the_two_sides,
    the_soft_argmax_is_the_mean_cell,
    of_nothing_there_is_no_loss,
    targets_are_constants,
    beside_logits_positions_are_read_from_the_sigmoid,
);

fn target_of(weight: f64, peak: f64) -> HostTarget {
    let mut heatmaps = vec![0.0; 2 * 3 * 12];
    // The one peak of each map, cell (1, 1).
    heatmaps.chunks_mut(12).for_each(|map| map[5] = peak);
    HostTarget {
        shape: [2, 3, 3, 4],
        heatmaps,
        weights: vec![weight; 6],
        cells: vec![if peak > 0.0 { 1.0 } else { f64::NAN }; 12],
        located: vec![if peak > 0.0 { weight } else { 0.0 }; 6],
    }
}

fn without_any_visible_landmark_loss_and_gradient_are_0(device: &Device) {
    for loss in all() {
        for maps in [vec![0.0; 72], (0..72).map(|i| f64::from(i) - 30.0).collect()] {
            // Landmarks without weight, with and without a heatmap and position.
            for target in [target_of(0.0, 1.0), target_of(0.0, 0.0)] {
                let (losses, gradients) = evaluate(&loss, &maps, &target, device, DType::F32);
                assert_eq!(losses, [0.0; 2], "{loss}");
                assert!(gradients.iter().all(|gradient| *gradient == 0.0), "{loss}");
            }
        }
    }
}

fn an_empty_map_teaches_heatmaps_and_neither_distributions_nor_coordinates(device: &Device) {
    // All absent, trained towards empty heatmaps.
    let target = target_of(1.0, 0.0);
    for loss in LandmarkLoss::ALL.iter().cloned() {
        let (losses, gradients) = evaluate(&loss.into(), &[0.5; 72], &target, device, DType::F32);
        let teaches = loss.takes_logits().is_some();
        assert_eq!(losses.iter().all(|loss| *loss > 0.0), teaches, "{loss:?}");
        assert_eq!(gradients.iter().all(|gradient| *gradient > 0.0), teaches, "{loss:?}");
        assert!(teaches || (losses == [0.0; 2] && gradients == [0.0; 72]), "{loss:?}");
    }
}

fn mining_among_all_landmarks_is_the_mean_squared_error(device: &Device) {
    let target = target_of(0.5, 1.0);
    let maps: Vec<f64> = (0..72).map(|i| f64::from(i % 7) / 4.0).collect();
    let found = |loss: LandmarkLoss| evaluate(&loss.into(), &maps, &target, device, DType::F32);
    let (wanted, slopes) = found(LandmarkLoss::Mse);
    // Three landmarks, and more than exist; summed in another order.
    for hardest in [3, 100] {
        let (losses, gradients) = found(LandmarkLoss::Ohkm { hardest });
        for (one, other) in losses.iter().zip(&wanted).chain(gradients.iter().zip(&slopes)) {
            assert!((one - other).abs() <= 1e-6 * other.abs(), "{one} for {other}");
        }
    }
}

fn extreme_maps_give_finite_losses_and_gradients(device: &Device) {
    let target = target_of(1.0, 1.0);
    let spike =
        |at: usize, height: f64| (0..72).map(move |i| if i % 12 == at { height } else { 0.0 });
    let cases: [Vec<f64>; 6] = [
        vec![0.0; 72],
        vec![1e4; 72],
        vec![-1e4; 72],
        spike(5, 1e4).collect(),
        spike(0, 1e4).collect(),
        spike(5, -1e4).collect(),
    ];
    for loss in all() {
        for maps in &cases {
            let (losses, gradients) = evaluate(&loss, maps, &target, device, DType::F32);
            let finite = losses.iter().chain(&gradients).all(|value| value.is_finite());
            assert!(finite, "{loss} of {:?}: {losses:?}", &maps[..6]);
        }
    }
}

fn at_kinks_gradients_are_one_of_the_two_sides(device: &Device) {
    // Prediction equals target: the distance is 0.
    let target = target_of(1.0, 1.0);
    for loss in ["mse", "ohkm", "adaptive-wing"] {
        let (losses, gradients) =
            evaluate(&loss.parse().unwrap(), &target.heatmaps, &target, device, DType::F32);
        assert_eq!(losses, [0.0; 2], "{loss}");
        assert!(gradients.iter().all(|gradient| *gradient == 0.0), "{loss}");
    }
    // Coordinates, each 3 from the target, with thresholds of 3: slopes 1 outside, and inside 3/3
    // and 3/(3 + 1). Each counts a quarter.
    let device = &device.clone().autodiff();
    let point = Tensor::<3>::from_floats([[[3.0, -3.0], [3.0, -3.0]]], device).require_grad();
    let (zero, one) = (Tensor::zeros([1, 2, 2], device), Tensor::ones([1, 2], device));
    let slopes = |loss: Tensor<1>| values(point.grad(&loss.backward()).unwrap());
    let found = || point.clone();
    let smooth = dafe::loss::coordinate_smooth_l1(found(), zero.clone(), one.clone(), 3.0);
    assert_eq!(slopes(smooth), [0.25, -0.25, 0.25, -0.25]);
    let wing = Wing { omega: 3.0, epsilon: 1.0 };
    let wing = dafe::loss::coordinate_wing(found(), zero, one.clone(), &wing);
    let slope = 0.25 * 0.75;
    assert_eq!(slopes(wing), [slope, -slope, slope, -slope]);
    let l1 = dafe::loss::coordinate_l1(found(), found(), one);
    assert_eq!(slopes(l1), [0.0; 4]);
}

fn the_soft_argmax_is_the_mean_cell(device: &Device) {
    // Three cells in a row, the last two equally high: the mean of these two, (1 + 2)/2, at low
    // temperature, and of all three at high temperature.
    let maps = Tensor::<4>::from_floats([[[[0.0, 1.0, 1.0]]]], device);
    let x = |temperature: f64| values(soft_argmax(maps.clone(), temperature));
    assert_eq!(x(0.005), [1.5, 0.0]);
    // Nearly: (1 + 2)/(2 + e^(−1/10,000)) = 1 + 3.3e-5.
    assert!((x(1e4)[0] - 1.0 - 1e-4 / 3.0).abs() < 1e-6);
    // (e + 2e)/(1 + 2e).
    let e = std::f64::consts::E;
    assert!((x(1.0)[0] - 3.0 * e / (1.0 + 2.0 * e)).abs() < 1e-6);
}

fn of_nothing_there_is_no_loss(device: &Device) {
    for device in &[device.clone(), device.clone().autodiff()] {
        for [batch, n] in [[0, 3], [2, 0], [0, 0]] {
            let maps = || Tensor::<4>::ones([batch, n, 3, 4], device);
            let weights = || Tensor::<2>::ones([batch, n], device);
            let cells = || Tensor::<3>::ones([batch, n, 2], device);
            let target = HeatmapTarget {
                heatmaps: maps(),
                weights: weights(),
                cells: cells(),
                located: weights(),
            };
            for loss in all() {
                let losses = loss.per_sample(maps(), &target);
                assert_eq!(values(losses), vec![0.0; batch], "{loss}");
            }
            for loss in [
                heatmap_mse(maps(), maps(), weights()),
                heatmap_ohkm(maps(), maps(), weights(), 2),
                heatmap_adaptive_wing(maps(), maps(), weights(), &AdaptiveWing::default()),
                heatmap_bce(maps(), maps(), weights()),
                heatmap_focal(maps(), maps(), weights(), &Focal::default()),
                heatmap_kl(maps(), maps(), weights(), 1.0),
                heatmap_js(maps(), maps(), weights(), 1.0),
                coordinate_l1(cells(), cells(), weights()),
                coordinate_smooth_l1(cells(), cells(), weights(), 1.0),
                coordinate_wing(cells(), cells(), weights(), &Wing::default()),
            ] {
                assert_eq!(values(loss), [0.0]);
            }
        }
    }
}

/// The derivative of a power by its exponent, ln(d)·d^p, is undefined at 0: a tracked target must
/// not be differentiated.
fn targets_are_constants(device: &Device) {
    let device = &device.clone().autodiff();
    let host = target_of(1.0, 1.0);
    for loss in all() {
        let mut target = host.to_device(device, DType::F32);
        let leaves = (target.heatmaps.require_grad(), target.cells.require_grad());
        // Not a leaf itself, like a teacher's output.
        (target.heatmaps, target.cells) =
            (leaves.0.clone().mul_scalar(1.0), leaves.1.clone().mul_scalar(1.0));
        let maps = leaves.0.clone().detach().require_grad();
        let gradients = loss.per_sample(maps.clone(), &target).mean().backward();
        assert!(leaves.0.grad(&gradients).is_none(), "{loss}");
        assert!(leaves.1.grad(&gradients).is_none(), "{loss}");
        let slopes = values(maps.grad(&gradients).expect("predicted"));
        assert!(slopes.iter().all(|slope| slope.is_finite()), "{loss}");
    }
}

/// Positions will be decoded from the sigmoid, and the default softmax is sharp enough for peaks of
/// 1, not of 10.
fn beside_logits_positions_are_read_from_the_sigmoid(device: &Device) {
    let mut host = target_of(1.0, 1.0);
    host.cells = (0..12).map(f64::from).collect();
    let target = host.to_device(device, DType::F32);
    let logits = Tensor::<1>::from_floats(
        std::array::from_fn::<f32, 72, _>(|i| ((i * 37) % 72) as f32 / 6.0 - 6.0),
        device,
    );
    let logits: Tensor<4> = logits.reshape([2, 3, 3, 4]);
    let loss = |text: &str, maps: &Tensor<4>| {
        values(text.parse::<LossConfig>().unwrap().per_sample(maps.clone(), &target))
    };
    let (bce, alone) = (loss("bce", &logits), loss("soft-argmax-l1", &logits));
    let read = loss("soft-argmax-l1", &sigmoid(logits.clone()));
    for (i, both) in loss("bce + 0.5*soft-argmax-l1", &logits).into_iter().enumerate() {
        assert!((both - bce[i] - 0.5 * read[i]).abs() < 1e-5, "{both} is not {bce:?} and {read:?}");
        assert!((read[i] - alone[i]).abs() > 1e-3, "the sigmoid changes nothing: {read:?}");
    }
}

fn one_map() -> (Tensor<4>, Tensor<2>) {
    (Tensor::zeros([1, 1, 2, 2], &Device::flex()), Tensor::ones([1, 1], &Device::flex()))
}

#[test]
#[should_panic(expected = "adaptive Wing needs alpha above 2")]
fn impossible_adaptive_wings_panic() {
    let (maps, weights) = one_map();
    let config = AdaptiveWing { epsilon: 0.0, ..AdaptiveWing::default() };
    heatmap_adaptive_wing(maps.clone(), maps, weights, &config);
}

#[test]
#[should_panic(expected = "focal loss needs powers of 1 or more")]
fn impossible_powers_panic() {
    let (maps, weights) = one_map();
    heatmap_focal(maps.clone(), maps, weights, &Focal { alpha: 0.5, beta: 4.0 });
}

#[test]
#[should_panic(expected = "Wing needs omega and epsilon above 0")]
fn impossible_wings_panic() {
    let (points, weights) = (Tensor::zeros([1, 1, 2], &Device::flex()), one_map().1);
    coordinate_wing(points.clone(), points, weights, &Wing { omega: f64::NAN, epsilon: 2.0 });
}
