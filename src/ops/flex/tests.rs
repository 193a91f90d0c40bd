//! All operations with each vector length of this processor: machines with shorter vectors use the
//! same code. (Correctness with the longest vectors is tested in `tests/ops`.)
use std::{
    cell::Cell,
    sync::{Mutex, PoisonError},
};

use burn::{
    nn::{
        BatchNormConfig, PaddingConfig2d,
        conv::{Conv2dConfig, ConvTranspose2dConfig},
    },
    tensor::{Device, Distribution, Tensor, Tolerance},
};
use pulp::Arch;

use super::peak::peak;
use crate::ops::{self, Epilogue};
#[cfg(feature = "data")]
use crate::{
    backbone::ResNetConfig,
    heatmap::{HeatmapCodec, Refinement},
    loss::heatmap_mse,
    model::LandmarkNetConfig,
};

static FORCED: Mutex<Option<Arch>> = Mutex::new(None);

/// The vectors to use instead of the longest ones.
pub(super) fn forced() -> Option<Arch> {
    *FORCED.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static COPIES: Cell<usize> = const { Cell::new(0) };
}

/// Counts a tensor copied because it was not channels last.
pub(super) fn count_copy() {
    COPIES.set(COPIES.get() + 1);
}

/// Runs `work` with each vector length. Tests that run at the same time may use the lengths too,
/// and must pass with all of them.
fn with_each(mut work: impl FnMut(Arch)) {
    let mut all = vec![Arch::new(), Arch::Scalar];
    #[cfg(target_arch = "x86_64")]
    all.extend(pulp::x86::V3::try_new().map(Arch::V3));
    for arch in all {
        *FORCED.lock().unwrap_or_else(PoisonError::into_inner) = Some(arch);
        work(arch);
    }
    *FORCED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Sizes `[height, width]`: less than a vector, some vectors and a remainder, and many.
const SIZES: [[usize; 2]; 4] = [[1, 1], [5, 3], [9, 14], [21, 40]];

fn random(shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

fn assert_near<const D: usize>(ours: Tensor<D>, burns: Tensor<D>) {
    // Winograd's rounding, some 2e-6 of the largest value, with room for another order of
    // summation.
    let largest = burns.clone().abs().max().into_scalar::<f32>().max(1.0);
    ours.into_data()
        .assert_approx_eq::<f32>(&burns.into_data(), Tolerance::absolute(2e-5 * largest));
}

#[test]
fn convolutions_with_all_vectors() {
    let device = Device::flex();
    let norm = BatchNormConfig::new(20).init(&device);
    // Winograd; sums over runs; sums over single pixels; groups; several steps in the depth.
    for (inputs, kernel, stride, groups) in [
        (17, [3, 3], [1, 1], 1),
        (3, [3, 5], [1, 1], 1),
        (6, [3, 3], [2, 3], 2),
        (33, [3, 3], [2, 2], 1),
    ] {
        let conv = Conv2dConfig::new([inputs, 20], kernel)
            .with_stride(stride)
            .with_groups(groups)
            .with_padding(PaddingConfig2d::Explicit(1, kernel[1] / 2, 1, kernel[1] / 2))
            .init(&device);
        for [height, width] in SIZES {
            let x = random([2, inputs, height, width], &device);
            let plain = conv.forward(x.clone());
            let [batch, channels, rows, columns] = plain.dims();
            let residual = random([batch, channels, rows, columns], &device);
            let gate = random([batch, 1, rows, columns], &device);
            let epilogue = || Epilogue {
                residual: Some(residual.clone()),
                gate: Some(gate.clone()),
                ..Epilogue::norm_relu(&norm)
            };
            let expected = epilogue().apply(plain);
            with_each(|_| {
                assert_near(ops::conv2d(&conv, x.clone(), epilogue()), expected.clone());
            });
        }
    }
}

#[test]
fn transposed_convolutions_with_all_vectors() {
    let device = Device::flex();
    for (channels, kernel) in [([16, 20], [4, 4]), ([5, 7], [3, 4]), ([9, 3], [2, 2])] {
        let conv = ConvTranspose2dConfig::new(channels, kernel)
            .with_stride([2, 2])
            .with_padding([(kernel[0] - 1) / 2; 2])
            .init(&device);
        for [height, width] in SIZES {
            // A batch large enough for Winograd's filters.
            let x = random([3, channels[0], height, width], &device);
            let expected = conv.forward(x.clone());
            with_each(|_| {
                let ours = ops::conv_transpose2d(&conv, x.clone(), [0, 0], Epilogue::default());
                assert_near(ours, expected.clone());
            });
        }
    }
}

#[test]
fn gradients_with_all_vectors() {
    let device = Device::flex().autodiff();
    for (inputs, kernel, stride) in
        [(16, [3, 3], [1, 1]), (5, [3, 3], [2, 1]), (40, [1, 1], [1, 1])]
    {
        let conv = Conv2dConfig::new([inputs, 18], kernel)
            .with_stride(stride)
            .with_padding(PaddingConfig2d::Explicit(
                kernel[0] / 2,
                kernel[1] / 2,
                kernel[0] / 2,
                kernel[1] / 2,
            ))
            .init(&device);
        let norm = BatchNormConfig::new(18).init(&device);
        for size in [[5, 3], [23, 26]] {
            let x = random([2, inputs, size[0], size[1]], &device).require_grad();
            let plain = conv.forward(x.clone());
            let residual = random(plain.dims(), &device).require_grad();
            let flow = random(plain.dims(), &device);
            // With ReLU before the norm's own gradient, rounding would decide; `tests/ops` covers
            // it.
            let run = |y: Tensor<4>| {
                let gradients = (y * flow.clone()).sum().backward();
                [&x, &conv.weight.val(), &residual].map(|tensor| tensor.grad(&gradients).unwrap())
            };
            let epilogue =
                || Epilogue { residual: Some(residual.clone()), ..Epilogue::norm(&norm) };
            let expected = run(epilogue().apply(plain));
            with_each(|_| {
                let ours = run(ops::conv2d(&conv, x.clone(), epilogue()));
                for (ours, burns) in ours.into_iter().zip(expected.clone()) {
                    assert_near(ours, burns);
                }
            });
        }
    }
}

#[test]
fn highest_values_with_all_vectors() {
    for length in [1, 7, 130, 700] {
        for place in [0, length / 2, length - 1] {
            let mut values: Vec<f32> = (0..length).map(|i| (i * 37 % 101) as f32).collect();
            values[place] = 200.0;
            with_each(|arch| assert_eq!(peak(&values), Some((place, 200.0)), "{arch:?}"));
            values[place] = f32::NAN;
            with_each(|arch| assert_eq!(peak(&values), None, "{arch:?}"));
        }
    }
}

/// Images of `[height, width]`, channels last.
#[cfg(feature = "data")]
fn images(batch: usize, [height, width]: [usize; 2], device: &Device) -> Tensor<4> {
    let bytes: Vec<u8> = (0..batch * height * width * 3).map(|i| (i * 37 % 256) as u8).collect();
    super::planes(&bytes, [batch, height, width], [[120.0; 3], [60.0; 3]], device).expect("Flex")
}

/// Between the image's bytes and the landmarks, and in a whole training step, no tensor is copied
/// to another memory order.
#[cfg(feature = "data")]
#[test]
fn nothing_is_copied_into_another_order() {
    // On a thread of its own pool, which counts all copies and none of other tests.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(no_copies);
}

fn no_copies() {
    let codec = HeatmapCodec::new([64, 96], 4, 2.0);
    for backbone in [ResNetConfig::resnet18(), ResNetConfig::resnet50()] {
        let config = LandmarkNetConfig::new(5).with_backbone(backbone.with_width(8));
        for device in [Device::flex(), Device::flex().autodiff()] {
            let net = config.init(&device);
            let before = COPIES.get();
            let heatmaps = net.forward(images(2, [96, 64], &device));
            if device.is_autodiff() {
                let target = Tensor::zeros(heatmaps.dims(), &device);
                let weights = Tensor::ones([2, 5], &device);
                heatmap_mse(heatmaps, target, weights).backward();
            } else {
                codec.decode(heatmaps, Refinement::QuarterOffset);
            }
            assert_eq!(COPIES.get() - before, 0, "copies on {device:?}");
        }
    }
    // The counter works.
    let device = Device::flex();
    let conv = Conv2dConfig::new([3, 4], [1, 1]).init(&device);
    let before = COPIES.get();
    ops::conv2d(&conv, random([1, 3, 5, 4], &device), Epilogue::default());
    assert_eq!(COPIES.get() - before, 1);
}

#[test]
fn passes_run_on_one_pool_one_at_a_time() {
    use super::pool::in_pool;

    let thread = || std::thread::current().id();
    let here = thread();
    // Another test may be using the pool; then a pass stays on its thread.
    in_pool(|| {
        let of_pass = thread();
        // A pass within a pass stays on its thread,
        assert_eq!(in_pool(thread), of_pass);
        // and a pass that another thread starts at the same time stays on that thread.
        let another = std::thread::spawn(move || (in_pool(thread), thread()));
        let (ran_on, begun_on) = another.join().unwrap();
        assert!(of_pass == here || ran_on == begun_on);
    });
    // A panic leaves the pool intact.
    let result = std::panic::catch_unwind(|| in_pool(|| panic!("of the pass")));
    assert_eq!(*result.unwrap_err().downcast::<&str>().unwrap(), "of the pass");
    assert_eq!(in_pool(|| 1), 1);
}
