//! Repeated calls: filters are cached and memory is reused, neither of which may affect results.
use burn::{
    module::{Module, Param},
    optim::{GradientsParams, ModuleOptimizer, SgdConfig},
    prelude::*,
    tensor::Tensor,
};
use dafe::ops::{self, Epilogue};

use super::{
    cases::{Case, DOUBLING, PLAIN, WINOGRAD},
    near::{assert_near, bits, numbers},
    parts::{Conv, Parts},
};

/// Like [`PLAIN`], but large enough for Winograd in training and for the buffer pool.
const LARGE: Case = Case { channels: [32, 32], size: [33, 29], gate: false, ..PLAIN };

#[test]
fn changed_weights_have_new_filters() {
    let device = Device::flex();
    for case in [PLAIN, LARGE, DOUBLING] {
        let mut parts = case.parts(&device);
        for step in 0..4 {
            assert_near(&format!("{step}"), parts.ours(), parts.burns(), WINOGRAD);
            let (weight, _) = parts.conv.parameters();
            // In place if Burn can.
            *weight = weight.clone().map(|weight| weight.mul_scalar(-0.7));
        }
        // An unshared tensor is certainly modified in place.
        let (weight, _) = parts.conv.parameters();
        let placeholder = Param::from_tensor(Tensor::zeros([1, 1, 1, 1], &device));
        let owned = std::mem::replace(weight, placeholder);
        *weight = owned.map(|weight| weight.add_scalar(0.01));
        assert_near("in place", parts.ours(), parts.burns(), WINOGRAD);
    }
}

#[test]
fn loaded_weights_have_new_filters() {
    let device = Device::flex();
    let Conv::There(conv) = LARGE.parts(&device).conv else { unreachable!() };
    let x = LARGE.parts(&device).x;
    let before = bits(ops::conv2d(&conv, x.clone(), Epilogue::default()));
    let other = conv.clone().map_weight(|weight| weight.flip([0]));
    let loaded = conv.clone().load_record(other.clone().into_record());
    let after = ops::conv2d(&loaded, x.clone(), Epilogue::default());
    assert_near("loaded", after.clone(), loaded.forward(x.clone()), WINOGRAD);
    assert!(bits(after) != before);
    // The old one is unchanged.
    assert!(bits(ops::conv2d(&conv, x, Epilogue::default())) == before);
}

/// A change of weights in one line.
trait MapWeight {
    fn map_weight(self, change: impl FnOnce(Tensor<4>) -> Tensor<4>) -> Self;
}

impl MapWeight for burn::nn::conv::Conv2d {
    fn map_weight(mut self, change: impl FnOnce(Tensor<4>) -> Tensor<4>) -> Self {
        self.weight = self.weight.map(change);
        self
    }
}

#[test]
fn training_steps_have_new_filters() {
    let device = Device::flex().autodiff();
    let parts = LARGE.parts(&device);
    let Conv::There(mut conv) = parts.conv else { unreachable!() };
    let mut optimizer: ModuleOptimizer = SgdConfig::new().init();
    let mut seen: Vec<Vec<u32>> = Vec::new();
    for step in 0..4 {
        let y = ops::conv2d(&conv, parts.x.clone(), Epilogue::default());
        let gradients = GradientsParams::from_grads(y.powf_scalar(2.0).mean().backward(), &conv);
        conv = optimizer.step(1.0, conv, gradients);
        let (valid, x) = (conv.valid(), parts.x.clone().inner());
        let ours = ops::conv2d(&valid, x.clone(), Epilogue::default());
        assert_near(&format!("step {step}"), ours.clone(), valid.forward(x), WINOGRAD);
        let ours = bits(ours);
        assert!(!seen.contains(&ours), "step {step} changed nothing");
        seen.push(ours);
    }
}

/// Memory of dropped weights is reused for other weights.
#[test]
fn many_short_lived_nets() {
    let device = Device::flex();
    for i in 0..200 {
        let mut parts = PLAIN.parts(&device);
        let (weight, _) = parts.conv.parameters();
        *weight = weight.clone().map(|weight| weight.mul_scalar(1.0 - 0.01 * i as f32));
        assert_near(&format!("net {i}"), parts.ours(), parts.burns(), WINOGRAD);
    }
}

#[test]
fn threads_share_a_net() {
    for case in [LARGE, DOUBLING, Case { stride: [2, 2], ..LARGE }] {
        let parts = case.parts(&Device::flex());
        let expected = parts.burns();
        // Including the first use, when all threads need the filters at once.
        let found: Vec<Vec<u32>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let parts = parts.clone();
                    scope.spawn(move || {
                        let first = bits(parts.ours());
                        (0..10).for_each(|_| assert!(bits(parts.ours()) == first));
                        first
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(found.iter().all(|bits| *bits == found[0]));
        assert_near("threads", parts.ours(), expected, case.tolerance());
        assert!(bits(parts.ours()) == found[0]);
    }
}

/// The sums do not depend on the number of threads.
#[test]
fn pools_of_other_sizes_give_the_same_bits() {
    let cases = [
        LARGE,
        PLAIN,
        DOUBLING,
        Case { channels: [72, 40], batch: 1, size: [6, 5], ..PLAIN },
        Case { channels: [300, 40], kernel: [1, 1], padding: [0, 0], ..LARGE },
        Case { channels: [300, 40], groups: 2, stride: [2, 1], ..LARGE },
        Case { transposed: true, kernel: [3, 3], stride: [2, 3], ..LARGE },
    ];
    for case in cases {
        let expected = bits(case.parts(&Device::flex()).ours());
        for threads in [1, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| bits(case.parts(&Device::flex()).ours()));
            assert!(found == expected, "{threads} threads, {case:?}");
        }
    }
}

/// The results of a step: output, gradients and running statistics.
fn step(case: &Case, factor: f32) -> Vec<u32> {
    let device = Device::flex().autodiff();
    let parts = case.parts(&device);
    let parts = Parts {
        x: (parts.x * factor).require_grad(),
        residual: parts.residual.require_grad(),
        ..parts
    };
    let y = parts.ours();
    let gradients = y.clone().powf_scalar(2.0).mean().backward();
    let mut all = numbers(y.inner());
    for tensor in [&parts.x, &parts.residual, &parts.conv.weight()] {
        all.extend(numbers(tensor.grad(&gradients).unwrap()));
    }
    for tensor in [parts.norm.gamma.val(), parts.conv.bias().unwrap()] {
        all.extend(numbers(tensor.grad(&gradients).unwrap()));
    }
    all.extend(numbers(parts.norm.running_var.value_sync().inner()));
    all.into_iter().map(f32::to_bits).collect()
}

/// Steps leave their buffers, with any content, to the next step.
#[test]
fn steps_do_not_see_each_other() {
    let cases = [
        LARGE,
        DOUBLING,
        Case { stride: [2, 2], ..LARGE },
        Case { groups: 4, dilation: [2, 2], gate: true, ..LARGE },
        Case { channels: [70, 130], kernel: [1, 1], padding: [0, 0], ..LARGE },
        Case { transposed: true, kernel: [3, 2], stride: [2, 3], ..LARGE },
    ];
    let first: Vec<_> = cases.iter().map(|case| step(case, 1.0)).collect();
    for (case, first) in cases.iter().zip(first) {
        step(case, f32::NAN);
        assert!(step(case, 1.0) == first, "{case:?}: other bits the second time");
    }
}
