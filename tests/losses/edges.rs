//! Nothing to learn from, extreme maps, and kinks.
use burn::tensor::DType;
use dafe::{
    heatmap::soft_argmax,
    loss::{LandmarkLoss, Wing},
    prelude::*,
};

use crate::support::{HostTarget, all, evaluate, values};

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

#[test]
fn without_any_visible_landmark_loss_and_gradient_are_0() {
    for loss in all() {
        for maps in [vec![0.0; 72], (0..72).map(|i| f64::from(i) - 30.0).collect()] {
            // Landmarks without weight, and without a map or position either.
            for target in [target_of(0.0, 1.0), target_of(0.0, 0.0)] {
                let (losses, gradients) =
                    evaluate(&loss, &maps, &target, &Device::flex(), DType::F32);
                assert_eq!(losses, [0.0; 2], "{loss}");
                assert!(gradients.iter().all(|gradient| *gradient == 0.0), "{loss}");
            }
        }
    }
}

#[test]
fn an_empty_map_teaches_heatmaps_and_neither_distributions_nor_coordinates() {
    // All absent, trained towards empty maps.
    let target = target_of(1.0, 0.0);
    for loss in LandmarkLoss::ALL {
        let (losses, gradients) =
            evaluate(&loss.into(), &[0.5; 72], &target, &Device::flex(), DType::F32);
        let teaches = loss.takes_logits().is_some();
        assert_eq!(losses.iter().all(|loss| *loss > 0.0), teaches, "{loss:?}");
        assert_eq!(gradients.iter().all(|gradient| *gradient > 0.0), teaches, "{loss:?}");
        assert!(teaches || (losses == [0.0; 2] && gradients == [0.0; 72]), "{loss:?}");
    }
}

#[test]
fn mining_among_all_landmarks_is_the_mean_squared_error() {
    let target = target_of(0.5, 1.0);
    let maps: Vec<f64> = (0..72).map(|i| f64::from(i % 7) / 4.0).collect();
    let found =
        |loss: LandmarkLoss| evaluate(&loss.into(), &maps, &target, &Device::flex(), DType::F32);
    let (wanted, slopes) = found(LandmarkLoss::Mse);
    // Three landmarks, and more than there are; summed in another order.
    for hardest in [3, 100] {
        let (losses, gradients) = found(LandmarkLoss::Ohkm { hardest });
        for (one, other) in losses.iter().zip(&wanted).chain(gradients.iter().zip(&slopes)) {
            assert!((one - other).abs() <= 1e-6 * other.abs(), "{one} for {other}");
        }
    }
}

#[test]
fn extreme_maps_give_finite_losses_and_gradients() {
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
            let (losses, gradients) = evaluate(&loss, maps, &target, &Device::flex(), DType::F32);
            let finite = losses.iter().chain(&gradients).all(|value| value.is_finite());
            assert!(finite, "{loss} of {:?}: {losses:?}", &maps[..6]);
        }
    }
}

#[test]
fn at_kinks_gradients_are_one_of_the_two_sides() {
    // Predicted equal to the target: 0 distance.
    let target = target_of(1.0, 1.0);
    for loss in ["mse", "ohkm", "adaptive-wing"] {
        let (losses, gradients) = evaluate(
            &loss.parse().unwrap(),
            &target.heatmaps,
            &target,
            &Device::flex(),
            DType::F32,
        );
        assert_eq!(losses, [0.0; 2], "{loss}");
        assert!(gradients.iter().all(|gradient| *gradient == 0.0), "{loss}");
    }
    // Coordinates, each 3 from the target, with thresholds of 3: slopes 1 outside, and inside 3/3 and 3/(3 + 1). Each
    // counts a quarter.
    let device = Device::flex().autodiff();
    let point = Tensor::<3>::from_floats([[[3.0, -3.0], [3.0, -3.0]]], &device).require_grad();
    let (zero, one) = (Tensor::zeros([1, 2, 2], &device), Tensor::ones([1, 2], &device));
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

#[test]
fn the_soft_argmax_is_the_mean_cell() {
    let device = Device::flex();
    // Three cells in a row, the last two equally high: (1 + 2)/2 as beta grows, the middle at 0.
    let maps = Tensor::<4>::from_floats([[[[0.0, 1.0, 1.0]]]], &device);
    let x = |beta: f64| values(soft_argmax(maps.clone(), beta));
    assert_eq!(x(200.0), [1.5, 0.0]);
    assert_eq!(x(0.0), [1.0, 0.0]);
    // (e + 2e)/(1 + 2e).
    let e = std::f64::consts::E;
    assert!((x(1.0)[0] - 3.0 * e / (1.0 + 2.0 * e)).abs() < 1e-6);
}
