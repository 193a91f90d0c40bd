//! Tests that a computation has the same values and gradients on every backend.
//!
//! A block that works on one backend may panic or be wrong on another, for example because an
//! operation has no backward pass there or a kernel reads strided tensors incorrectly.
//! [`assert_backends_agree`] runs your program once on each device. It compares the outputs, the
//! gradients of all inputs and parameters, and the running statistics of normalizations.
//!
#![cfg_attr(all(feature = "flex", feature = "ndarray"), doc = "```")]
#![cfg_attr(not(all(feature = "flex", feature = "ndarray")), doc = "```ignore")]
//! use burn::tensor::activation::sigmoid;
//! use dafe::testing::{Tolerance, assert_backends_agree, random_values, test_devices};
//!
//! let x = random_values([2, 3, 5, 4], 0);
//! assert_backends_agree(&test_devices(), Tolerance::default(), |run| {
//!     let x = run.input::<4>("x", &x);
//!     run.output("y", sigmoid(x.clone()) * x);
//! });
//! ```
//!
//! This crate tests its own blocks, networks, codec, losses and training step with it. Property
//! tests (`proptest`) are a good way to vary shapes, parameters and inputs by seed:
//! [`random_values`] and [`randomized`] give the same numbers on every machine.
//!
//! # Blocks with parameters
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
//! # Devices
//!
//! [`test_devices`] returns one device of every enabled backend that has one. Build your tests with
//! the features `flex` and `ndarray`, and on a machine with a GPU also with `vulkan` or `cuda`. The
//! first device is the reference. The variable `DAFE_TEST_DEVICES=flex,vulkan` selects the devices;
//! a missing one is then an error, which is useful for continuous integration.
//!
//! This crate's own tests agree on Flex and ndarray. They have never run on CUDA. On Vulkan they
//! have only run on SwiftShader, a software driver (`.ci/swiftshader.sh` downloads it), which can't
//! replace a GPU with Burn 0.22.1:
//!
//! - Matrix products are wrong. CubeCL 0.11.3 declares a kernel's shared memory with one pointer
//!   too many if the driver lacks `VK_KHR_workgroup_memory_explicit_layout`
//!   (`lower_shared_implicit` in `cubecl-spirv`). Drivers with this extension take another path.
//! - Bytes are wrong, because SwiftShader lacks 8-bit integers.
//!
//! Everything else agrees there, including gradients: convolutions and transposed convolutions,
//! pooling, whole ResNets with batch normalization, channel attention, all losses, encoding, soft
//! argmax, flip tests. Continuous integration runs these.
//!
//! # What can't be compared
//!
//! - Where rounding decides (ReLU at 0, two equal values in a maximum), gradients may differ by
//!   their full size. For random inputs this is rare, and a fixed seed makes it reproducible. Avoid
//!   ties.
//! - Infinite values and NaN fail, even if all devices agree: a block that returns NaN everywhere
//!   is consistent but wrong. Where they are intended, record something comparable: `x.is_finite()`
//!   as a [`DeviceRun::value`].
//! - Random numbers that are sampled while the program runs (dropout) differ.
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

/// Runs `program` on each device and panics unless all agree with the first on everything that it
/// records in [`DeviceRun`].
///
/// # Panics
/// With the [`Disagreement`] as the message; also as [`compare_backends`].
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

/// Runs `program` on each device and compares everything that it records in [`DeviceRun`] with the
/// first device.
///
#[cfg_attr(all(feature = "flex", feature = "ndarray"), doc = "```")]
#[cfg_attr(not(all(feature = "flex", feature = "ndarray")), doc = "```ignore")]
/// use dafe::{
///     prelude::*,
///     testing::{Tolerance, compare_backends, random_values},
/// };
///
/// let x = random_values([3], 0);
/// let tolerance = Tolerance { absolute: 1e-3, ..Tolerance::default() };
/// let compared = compare_backends(&[Device::flex(), Device::ndarray()], tolerance, |run| {
///     let x = run.input::<1>("x", &x);
///     // An error of a tenth on one device.
///     let wrong = run.device().clone().inner() == Device::ndarray();
///     run.output("y", if wrong { x * 1.1 } else { x });
/// });
/// assert_eq!(compared.unwrap_err().what, "y");
/// ```
///
/// # Errors
/// The first [`Disagreement`], in the order of devices and then of recorded values.
///
/// # Panics
/// If there are fewer than two devices, or the program records nothing: such a test can't fail.
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
