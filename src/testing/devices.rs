//! The devices that tests run on.
use std::env;

use burn::tensor::Device;

use crate::device::{BACKENDS, parse_device, parse_devices};

/// Names the devices to test on, instead of all.
const VARIABLE: &str = "DAFE_TEST_DEVICES";

/// Every backend that is compiled in and has a device, the CPU's first.
///
/// The variable `DAFE_TEST_DEVICES` names them instead, as [`parse_devices`] reads them, with commas: `flex,vulkan:1`.
///
/// # Panics
/// If the variable names a device that isn't there: a test that was asked for must not quietly leave it out.
pub fn test_devices() -> Vec<Device> {
    match env::var(VARIABLE) {
        Ok(names) => {
            parse_devices(&names).unwrap_or_else(|error| panic!("{VARIABLE}={names}: {error}"))
        }
        Err(env::VarError::NotPresent) => {
            // CPUs first, so that a CPU is the reference.
            BACKENDS.iter().filter_map(|name| parse_device(name).ok()).collect()
        }
        Err(error) => panic!("{VARIABLE}: {error}"),
    }
}
