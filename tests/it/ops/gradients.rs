//! Gradients.
use burn::{
    module::Module,
    prelude::*,
    tensor::{Gradients, Tensor, TensorData},
};
use dafe::ops::Activation;
use proptest::prelude::*;
#[cfg(feature = "ndarray")]
use proptest::test_runner::RngSeed;

use super::{
    cases::{Case, DOUBLING, PLAIN, cases},
    near::{assert_near, assert_within, numbers},
    parts::Parts,
};
use crate::common::{devices::devices, fill::scaled};

/// The tensors that require a gradient.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    x: bool,
    residual: bool,
    gate: bool,
    weight: bool,
    bias: bool,
    gamma: bool,
    beta: bool,
    /// Batch normalization with the batch's statistics.
    training: bool,
}

const ALL: Wanted = Wanted {
    x: true,
    residual: true,
    gate: true,
    weight: true,
    bias: true,
    gamma: true,
    beta: true,
    training: true,
};

impl Wanted {
    fn parts(self, case: &Case, device: &Device) -> Parts {
        let mut parts = case.parts(device);
        if !self.training {
            parts.norm = parts.norm.freeze();
        }
        let ask = |tensor: Tensor<4>, wanted| if wanted { tensor.require_grad() } else { tensor };
        parts.x = ask(parts.x, self.x);
        parts.residual = ask(parts.residual, self.residual);
        parts.gate = ask(parts.gate, self.gate);
        let (weight, bias) = parts.conv.parameters();
        *weight = weight.clone().set_require_grad(self.weight);
        if let Some(bias) = bias {
            *bias = bias.clone().set_require_grad(self.bias);
        }
        parts.norm.gamma = parts.norm.gamma.set_require_grad(self.gamma && self.training);
        parts.norm.beta = parts.norm.beta.set_require_grad(self.beta && self.training);
        parts
    }

    /// Whether any tensor requires a gradient.
    fn any(self, case: &Case) -> bool {
        let norm = case.norm && self.training && (self.gamma || self.beta);
        let residual = case.residual && (self.residual || case.gate && self.gate);
        self.x || self.weight || case.bias && self.bias || norm || residual
    }
}

/// The weights by which the output is multiplied before it is summed: the gradient with respect to
/// it. They are 0 where the activation's input is so near a kink that rounding decides whether it
/// passes.
fn flow(case: &Case, wanted: Wanted) -> TensorData {
    let device = Device::flex().autodiff();
    let before = wanted.parts(case, &device).before_activation().detach();
    let name = Tensor::<4>::from_data(scaled("gradient", &case.output(), 1.0, 0.0), &device);
    let flow = case.kinks().iter().fold(name, |flow, &kink| {
        let is_near = (before.clone() - kink).abs().lower_scalar(1e-4);
        flow.mask_fill(is_near, 0.0)
    });
    flow.into_data()
}

fn compare_gradients(
    case: &Case,
    wanted: Wanted,
    ours: (&Parts, &Gradients),
    burns: (&Parts, &Gradients),
) {
    let pixels: usize = case.output().iter().product::<usize>() / case.channels[1];
    let inputs: usize = case.batch * case.size.iter().product::<usize>();
    let four = |(parts, gradients): (&Parts, &Gradients)| {
        [
            ("x", parts.x.grad(gradients), 1),
            ("residual", parts.residual.grad(gradients), 1),
            ("gate", parts.gate.grad(gradients), 1),
            ("weight", parts.conv.weight().grad(gradients), pixels.max(inputs)),
        ]
    };
    let one = |(parts, gradients): (&Parts, &Gradients)| {
        [
            ("bias", parts.conv.bias().and_then(|bias| bias.grad(gradients))),
            ("gamma", parts.norm.gamma.val().grad(gradients)),
            ("beta", parts.norm.beta.val().grad(gradients)),
        ]
    };
    // Sums of sums. Those over the pixels of a batch usually grow with the root of the number of
    // pixels; after a normalization they may cancel, but their rounding errors do not. ndarray adds
    // thousands of values sequentially; a canceled bias gradient of 0 was observed as a hundred
    // thousandth of its summands.
    let one_by_one = ours.0.x.device().inner() != Device::flex();
    let tolerance = if one_by_one { 20.0 } else { 2.0 } * case.tolerance();
    for ((name, ours, count), (_, burns, _)) in four(ours).into_iter().zip(four(burns)) {
        near_or_none(&format!("{name} of {case:?}"), ours, burns, tolerance, (count as f32).sqrt());
    }
    let usual = (pixels as f32).sqrt();
    // A bias before a normalization with the batch's statistics has no effect: its gradient is 0,
    // and what is left is the rounding errors of summands that the normalization has divided by a
    // channel's deviation.
    let canceled = match case.norm && wanted.training {
        true => usual / least_variance(case).sqrt().min(1.0),
        false => usual,
    };
    for ((name, ours), (_, burns)) in one(ours).into_iter().zip(one(burns)) {
        let usual = if name == "bias" { canceled } else { usual };
        near_or_none(&format!("{name} of {case:?}"), ours, burns, tolerance, usual);
    }
}

#[track_caller]
fn near_or_none<const D: usize>(
    what: &str,
    ours: Option<Tensor<D>>,
    burns: Option<Tensor<D>>,
    tolerance: f32,
    usual: f32,
) {
    match (ours, burns) {
        (Some(ours), Some(burns)) => assert_within(what, ours, burns, tolerance, usual),
        (None, None) => {}
        (ours, burns) => {
            panic!("{what}: a gradient is {}, not {}", ours.is_some(), burns.is_some())
        }
    }
}

/// Ours on `device`, Burn's own on Flex.
fn check(case: &Case, wanted: Wanted, device: &Device) {
    let flow = flow(case, wanted);
    let run = |device: &Device, forward: fn(&Parts) -> Tensor<4>| {
        let parts = wanted.parts(case, device);
        let y = forward(&parts);
        let flow = Tensor::from_data(flow.clone(), device);
        let gradients = wanted.any(case).then(|| (y.clone() * flow).sum().backward());
        (parts, y, gradients)
    };
    let (ours, burns) = (run(device, Parts::ours), run(&Device::flex().autodiff(), Parts::burns));
    let tolerance = 2.0 * case.tolerance();
    assert_near(&format!("{case:?}"), ours.1, burns.1, tolerance);
    if let (Some(by_ours), Some(by_burns)) = (&ours.2, &burns.2) {
        compare_gradients(case, wanted, (&ours.0, by_ours), (&burns.0, by_burns));
    }
    let statistics = |parts: &Parts| {
        [&parts.norm.running_mean, &parts.norm.running_var]
            .map(|running| running.value_sync().inner())
    };
    for (ours, burns) in statistics(&ours.0).into_iter().zip(statistics(&burns.0)) {
        assert_near(&format!("running statistics of {case:?}"), ours, burns, tolerance);
    }
}

/// Enough values per channel for a batch's statistics.
fn with_statistics(mut case: Case) -> Case {
    case.batch = case.batch.max(2);
    let [_, _, height, width] = case.output();
    if case.batch * height * width < 16 {
        case.size = case.size.map(|side| side + 4 * case.stride[0].max(case.stride[1]));
    }
    case
}

fn wanted() -> impl Strategy<Value = Wanted> {
    // Half of all combinations.
    let some =
        any::<[bool; 8]>().prop_map(|[x, residual, gate, weight, bias, gamma, beta, training]| {
            Wanted { x, residual, gate, weight, bias, gamma, beta, training }
        });
    prop_oneof![Just(ALL), some]
}

/// The smallest variance of a channel of the convolution's output; usual values are about 1.
fn least_variance(case: &Case) -> f32 {
    let plain = Case { norm: false, residual: false, ..case.clone() };
    let channels =
        plain.parts(&Device::flex()).before_activation().swap_dims(0, 1).flatten::<2>(1, 3);
    numbers(channels.var(1)).into_iter().fold(f32::INFINITY, f32::min)
}

/// Whether all channels of the convolution's output vary, by at least a tenth of the usual amount.
/// Normalizing a channel that does not vary (its windows see only padding, or its weights are
/// almost 0) divides by almost 0, which leaves only rounding errors.
fn varies(case: &Case) -> bool {
    least_variance(case) >= 0.01
}

/// A convolution, and the tensors that require a gradient. A batch's statistics are only used if
/// all channels vary.
fn runs(transposed: bool) -> impl Strategy<Value = (Case, Wanted)> {
    (cases(transposed), wanted()).prop_map(|(case, wanted)| {
        let case = with_statistics(case);
        let training = wanted.training && varies(&case);
        (case, Wanted { training, ..wanted })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(256)
    })]

    #[test]
    fn convolutions_gradients_are_burns((case, wanted) in runs(false)) {
        check(&case, wanted, &Device::flex().autodiff());
    }

    #[test]
    fn transposed_convolutions_gradients_are_burns((case, wanted) in runs(true)) {
        check(&case, wanted, &Device::flex().autodiff());
    }
}

#[cfg(feature = "ndarray")]
proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        // The same cases in each run: where gradients cancel, only rounding errors are left.
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn convolutions_gradients_on_ndarray_are_burns((case, wanted) in runs(false)) {
        check(&case, wanted, &crate::common::devices::ndarray().autodiff());
    }

    #[test]
    fn transposed_convolutions_gradients_on_ndarray_are_burns((case, wanted) in runs(true)) {
        check(&case, wanted, &crate::common::devices::ndarray().autodiff());
    }
}

#[test]
fn large_convolutions_gradients_are_burns() {
    let device = Device::flex().autodiff();
    let plain = Case { gate: false, ..PLAIN };
    let cases = [
        Case { channels: [64, 64], size: [40, 40], ..plain },
        Case { channels: [256, 64], size: [20, 20], ..plain },
        Case { channels: [128, 64], size: [33, 47], stride: [2, 2], ..plain },
        Case {
            channels: [3, 64],
            size: [65, 70],
            kernel: [7, 7],
            stride: [2, 2],
            padding: [3, 3],
            ..plain
        },
        Case { channels: [300, 70], size: [40, 21], kernel: [1, 1], padding: [0, 0], ..plain },
        Case { channels: [64, 32], size: [40, 40], ..DOUBLING },
    ];
    for case in cases {
        check(&case, ALL, &device);
    }
}

/// Devices with gradient checkpointing are left to Burn.
#[test]
fn with_checkpointing() {
    for device in devices() {
        let device = device.autodiff().gradient_checkpointing();
        for case in [PLAIN, DOUBLING] {
            check(&case, ALL, &device);
            check(&Case { gate: false, ..case }, ALL, &device);
        }
    }
}

/// A residual block: the convolution's input is also its residual, and is a view of the tensor that
/// requires a gradient.
#[test]
fn a_tensor_used_twice() {
    let device = Device::flex().autodiff();
    for (gate, norm) in [(false, true), (true, true), (false, false)] {
        let case = Case { size: [8, 8], gate, norm, activation: Activation::Identity, ..PLAIN };
        let run = |is_ours: bool| {
            let mut parts = ALL.parts(&case, &device);
            let leaf = parts.x.clone();
            parts.x = leaf.clone().swap_dims(2, 3);
            parts.residual = parts.x.clone();
            // Also twice through the same parameters.
            parts.x = if is_ours { parts.ours() } else { parts.burns() };
            let y = if is_ours { parts.ours() } else { parts.burns() };
            let flow = scaled("gradient", &case.output(), 1.0, 0.0);
            let gradients = (y * Tensor::from_data(flow, &device)).sum().backward();
            let by = [leaf, parts.conv.weight()].map(|tensor| tensor.grad(&gradients).unwrap());
            (by, parts.norm.gamma.val().grad(&gradients))
        };
        let (ours, burns) = (run(true), run(false));
        for (ours, burns) in ours.0.into_iter().zip(burns.0) {
            assert_near("twice", ours, burns, 4.0 * case.tolerance());
        }
        near_or_none("gamma, twice", ours.1, burns.1, 4.0 * case.tolerance(), 10.0);
    }
}

/// Where the output is NaN, its gradient passes ReLU, as in Burn.
#[test]
fn nan_flows_back() {
    for device in devices() {
        let case = Case { gate: false, ..PLAIN };
        let mut parts = case.parts(&device.autodiff());
        parts.residual = (parts.residual * f32::NAN).require_grad();
        let gradients = parts.ours().sum().backward();
        let gradient = parts.residual.grad(&gradients).unwrap();
        assert_eq!(numbers(gradient), vec![1.0; case.output().iter().product()]);
    }
}
