//! Losses: against PyTorch (scripts/reference/losses.py), by finite differences, and at the edges.
use burn::tensor::{DType, TensorData};
use dafe::{
    heatmap::{HeatmapTarget, soft_argmax},
    loss::{AdaptiveWing, Focal, LandmarkLoss, LossConfig, Wing},
    prelude::*,
};
use proptest::{prelude::*, test_runner::RngSeed};
use serde::Deserialize;

/// What PyTorch computed.
#[derive(Deserialize)]
struct Reference {
    shape: [usize; 4],
    cells: Vec<f64>,
    located: Vec<f64>,
    weights: Vec<f64>,
    target: Vec<f64>,
    values: Vec<f64>,
    logits: Vec<f64>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    loss: LandmarkLoss,
    input: String,
    per_sample: Vec<f64>,
    gradient: Vec<f64>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("fixtures/losses.json")).unwrap()
}

/// A target on the host.
#[derive(Debug, Clone)]
struct HostTarget {
    shape: [usize; 4],
    heatmaps: Vec<f64>,
    weights: Vec<f64>,
    cells: Vec<f64>,
    located: Vec<f64>,
}

impl HostTarget {
    fn to_device(&self, device: &Device, dtype: DType) -> HeatmapTarget {
        let [batch, n, _, _] = self.shape;
        HeatmapTarget {
            heatmaps: tensor(&self.heatmaps, self.shape, device, dtype),
            weights: tensor(&self.weights, [batch, n], device, dtype),
            cells: tensor(&self.cells, [batch, n, 2], device, dtype),
            located: tensor(&self.located, [batch, n], device, dtype),
        }
    }
}

fn tensor<const D: usize>(
    values: &[f64],
    shape: [usize; D],
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, dtype))
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_into_vec().unwrap()
}

/// The loss of each sample, and the gradient of their mean.
fn evaluate(
    loss: &LossConfig,
    maps: &[f64],
    target: &HostTarget,
    device: &Device,
    dtype: DType,
) -> (Vec<f64>, Vec<f64>) {
    let device = device.clone().autodiff();
    let maps = tensor(maps, target.shape, &device, dtype).require_grad();
    let losses = loss.per_sample(maps.clone(), &target.to_device(&device, dtype));
    let gradients = losses.clone().mean().backward();
    (values(losses), values(maps.grad(&gradients).unwrap()))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// All losses with their usual numbers, and what the usual ones leave out.
fn all() -> Vec<LossConfig> {
    let foreground = AdaptiveWing { foreground: 10.0, ..AdaptiveWing::default() };
    let near = Wing { omega: 1.0, epsilon: 0.5 };
    LandmarkLoss::all()
        .into_iter()
        .chain([
            LandmarkLoss::AdaptiveWing(foreground),
            LandmarkLoss::SoftArgmaxL1 { beta: 1.0 },
            LandmarkLoss::SoftArgmaxSmoothL1 { beta: 1.0, threshold: 0.5 },
            LandmarkLoss::SoftArgmaxWing { beta: 1.0, wing: near },
        ])
        .map(LossConfig::from)
        .chain(["mse + 0.01*soft-argmax-l1".parse().unwrap(), "0.5*focal+js".parse().unwrap()])
        .collect()
}

#[test]
fn values_and_gradients_are_pytorchs() {
    #[allow(deprecated, reason = "ndarray is deprecated upstream and still offered here")]
    let devices = [Device::flex(), Device::ndarray()];
    let reference = reference();
    let target = HostTarget {
        shape: reference.shape,
        heatmaps: reference.target.clone(),
        weights: reference.weights.clone(),
        cells: reference.cells.clone(),
        located: reference.located.clone(),
    };
    for Case { loss, input, per_sample, gradient } in &reference.cases {
        let maps = if input == "values" { &reference.values } else { &reference.logits };
        for device in &devices {
            let (losses, gradients) = evaluate(&(*loss).into(), maps, &target, device, DType::F32);
            for (what, found, wanted) in
                [("loss", &losses, per_sample), ("gradient", &gradients, gradient)]
            {
                assert_eq!(found.len(), wanted.len());
                let largest = wanted.iter().fold(0.0f64, |most, value| most.max(value.abs()));
                for (found, wanted) in found.iter().zip(wanted) {
                    // f32's 1.2e-7, some tens of roundings: sums of 30 cells, logarithms of small numbers, powers.
                    let off = (found - wanted).abs();
                    assert!(off <= 5e-6 * largest, "{loss:?}: {what} {found} for {wanted}");
                }
            }
        }
    }
    let names = |losses: Vec<LandmarkLoss>| {
        let mut names: Vec<_> = losses.iter().map(LandmarkLoss::name).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let covered = names(reference.cases.iter().map(|case| case.loss).collect());
    assert_eq!(covered, names(LandmarkLoss::all().to_vec()));
}

/// Gaussians at random places, some landmarks without weight or with an empty map, and maps to compare with them.
fn problem() -> impl Strategy<Value = (HostTarget, Vec<f64>, Vec<f64>)> {
    let sizes = (1usize..4, 1usize..6, 2usize..8, 2usize..8);
    sizes.prop_flat_map(|(batch, n, height, width)| {
        let landmarks = prop::collection::vec(
            (0.0..(width as f64 - 1.0), 0.0..(height as f64 - 1.0), 0usize..4),
            batch * n,
        );
        let cells = batch * n * height * width;
        let maps = prop::collection::vec(-1.0f64..1.0, cells);
        let direction = prop::collection::vec(-1.0f64..1.0, cells);
        (landmarks, maps, direction).prop_map(move |(landmarks, maps, direction)| {
            let mut target = HostTarget {
                shape: [batch, n, height, width],
                heatmaps: Vec::new(),
                weights: Vec::new(),
                cells: Vec::new(),
                located: Vec::new(),
            };
            for (x, y, kind) in landmarks {
                let (weight, located) = [(1.0, 1.0), (0.5, 0.5), (1.0, 0.0), (0.0, 0.0)][kind];
                for i in 0..height * width {
                    let (dx, dy) = ((i % width) as f64 - x, (i / width) as f64 - y);
                    let gaussian = (-(dx * dx + dy * dy) / 2.0).exp();
                    target.heatmaps.push(if located > 0.0 { gaussian } else { 0.0 });
                }
                target.weights.push(weight);
                target.located.push(located);
                // Of a landmark that is nowhere, nothing may be used.
                target.cells.extend(if located > 0.0 { [x, y] } else { [f64::NAN, f64::INFINITY] });
            }
            (target, maps, direction)
        })
    })
}

proptest! {
    // The same cases in each run: a kink may lie within a finite difference's step.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(40)
    })]

    /// In f64, along a random direction. A step of 1e-6 rounds by 1e-16/1e-6 and is wrong by its square times the third
    /// derivative, which for adaptive Wing at a peak is d^-1.9: below 1e-5 for all but distances under some 1e-5.
    #[test]
    fn gradients_are_finite_differences((target, maps, direction) in problem()) {
        const STEP: f64 = 1e-6;
        let device = Device::flex();
        for loss in all() {
            let (_, gradient) = evaluate(&loss, &maps, &target, &device, DType::F64);
            let slope: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
            let at = |step: f64| {
                let moved: Vec<f64> = maps.iter().zip(&direction).map(|(m, d)| m + step * d).collect();
                mean(&evaluate(&loss, &moved, &target, &device, DType::F64).0)
            };
            let (after, before) = (at(STEP), at(-STEP));
            let difference = (after - before) / (2.0 * STEP);
            let scale = 1.0 + slope.abs() + mean(&[after, before]).abs();
            prop_assert!(
                (difference - slope).abs() <= 1e-5 * scale,
                "{loss}: gradient {slope}, difference {difference}"
            );
        }
    }

    /// The mean over the samples of a batch is the loss of the batch however it is split; f32 rounds sums of up to 250
    /// cells.
    #[test]
    fn the_parts_of_a_batch_average_to_the_whole((target, maps, _) in problem()) {
        let device = Device::flex();
        let [batch, n, height, width] = target.shape;
        let maps = tensor(&maps, target.shape, &device, DType::F32);
        let all_target = target.to_device(&device, DType::F32);
        for loss in all() {
            let whole = values(loss.per_sample(maps.clone(), &all_target));
            for (i, whole) in whole.iter().enumerate().take(batch) {
                let part = HeatmapTarget {
                    heatmaps: all_target.heatmaps.clone().narrow(0, i, 1),
                    weights: all_target.weights.clone().narrow(0, i, 1),
                    cells: all_target.cells.clone().narrow(0, i, 1),
                    located: all_target.located.clone().narrow(0, i, 1),
                };
                let part = values(loss.per_sample(maps.clone().narrow(0, i, 1), &part))[0];
                prop_assert!((part - whole).abs() <= 1e-5 * (1.0 + whole.abs()), "{loss}: {part} for {whole}");
            }
            prop_assert!(whole.iter().all(|loss| *loss >= -1e-6), "{loss}: {whole:?}");
            prop_assert_eq!(whole.len(), batch);
        }
        prop_assert_eq!(maps.dims(), [batch, n, height, width]);
    }
}

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
    for loss in LandmarkLoss::all() {
        let (losses, gradients) =
            evaluate(&loss.into(), &[0.5; 72], &target, &Device::flex(), DType::F32);
        let teaches = loss.takes_logits().is_some();
        assert_eq!(losses.iter().all(|loss| *loss > 0.0), teaches, "{loss:?}");
        assert_eq!(gradients.iter().all(|gradient| *gradient > 0.0), teaches, "{loss:?}");
        assert!(teaches || (losses == [0.0; 2] && gradients == [0.0; 72]), "{loss:?}");
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

#[test]
fn losses_are_named_and_impossible_ones_explained() {
    let parsed = |text: &str| text.parse::<LossConfig>();
    assert_eq!(parsed("mse").unwrap(), LossConfig::default());
    let sum = parsed(" 2*js+ 0.5 * soft-argmax-wing ").unwrap();
    assert_eq!(sum.to_string(), "2*js + 0.5*soft-argmax-wing");
    for (text, message) in [
        ("", "unknown loss ''; there are mse, ohkm, adaptive-wing,"),
        ("mse+", "unknown loss ''"),
        ("mae", "unknown loss 'mae'"),
        ("x*mse", "'x' in the loss 'x*mse' is no number"),
        ("-1*mse", "the weight of 'mse' must be above 0, not -1"),
        ("NaN*mse", "the weight of 'mse' must be above 0, not NaN"),
        ("mse+bce", "'bce' takes the heatmaps for logits and 'mse' for the target's own values"),
    ] {
        let error = parsed(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
    assert!(parsed("focal+js").unwrap().takes_logits() && !sum.takes_logits());

    let steep = Focal { alpha: 0.5, beta: 4.0 };
    let flat = AdaptiveWing { epsilon: 0.0, ..AdaptiveWing::default() };
    for loss in [
        LandmarkLoss::Ohkm { hardest: 0 },
        LandmarkLoss::AdaptiveWing(flat),
        LandmarkLoss::AdaptiveWing(AdaptiveWing { alpha: 2.0, ..AdaptiveWing::default() }),
        LandmarkLoss::Focal(steep),
        LandmarkLoss::Kl { beta: f64::NAN },
        LandmarkLoss::SoftArgmaxSmoothL1 { beta: 20.0, threshold: 0.0 },
        LandmarkLoss::SoftArgmaxWing { beta: 20.0, wing: Wing { omega: -1.0, epsilon: 1.0 } },
    ] {
        assert!(LossConfig::from(loss).validate().is_err(), "{loss:?}");
    }
    let none = LossConfig { terms: Vec::new(), ..LossConfig::default() };
    assert!(none.validate().is_err());
}

#[test]
fn losses_survive_json_and_leave_out_what_is_usual() {
    for loss in all() {
        let json = serde_json::to_string(&loss).unwrap();
        assert_eq!(serde_json::from_str::<LossConfig>(&json).unwrap(), loss, "{json}");
        loss.validate().unwrap();
    }
    for loss in LandmarkLoss::all() {
        let json = format!(r#"{{"terms": [{{"loss": {{"name": "{}"}}}}]}}"#, loss.name());
        assert_eq!(serde_json::from_str::<LossConfig>(&json).unwrap(), loss.into());
        // A loss without numbers has nothing to misspell.
        if !matches!(loss, LandmarkLoss::Mse | LandmarkLoss::Bce) {
            let json = json.replace("}}", r#", "gamma": 1}}"#);
            let error = serde_json::from_str::<LossConfig>(&json).unwrap_err().to_string();
            assert!(error.contains("gamma"), "{json}: {error}");
        }
    }
}
