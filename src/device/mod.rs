//! Devices by name, as on command lines and in files: local devices, and devices served by other
//! machines. All backends can be in one program; which one computes is decided when it runs.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::{ErrorKind, device::parse_device, prelude::*};
//!
//! let device = parse_device("flex")?;
//! assert_eq!(Tensor::<1>::from_floats([1.0, 2.0], &device).sum().into_scalar::<f32>(), 3.0);
//!
//! let error = parse_device("flex:1").unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::Device);
//! assert_eq!(error.to_string(), "device 'flex:1': there is one CPU, number 0");
//! # Ok::<(), dafe::Error>(())
//! ```
//!
//! | name | device | cargo feature |
//! |---|---|---|
//! | `flex`, `ndarray` | the CPU, all cores | `flex`, `ndarray` |
//! | `cuda`, `cuda:1` | an NVIDIA GPU, by its CUDA number | `cuda` |
//! | `vulkan`, `vulkan:1`, `wgpu`, `wgpu:1` | a graphics adapter: without a number, the one that wgpu prefers; numbers are in the order discrete, integrated, virtual, software | `vulkan`, `wgpu` |
//! | `remote:HOST:PORT`, `remote:HOST:PORT#1` | a device served by another machine (the first one without a number); IPv6 addresses in brackets | `remote` |
//!
//! # Other machines
//!
//! A machine serves its devices with `DeviceServer` (feature `remote-server`; the example
//! `serve_devices` is a program for it). The names of served devices are accepted wherever a device
//! name is. Tensors and operations are sent over WebSocket, **unencrypted**: use a tunnel (SSH, a
//! VPN) on untrusted networks. A `Token` keeps strangers from using the devices.
mod local;
mod name;
#[cfg(feature = "remote")]
mod remote;
#[cfg(feature = "remote-server")]
mod server;
#[cfg(feature = "remote")]
mod token;

use burn::tensor::Device;

#[cfg(feature = "testing")]
pub(crate) use self::name::BACKENDS;
pub use self::name::DeviceName;
#[cfg(feature = "remote-server")]
pub use self::server::DeviceServer;
#[cfg(feature = "remote")]
pub use self::token::Token;
use crate::{Error, ErrorKind};

/// Opens the device named `name`: [`DeviceName::open`] of the parsed name.
///
/// # Errors
/// A [device error](crate::ErrorKind::Device) if the name is invalid, its feature is not enabled,
/// or the device does not exist.
pub fn parse_device(name: &str) -> Result<Device, Error> {
    name.parse::<DeviceName>()?.open()
}

/// Opens the devices in a comma-separated list of at least one name. A device may be named several
/// times.
///
/// All names are parsed before the first device is opened.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{device::parse_devices, prelude::*};
///
/// assert_eq!(parse_devices("flex, flex")?, [Device::flex(), Device::flex()]);
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// As [`parse_device`], for the first name that fails.
pub fn parse_devices(names: &str) -> Result<Vec<Device>, Error> {
    let names = names.split(',').map(|name| name.trim().parse());
    let names = names.collect::<Result<Vec<DeviceName>, _>>()?;
    names.iter().map(DeviceName::open).collect()
}

/// A single-line [device error](crate::ErrorKind::Device), whatever `name` contains.
fn failed(name: &str, message: impl Into<String>) -> Error {
    let message = format!("device '{}': {}", name.escape_debug(), message.into());
    Error::new(ErrorKind::Device, message)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_or_explained() {
        assert_eq!(parse_device("flex").unwrap(), Device::flex());
        assert_eq!(parse_device("flex:0").unwrap(), Device::flex());
        assert_eq!(parse_devices("flex, flex").unwrap(), [Device::flex(), Device::flex()]);
        let message = |names| parse_devices(names).unwrap_err().to_string();
        assert!(message("tpu").starts_with("device 'tpu': unknown; there are flex, ndarray,"));
        assert!(message("").starts_with("device '': unknown"));
        assert!(message("flex,").starts_with("device '': unknown"));
        assert!(message("two\nlines").starts_with("device 'two\\nlines': unknown"));
        assert_eq!(message("cuda:x"), "device 'cuda:x': cuda: must be followed by a number");
        assert_eq!(message("flex:1"), "device 'flex:1': there is one CPU, number 0");
        #[cfg(not(feature = "cuda"))]
        assert_eq!(
            message("flex,cuda:0"),
            "device 'cuda:0': not compiled in; build with `--features cuda`"
        );
        #[cfg(not(feature = "remote"))]
        assert_eq!(
            message("remote:host:1"),
            "device 'remote:host:1#0': not compiled in; build with `--features remote`"
        );
    }
}
