//! Tests that a computation gives the same on every backend: values and gradients.
//!
//! A block that works on one backend may panic or be wrong on another: an operation without a
//! backward pass there, a kernel that reads a strided tensor wrongly. [`assert_backends_agree`]
//! runs a program of yours once on each device and compares what comes out, the gradients of all
//! inputs and parameters, and the running statistics of normalizations. This crate's own blocks,
//! networks, codec, losses and training step are tested by it (`tests/backends`).
//!
#![cfg_attr(all(feature = "flex", feature = "ndarray"), doc = "```")]
#![cfg_attr(not(all(feature = "flex", feature = "ndarray")), doc = "```ignore")]
//! use burn::{
//!     module::Module,
//!     nn::conv::{Conv2d, Conv2dConfig},
//!     tensor::activation::sigmoid,
//! };
//! use dafe::{
//!     prelude::*,
//!     testing::{Tolerance, assert_backends_agree, random_values, randomized, test_devices},
//! };
//!
//! /// Your own block: a map times a gate for each pixel.
//! #[derive(Module, Debug)]
//! struct PixelGate {
//!     gate: Conv2d,
//! }
//!
//! impl PixelGate {
//!     fn forward(&self, x: Tensor<4>) -> Tensor<4> {
//!         sigmoid(self.gate.forward(x.clone())) * x
//!     }
//! }
//!
//! let block = PixelGate { gate: Conv2dConfig::new([3, 1], [1, 1]).init(&Device::flex()) };
//! let block = randomized(block, 1);
//! let x = random_values([2, 3, 5, 4], 2);
//! assert_backends_agree(&test_devices(), Tolerance::default(), |run| {
//!     let block = run.module("block", &block);
//!     let x = run.input("x", &x);
//!     run.output("y", block.forward(x));
//! });
//! ```
//!
//! Functions need no [`DeviceRun::module`]. Shapes, parameters and inputs are best drawn by a property test (`proptest`), each
//! from a seed: [`random_values`] and [`randomized`] give the same numbers on every machine.
//!
//! # Devices
//!
//! [`test_devices`] is every backend that is compiled in and has a device: build your tests with the features `flex` and
//! `ndarray`, and on a machine with a GPU with `vulkan` or `cuda` as well. The first device is the reference. The variable
//! `DAFE_TEST_DEVICES=flex,vulkan` names the devices; one that is missing is an error then, for continuous integration.
//!
//! This crate's own tests agree on Flex and ndarray. They never ran on CUDA. On Vulkan they ran on SwiftShader alone, a driver
//! in software (`.ci/swiftshader.sh` fetches it), which can't stand in for a GPU with Burn 0.22.1:
//!
//! - Matrix products come out wrong. CubeCL 0.11.3 declares a kernel's shared memory with a pointer too many wherever the
//!   driver lacks `VK_KHR_workgroup_memory_explicit_layout` (`lower_shared_implicit` in `cubecl-spirv`). Drivers that have
//!   this extension take another path.
//! - Bytes come out wrong: SwiftShader lacks 8-bit integers.
//!
//! What needs neither agrees there, gradients included: convolutions and transposed convolutions,
//! pooling, whole ResNets with batch normalization, channel attention, all losses, encoding, soft
//! argmax, flip tests. Continuous integration runs these.
//!
//! # What can't be compared
//!
//! - Where rounding decides (ReLU at 0, two equal values in a maximum), gradients may differ by as much as they are. For
//!   drawn inputs that is rare, and a fixed seed keeps it from coming and going. Don't draw ties.
//! - A value that is infinite or not a number fails, even on all devices: a block that gives NaN everywhere agrees with
//!   itself and is still wrong. Where that is meant, list what can be compared: `x.is_finite()` as a [`DeviceRun::value`].
//! - Random numbers drawn while the program runs (dropout) differ.
mod devices;
mod disagreement;
mod draw;
mod run;
#[cfg(all(test, feature = "flex"))]
mod tests;

use burn::tensor::Device;

pub use devices::test_devices;
pub use disagreement::{Disagreement, Mismatch, Tolerance};
pub use draw::{random_values, randomized};
pub use run::DeviceRun;

/// Runs `program` on each device and panics unless all agree with the first, on what [`DeviceRun`] lists.
///
/// # Panics
/// With the [`Disagreement`] as its message; as [`compare_backends`].
#[track_caller]
pub fn assert_backends_agree(
    devices: &[Device],
    tolerance: Tolerance,
    program: impl Fn(&mut DeviceRun),
) {
    if let Err(disagreement) = compare_backends(devices, tolerance, program) {
        panic!("{disagreement}");
    }
}

/// Runs `program` on each device and compares all with the first, on what [`DeviceRun`] lists.
///
/// # Errors
/// The first [`Disagreement`], in the order of the devices and of what the program lists.
///
/// # Panics
/// If there are fewer than two devices, or the program lists nothing: such a test can't fail.
pub fn compare_backends(
    devices: &[Device],
    tolerance: Tolerance,
    program: impl Fn(&mut DeviceRun),
) -> Result<(), Box<Disagreement>> {
    let [reference, others @ ..] = devices else { panic!("there is no device to run on") };
    assert!(!others.is_empty(), "there is nothing to compare {reference:?} with");
    let recorded = |device: &Device| {
        let mut run = DeviceRun::new(device);
        program(&mut run);
        run.finish()
    };
    let expected = recorded(reference);
    assert!(!expected.is_empty(), "the program lists nothing to compare");
    for device in others {
        let found = recorded(device);
        if let Some((what, mismatch)) = disagreement::first(&expected, &found, tolerance) {
            let (device, reference) = (device.clone(), reference.clone());
            return Err(Box::new(Disagreement { device, reference, what, mismatch }));
        }
    }
    Ok(())
}
