//! Outputs.
use burn::{nn::PaddingConfig2d, prelude::*, tensor::Tensor};
use dafe::ops::Activation;
use proptest::prelude::*;

use super::{
    cases::{Case, DOUBLING, PLAIN, cases},
    near::{assert_near, bits},
    parts::{Conv, Parts},
};
use crate::common::devices::devices;

fn check(case: &Case) {
    check_on(&Device::flex(), case);
}

fn check_on(device: &Device, case: &Case) {
    let parts = case.parts(device);
    let ours = parts.ours();
    let burns = case.parts(&Device::flex()).burns();
    assert_near(&format!("{case:?}"), ours.clone(), burns, case.tolerance());
    // Freed memory is reused: old values in it must not show.
    let first = bits(ours);
    let spoiled = Parts { x: parts.x.clone() * f32::NAN, ..parts.clone() };
    drop(spoiled.ours());
    assert!(first == bits(parts.ours()), "{case:?}: other bits the second time");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(512)
    })]

    #[test]
    fn convolutions_are_burns(case in cases(false)) {
        check(&case);
    }

    #[test]
    fn transposed_convolutions_are_burns(case in cases(true)) {
        check(&case);
    }
}

#[cfg(feature = "ndarray")]
proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(128)
    })]

    #[test]
    fn convolutions_on_ndarray_are_burns(case in cases(false)) {
        check_on(&crate::common::devices::ndarray(), &case);
    }

    #[test]
    fn transposed_convolutions_on_ndarray_are_burns(case in cases(true)) {
        check_on(&crate::common::devices::ndarray(), &case);
    }
}

/// Sizes as in real networks: work shared by images and by channels, several steps in depth,
/// several bands.
#[test]
fn large_convolutions_are_burns() {
    check(&Case { channels: [64, 64], size: [40, 40], ..PLAIN });
    check(&Case { channels: [256, 256], size: [20, 20], batch: 1, ..PLAIN });
    check(&Case { channels: [257, 40], size: [10, 10], ..PLAIN });
    check(&Case { channels: [128, 64], size: [33, 47], stride: [2, 2], ..PLAIN });
    check(&Case {
        channels: [3, 64],
        size: [65, 70],
        kernel: [7, 7],
        stride: [2, 2],
        padding: [3, 3],
        ..PLAIN
    });
    check(&Case { channels: [300, 70], size: [40, 21], kernel: [1, 1], padding: [0, 0], ..PLAIN });
    check(&Case { channels: [530, 17], size: [3, 5], kernel: [1, 1], padding: [0, 0], ..PLAIN });
    check(&Case { channels: [64, 32], size: [40, 40], batch: 3, ..DOUBLING });
    check(&Case { channels: [256, 128], size: [32, 32], batch: 1, ..DOUBLING });
    check(&Case { channels: [300, 24], size: [12, 10], batch: 1, ..DOUBLING });
}

/// Asymmetric and size-preserving padding are not handled by our kernels.
#[test]
fn other_paddings() {
    for device in devices() {
        let parts = PLAIN.parts(&device);
        for padding in [PaddingConfig2d::Explicit(0, 2, 2, 0), PaddingConfig2d::Same] {
            let Conv::There(mut conv) = parts.conv.clone() else { unreachable!() };
            conv.padding = padding;
            let parts = Parts { conv: Conv::There(conv), ..parts.clone() };
            assert_near("padding", parts.ours(), parts.burns(), PLAIN.tolerance());
        }
    }
}

/// A strided view leaves taps out of order in memory: with these sizes the first of eight and the
/// last are seven apart, as if all were contiguous.
#[test]
fn taps_out_of_order() {
    let case = Case { channels: [1, 1], size: [1, 8], kernel: [1, 8], stride: [1, 2], ..PLAIN };
    // The only output must not be zeroed by ReLU.
    check(&Case { padding: [0, 0], batch: 1, activation: Activation::Identity, ..case });
}

/// A batch without images.
#[test]
fn no_image() {
    for case in [PLAIN, DOUBLING, Case { stride: [2, 2], ..PLAIN }] {
        let case = Case { batch: 0, ..case };
        for device in devices() {
            assert_eq!(case.parts(&device).ours().dims(), case.output());
        }
    }
}

/// NaN must show, not vanish in ReLU.
#[test]
fn nan_stays() {
    for case in [PLAIN, DOUBLING, Case { kernel: [1, 1], padding: [0, 0], ..PLAIN }] {
        for device in devices() {
            let parts = case.parts(&device);
            let nan = Parts { residual: parts.residual.clone() * f32::NAN, ..parts };
            assert!(nan.ours().is_nan().all().into_scalar::<bool>());
        }
    }
}

/// The same values with other memory layouts.
fn views(tensor: &Tensor<4>) -> Vec<Tensor<4>> {
    // Created from data, so that its layout is contiguous.
    let fresh = |tensor: Tensor<4>| Tensor::<4>::from_data(tensor.into_data(), &Device::flex());
    let junk = || Tensor::full_like(tensor, f32::NAN);
    let mut views = vec![
        fresh(tensor.clone().permute([0, 2, 3, 1])).permute([0, 3, 1, 2]),
        fresh(tensor.clone().permute([3, 1, 2, 0])).permute([3, 1, 2, 0]),
        fresh(tensor.clone().flip([2, 3])).flip([2, 3]),
    ];
    for dim in 0..4 {
        let long = fresh(Tensor::cat(vec![junk(), tensor.clone(), junk()], dim));
        let size = tensor.dims()[dim];
        views.push(long.clone().narrow(dim, size, size));
        let long = fresh(Tensor::cat(vec![tensor.clone(), junk()], dim));
        views.push(long.narrow(dim, 0, size));
    }
    views
}

#[test]
fn views_are_what_they_show() {
    let pointwise = Case { kernel: [1, 1], padding: [0, 0], ..PLAIN };
    let grouped = Case { groups: 4, stride: [2, 1], ..PLAIN };
    for case in [PLAIN, DOUBLING, pointwise, grouped] {
        let parts = case.parts(&Device::flex());
        let expected = bits(parts.ours());
        let with_weight = |weight: Tensor<4>| {
            let mut parts = parts.clone();
            *parts.conv.parameters().0 = burn::module::Param::from_tensor(weight);
            parts
        };
        let x = views(&parts.x).into_iter().map(|x| Parts { x, ..parts.clone() });
        let residual = views(&parts.residual);
        let residual = residual.into_iter().map(|residual| Parts { residual, ..parts.clone() });
        let gate = views(&parts.gate).into_iter().map(|gate| Parts { gate, ..parts.clone() });
        let weight = views(&parts.conv.weight()).into_iter().map(with_weight);
        for (i, viewed) in x.chain(residual).chain(gate).chain(weight).enumerate() {
            assert!(bits(viewed.ours()) == expected, "view {i} of {case:?}");
        }
    }
}

#[test]
fn expanded_tensors_are_what_they_show() {
    let parts = PLAIN.parts(&Device::flex());
    let expand =
        |tensor: &Tensor<4>, dim: usize| tensor.clone().narrow(dim, 0, 1).expand(tensor.dims());
    for dim in 0..4 {
        let mut expanded = Parts {
            x: expand(&parts.x, dim),
            residual: expand(&parts.residual, (dim + 1) % 4),
            gate: expand(&parts.gate, dim),
            ..parts.clone()
        };
        let weight = expand(&parts.conv.weight(), dim);
        *expanded.conv.parameters().0 = burn::module::Param::from_tensor(weight);
        let name = format!("expanded along {dim}");
        assert_near(&name, expanded.ours(), expanded.burns(), PLAIN.tolerance());
    }
}

/// One tensor contains the weights of two convolutions of equal size: their filters differ.
#[test]
fn weights_that_share_memory() {
    let device = Device::flex();
    let large = Case { channels: [16, 48], ..PLAIN }.parts(&device).conv.weight();
    let mut parts = PLAIN.parts(&device);
    for first in [0, 16, 32, 0] {
        let weight = large.clone().narrow(0, first, 16);
        *parts.conv.parameters().0 = burn::module::Param::from_tensor(weight);
        assert_near("a part", parts.ours(), parts.burns(), PLAIN.tolerance());
    }
    // The same memory with other sizes.
    let weight = large.clone().reshape([24, 32, 3, 3]);
    let mut parts = Case { channels: [32, 24], ..PLAIN }.parts(&device);
    let Conv::There(conv) = &mut parts.conv else { unreachable!() };
    conv.weight = burn::module::Param::from_tensor(weight);
    assert_near("reshaped", parts.ours(), parts.burns(), PLAIN.tolerance());
}

/// Other devices use matrix products or Burn's operations; the outputs are the same.
#[test]
fn other_devices() {
    let devices = [
        #[cfg(feature = "ndarray")]
        crate::common::devices::ndarray(),
        #[cfg(feature = "ndarray")]
        crate::common::devices::ndarray().autodiff(),
        Device::flex().autodiff(),
        Device::flex().autodiff().gradient_checkpointing(),
    ];
    for case in [PLAIN, DOUBLING, Case { stride: [2, 1], groups: 4, ..PLAIN }] {
        let expected = case.parts(&Device::flex()).burns();
        for device in &devices {
            let mut parts = case.parts(device);
            // With running statistics everywhere.
            parts.norm = parts.norm.freeze();
            let ours = Tensor::from_data(parts.ours().into_data(), &Device::flex());
            assert_near(
                &format!("{case:?} on {device:?}"),
                ours,
                expected.clone(),
                case.tolerance(),
            );
        }
    }
}
