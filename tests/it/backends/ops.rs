//! Convolutions with epilogues, of all kinds in tests/ops, and max pooling.
use burn::{
    module::Module,
    nn::{PaddingConfig2d, pool::MaxPool2dConfig},
    prelude::*,
};
use dafe::{
    ops::max_pool2d,
    testing::{Tolerance, assert_backends_agree, random_values},
};
use proptest::prelude::*;

use super::devices::{config, devices};
use crate::ops::{
    cases::{Case, cases},
    parts::{Conv, Parts},
};

/// Whether rounding decides if a value passes the activation, and therefore also if the gradient
/// does.
fn is_at_kink(case: &Case) -> bool {
    let mut parts = case.parts(&Device::flex());
    parts.norm = parts.norm.freeze();
    let before = parts.before_activation();
    let is_near = |kink: &f32| (before.clone() - *kink).abs().min().into_scalar::<f32>() < 1e-5;
    case.kinks().iter().any(is_near)
}

fn check(case: &Case) {
    let parts = case.parts(&Device::flex());
    let [x, residual, gate] = [&parts.x, &parts.residual, &parts.gate].map(Tensor::to_data);
    assert_backends_agree(devices(), Tolerance::default(), |run| {
        let conv = match &parts.conv {
            Conv::There(conv) => Conv::There(run.module("conv", conv)),
            Conv::Back(conv) => Conv::Back(run.module("conv", conv)),
        };
        let parts = Parts {
            case: case.clone(),
            conv,
            // With running statistics, because a channel that only sees padding does not vary.
            norm: run.module("norm", &parts.norm.clone().freeze()),
            x: run.input("x", &x),
            residual: run.input("residual", &residual),
            gate: run.input("gate", &gate),
        };
        run.output("y", parts.ours());
    });
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn convolutions(case in cases(false)) {
        prop_assume!(!is_at_kink(&case));
        check(&case);
    }

    #[test]
    fn transposed_convolutions(case in cases(true)) {
        prop_assume!(!is_at_kink(&case));
        check(&case);
    }

    #[test]
    fn max_pooling(
        shape in [1usize..=2, 1..=4, 3..=12, 3..=12], kernel in 2usize..=3, stride in 1usize..=2,
        padding in 0usize..=1, seed in any::<u64>(),
    ) {
        let pool = MaxPool2dConfig::new([kernel, kernel])
            .with_strides([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .init();
        let x = random_values(shape, seed);
        assert_backends_agree(devices(), Tolerance::default(), |run| {
            let x = run.input("x", &x);
            run.output("y", max_pool2d(&pool, x));
        });
    }
}
