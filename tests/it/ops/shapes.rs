//! Wrong shapes panic and name both shapes.
use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::prelude::*;

use super::{
    cases::{Case, DOUBLING, PLAIN},
    parts::Parts,
};
use crate::common::devices::devices;

/// The message of the expected panic.
#[track_caller]
fn panic_of(parts: &Parts) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| parts.ours())).expect_err("no panic");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast_ref::<&str>().unwrap().to_string(),
    }
}

#[track_caller]
fn assert_says(parts: &Parts, numbers: [&str; 2]) {
    let message = panic_of(parts);
    assert!(numbers.iter().all(|number| message.contains(number)), "{message}");
}

/// Each CPU backend, with and without autodiff.
fn all_devices() -> impl Iterator<Item = Device> {
    devices().into_iter().flat_map(|device| [device.clone(), device.autodiff()])
}

#[test]
fn wrong_channels() {
    for device in all_devices() {
        for case in [PLAIN, DOUBLING] {
            let mut parts = case.parts(&device);
            parts.x = parts.x.narrow(1, 0, 13);
            assert_says(&parts, ["13", "16"]);
            // Batch normalization with fewer channels, and with more.
            for channels in [8, 24] {
                let other = Case { channels: [16, channels], ..case.clone() }.parts(&device);
                let parts = Parts { norm: other.norm, ..case.parts(&device) };
                assert_says(&parts, ["16", &channels.to_string()]);
            }
        }
    }
}

#[test]
fn wrong_residuals_and_gates() {
    for device in all_devices() {
        for gate in [false, true] {
            let case = Case { gate, ..PLAIN };
            let parts = case.parts(&device);
            // Transposed, it has the same number of values.
            let residual = parts.residual.clone().swap_dims(2, 3);
            assert_says(&Parts { residual, ..parts.clone() }, ["expected 9", "got 7"]);
            let residual = parts.residual.clone().repeat_dim(0, 2);
            assert_says(&Parts { residual, ..parts.clone() }, ["expected 2", "got 4"]);
            let residual = parts.residual.clone().narrow(1, 0, 1);
            assert_says(&Parts { residual, ..parts }, ["expected 16", "got 1"]);
        }
        let parts = PLAIN.parts(&device);
        let gate = parts.gate.clone().repeat_dim(1, 16);
        assert_says(&Parts { gate, ..parts.clone() }, ["expected 1", "got 16"]);
        let gate = parts.gate.clone().narrow(3, 0, 6);
        assert_says(&Parts { gate, ..parts }, ["expected 7", "got 6"]);
    }
}

#[test]
fn kernels_that_do_not_fit() {
    for device in all_devices() {
        let large = Case { kernel: [5, 3], size: [9, 7], ..PLAIN };
        let mut parts = large.parts(&device);
        parts.x = parts.x.narrow(2, 0, 2);
        // Two rows, and one of padding on each side.
        assert_says(&parts, ["5", "4"]);
    }
}
