//! Errors are detected and named.
use std::cell::Cell;

use burn::{
    module::Module,
    nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, TensorData},
};

use super::*;

/// Compares a first run with a second one that is told to go wrong, both on the CPU.
fn compare(program: impl Fn(&mut DeviceRun, bool)) -> Result<(), Box<Disagreement>> {
    let runs = Cell::new(0);
    let devices = [Device::flex(), Device::flex()];
    compare_backends(&devices, Tolerance::default(), |run| {
        program(run, runs.replace(runs.get() + 1) > 0)
    })
}

fn difference(program: impl Fn(&mut DeviceRun, bool)) -> (String, Mismatch) {
    let disagreement = compare(program).expect_err("they differ");
    (disagreement.what, disagreement.mismatch)
}

fn values() -> TensorData {
    TensorData::from([[1.0f32, -2.0, 3.0], [4.0, 5.0, -6.0]])
}

#[test]
fn a_wrong_value_is_found_at_its_index() {
    let program = |run: &mut DeviceRun, is_wrong: bool| {
        let x: Tensor<2> = run.input("x", &values());
        let error = TensorData::from([[0.0f32, 0.0, 0.0], [0.0, 0.001, 0.0]]);
        run.output("y", if is_wrong { x + run.constant(&error) } else { x });
    };
    // 10⁻⁵ and 10⁻⁴ of 6.
    let disagreement = compare(program).unwrap_err();
    assert_eq!(disagreement.what, "y");
    let Mismatch::Values { index, expected, found, allowed, count, of } = &disagreement.mismatch
    else {
        panic!("{disagreement}")
    };
    assert_eq!((index.as_slice(), *expected, *count, *of), (&[1, 1][..], 5.0, 1, 6));
    assert!((found - 5.001).abs() < 1e-6 && (allowed - 6.1e-4).abs() < 1e-9);
    let text = disagreement.to_string();
    for part in ["y[1, 1] is 5.0009999", "Flex", "1.0e-3 apart", "6.1e-4 allowed", "1 of 6"] {
        assert!(text.contains(part), "{text} lacks {part}");
    }
}

#[test]
fn a_wrong_gradient_of_an_input_is_found() {
    let (what, mismatch) = difference(|run, is_wrong| {
        let x: Tensor<2> = run.input("x", &values());
        // The same value with twice the slope.
        let twice = x.clone() + x.clone() - x.clone().detach();
        run.output("y", if is_wrong { twice } else { x });
    });
    assert_eq!(what, "the gradient of x");
    assert!(matches!(mismatch, Mismatch::Values { count: 6, of: 6, .. }), "{mismatch:?}");
}

#[test]
fn a_missing_gradient_is_found() {
    let (what, mismatch) = difference(|run, is_wrong| {
        let (x, y): (Tensor<2>, Tensor<2>) = (run.input("x", &values()), run.input("y", &values()));
        run.output("z", x + if is_wrong { y.detach() } else { y });
    });
    assert_eq!(
        (what.as_str(), mismatch),
        ("the gradient of y", Mismatch::Presence { found: false })
    );
}

#[test]
fn a_wrong_gradient_of_a_parameter_is_found_by_name() {
    let linear: Linear = randomized(LinearConfig::new(3, 2).init(&Device::flex()), 3);
    let (what, _) = difference(|run, is_wrong| {
        let mut linear = run.module("linear", &linear);
        if is_wrong {
            linear.bias = linear.bias.map(|bias| bias.set_require_grad(false));
        }
        let x: Tensor<2> = run.input("x", &values());
        let y = linear.forward(x.clone());
        // Only the bias' gradient differs: the added value is 0.
        let extra = linear
            .bias
            .as_ref()
            .map(|bias| bias.val().unsqueeze() - bias.val().detach().unsqueeze());
        run.output("y", if is_wrong { y } else { y + extra.unwrap() });
    });
    assert_eq!(what, "the gradient of linear.bias");
}

#[test]
fn what_is_not_finite_disagrees_with_anything() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for (one, other) in [(wrong, 1.0), (1.0, wrong)] {
            let (_, mismatch) = difference(|run, is_second| {
                run.value("x", TensorData::from([0.0f32, if is_second { other } else { one }]));
            });
            assert!(matches!(mismatch, Mismatch::Values { count: 1, .. }), "{mismatch:?}");
        }
        let (_, mismatch) = difference(|run, _| run.value("x", TensorData::from([1.0f32, wrong])));
        assert!(
            matches!(&mismatch, Mismatch::NotFinite { index, count: 1, of: 2, .. } if index == &[1]),
            "{mismatch:?}"
        );
    }
    let infinities = |run: &mut DeviceRun, is_second: bool| {
        let sign = if is_second { -1.0f32 } else { 1.0 };
        run.value("x", TensorData::from([sign * f32::INFINITY]));
    };
    assert!(compare(infinities).is_err());
}

#[test]
fn wrong_shapes_and_other_programs_are_found() {
    let (_, mismatch) = difference(|run, is_wrong| {
        let x: Tensor<2> = run.input("x", &values());
        run.output("y", if is_wrong { x.transpose() } else { x });
    });
    assert_eq!(mismatch, Mismatch::Shapes { found: vec![3, 2], expected: vec![2, 3] });
    let (what, mismatch) = difference(|run, is_wrong| {
        run.value("x", values());
        if is_wrong {
            run.value("y", values());
        }
    });
    let found = Some("y".to_string());
    assert_eq!((what.as_str(), mismatch), ("nothing more", Mismatch::Program { found }));
    let (what, mismatch) = difference(|run, is_wrong| {
        run.value(if is_wrong { "y" } else { "x" }, values());
    });
    let found = Some("y".to_string());
    assert_eq!((what.as_str(), mismatch), ("x", Mismatch::Program { found }));
}

#[test]
fn integers_have_to_be_equal() {
    let program = |run: &mut DeviceRun, is_second: bool| {
        run.value("index", TensorData::from([1_000_000i64, if is_second { 3 } else { 2 }]));
    };
    let (_, mismatch) = difference(program);
    assert!(matches!(mismatch, Mismatch::Values { allowed: 0.0, count: 1, .. }));
}

/// Each run starts from the same statistics, although clones of a module share them.
#[test]
fn running_statistics_are_compared_and_left_as_they_were() {
    let norm: BatchNorm = randomized(BatchNormConfig::new(3).init(&Device::flex()), 5);
    let before = norm.running_mean.value_sync().into_data();
    let program = |run: &mut DeviceRun, is_wrong: bool| {
        let norm = run.module("norm", &norm);
        let x: Tensor<2> = run.input("x", &values());
        let y = norm.forward(x.clone());
        if is_wrong {
            norm.forward(x);
        }
        run.output("y", y);
    };
    assert_eq!(difference(program).0, "norm.running_mean");
    compare(|run, _| program(run, false)).unwrap();
    norm.running_mean.value_sync().into_data().assert_eq(&before, true);
}

/// A frozen normalization has no gradients to record. It keeps its statistics, which are compared
/// like its parameters.
#[test]
fn frozen_parts_stay_frozen() {
    let norm: BatchNorm = randomized(BatchNormConfig::new(3).init(&Device::flex()), 5);
    let listed = |norm: &BatchNorm| {
        let mut run = DeviceRun::new(&Device::flex());
        let norm = run.module("norm", norm);
        let x: Tensor<2> = run.input("x", &values());
        run.output("y", norm.forward(x));
        run.finish()
    };
    let names = |norm| listed(norm).into_iter().map(|it| it.what).collect::<Vec<_>>();
    let gradients =
        ["the gradient of x", "the gradient of norm.gamma", "the gradient of norm.beta"];
    let statistics = ["norm.running_mean", "norm.running_var"];
    let trained = names(&norm);
    assert_eq!(trained.len(), 1 + gradients.len() + statistics.len(), "{trained:?}");
    assert!(gradients.iter().chain(&statistics).all(|name| trained.contains(&name.to_string())));

    let frozen = norm.clone().freeze();
    let found = listed(&frozen);
    let gradients: Vec<_> = found.iter().filter(|it| it.is_gradient).map(|it| &it.what).collect();
    assert_eq!(gradients, ["the gradient of x"]);
    let kept = |name: &str, before: TensorData| {
        let now = found.iter().find(|it| it.what == name).expect(name);
        now.values.as_ref().expect(name).assert_eq(&before, true);
    };
    kept("norm.gamma", norm.gamma.val().into_data());
    kept("norm.running_mean", norm.running_mean.value_sync().into_data());
    kept("norm.running_var", norm.running_var.value_sync().into_data());
}

/// Random parameters are all different, reproducible, and do not affect the original module.
#[test]
fn randomized_modules_are_the_same_for_a_seed() {
    let norm: BatchNorm = BatchNormConfig::new(4).init(&Device::flex());
    let of = |seed: u64| {
        let norm: BatchNorm = randomized(norm.clone(), seed);
        [norm.gamma.val(), norm.beta.val(), norm.running_mean.value(), norm.running_var.value()]
            .map(|tensor| tensor.into_data().try_into_vec::<f32>().unwrap())
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    let [gamma, _, _, variance] = of(1);
    assert!(gamma.iter().chain(&variance).all(|value| (0.5..1.5).contains(value)));
    assert_eq!(norm.running_mean.value().into_data().try_into_vec::<f32>().unwrap(), [0.0; 4]);
    assert!(norm.clone().num_params() > 0);
}

#[test]
#[should_panic(expected = "nothing to compare")]
fn one_device_is_no_comparison() {
    assert_backends_agree(&[Device::flex()], Tolerance::default(), |_| {});
}

#[test]
#[should_panic(expected = "lists nothing to compare")]
fn a_program_has_to_list_something() {
    assert_backends_agree(&[Device::flex(), Device::flex()], Tolerance::default(), |_| {});
}

#[test]
#[should_panic(expected = "two things are called 'x'")]
fn names_are_unique() {
    assert_backends_agree(&[Device::flex(), Device::flex()], Tolerance::default(), |run| {
        run.value("x", values());
        run.value("x", values());
    });
}
