//! The devices that tests run on.
use std::env;

use burn::tensor::Device;

use crate::device::{BACKENDS, parse_device, parse_devices};

/// Lists the devices to test on instead of all.
const VARIABLE: &str = "DAFE_TEST_DEVICES";

/// One device of every enabled backend that has one, CPUs first.
///
/// The variable `DAFE_TEST_DEVICES` overrides them, as a comma-separated list for
/// [`parse_devices`]: `flex,vulkan:1`.
///
/// # Panics
/// If the variable names a device that does not exist: requested tests must not be skipped
/// silently.
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
