//! The devices that tests run on.
use std::env;

use burn::tensor::Device;

use crate::{
    device::{BACKENDS, parse_device},
    error::Error,
};

/// Names the devices to test on, instead of all.
const VARIABLE: &str = "DAFE_TEST_DEVICES";

/// Every backend that is compiled in and has a device, CPUs first, so that a CPU is the reference.
///
/// The variable `DAFE_TEST_DEVICES` names them instead, as [`parse_device`] reads them, with commas: `flex,vulkan:1`.
///
/// # Panics
/// If the variable names a device that isn't there.
pub fn test_devices() -> Vec<Device> {
    match env::var(VARIABLE) {
        Ok(names) => named(&names).unwrap_or_else(|error| panic!("{VARIABLE}={names}: {error}")),
        Err(env::VarError::NotPresent) => {
            BACKENDS.iter().filter_map(|name| present(name).ok()).collect()
        }
        Err(error) => panic!("{VARIABLE}: {error}"),
    }
}

fn named(names: &str) -> Result<Vec<Device>, Error> {
    names.split(',').map(|name| present(name.trim())).collect()
}

/// The device of this name.
///
/// # Errors
/// [`Error::Device`] if the name means nothing, its feature is off, or there is no such device.
fn present(name: &str) -> Result<Device, Error> {
    let device = parse_device(name)?;
    let (backend, number) = name.split_once(':').unzip();
    let Some(found) = adapters(backend.unwrap_or(name)) else { return Ok(device) };
    // Without a number, any adapter will do.
    let is_there = match number {
        Some(_) => found.contains(&device),
        None => !found.is_empty(),
    };
    match is_there {
        true => Ok(device),
        false => Err(Error::Device {
            device: name.to_string(),
            message: format!("not there; there are {found:?}"),
        }),
    }
}

/// A backend's devices on this machine; `None` for CPUs, which are always there.
fn adapters(backend: &str) -> Option<Vec<Device>> {
    match backend {
        #[cfg(feature = "cuda")]
        "cuda" => Some(Device::enumerate(burn::tensor::DeviceType::Cuda).into_vec()),
        #[cfg(feature = "vulkan")]
        "vulkan" => Some(Device::enumerate(burn::tensor::DeviceType::Vulkan).into_vec()),
        #[cfg(feature = "wgpu")]
        "wgpu" => Some(Device::enumerate(burn::tensor::DeviceType::Wgpu).into_vec()),
        _ => None,
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    #[test]
    fn devices_are_there_or_an_error() {
        assert_eq!(named("flex, flex:0").unwrap(), [Device::flex(), Device::flex()]);
        assert!(named("flex,").unwrap_err().to_string().contains("device ''"));
        assert!(named("flex,tpu").unwrap_err().to_string().contains("unknown"));
        #[cfg(feature = "vulkan")]
        assert!(named("vulkan:77").unwrap_err().to_string().contains("not there"));
    }
}
