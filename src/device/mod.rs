//! Devices by name: this machine's, and those that other machines serve.
//!
//! | name | device | cargo feature |
//! |---|---|---|
//! | `flex`, `ndarray` | the CPU, all cores | `flex`, `ndarray` |
//! | `cuda`, `cuda:1` | an NVIDIA card, by CUDA's numbers | `cuda` |
//! | `vulkan`, `vulkan:1`, `wgpu`, `wgpu:1` | a graphics adapter: without a number the one that wgpu thinks best, with one in the order discrete, integrated, virtual, software | `vulkan`, `wgpu` |
//! | `remote:HOST:PORT`, `remote:HOST:PORT#1` | a device that another machine serves (the first without a number); IPv6 addresses in brackets | `remote` |
//!
//! # Other machines
//!
//! A machine serves its devices with `DeviceServer` (feature `remote-server`; the example `serve_devices` is a program for it), and
//! everything that takes a device takes its names. Tensors and operations travel over WebSocket, **unencrypted**: through an
//! untrusted network only inside a tunnel (SSH, a VPN). A `Token` keeps strangers from computing.
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

/// The device that `name` stands for, there and ready: [`DeviceName::open`] of the parsed name.
///
/// # Errors
/// A [device error](crate::ErrorKind::Device) if the name means nothing, its feature is off, or the
/// device is not there.
pub fn parse_device(name: &str) -> Result<Device, Error> {
    name.parse::<DeviceName>()?.open()
}

/// The devices that a list of names, with commas between them, stands for: at least one. A device may be named several times.
///
/// All names are understood before the first device is opened.
///
/// # Errors
/// As [`parse_device`], for the first that fails.
pub fn parse_devices(names: &str) -> Result<Vec<Device>, Error> {
    let names = names.split(',').map(|name| name.trim().parse());
    let names = names.collect::<Result<Vec<DeviceName>, _>>()?;
    names.iter().map(DeviceName::open).collect()
}

/// A [device error](crate::ErrorKind::Device) of one line, whatever `name` holds.
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
        assert_eq!(message("cuda:x"), "device 'cuda:x': what follows cuda: must be a number");
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
