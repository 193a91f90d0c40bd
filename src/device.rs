//! Devices by name.
use burn::tensor::Device;

use crate::error::Error;

/// The backends' names.
pub(crate) const BACKENDS: [&str; 5] = ["flex", "ndarray", "cuda", "vulkan", "wgpu"];

/// The device that `name` stands for: `flex`, `ndarray`, `cuda:0`, `vulkan:0` or `wgpu:0`. Without a number: CUDA's
/// first device, and the adapter that Vulkan or wgpu thinks best.
///
/// A backend has to be compiled in, by the cargo feature of its name. Whether the device is there is only known at
/// its first use.
///
/// # Errors
/// [`Error::Device`] if the name means nothing, or its feature is off.
pub fn parse_device(name: &str) -> Result<Device, Error> {
    let failed = |message: String| Error::Device { device: name.to_string(), message };
    let (backend, number) = match name.split_once(':') {
        None => (name, None),
        Some((backend, number)) => {
            let number = number
                .parse::<usize>()
                .map_err(|_| failed(format!("'{number}' is not a device's number")))?;
            (backend, Some(number))
        }
    };
    if !BACKENDS.contains(&backend) {
        return Err(failed(format!("unknown; there are {}", BACKENDS.join(", "))));
    }
    if matches!(backend, "flex" | "ndarray") && number.unwrap_or(0) != 0 {
        return Err(failed("there is one CPU, number 0".into()));
    }
    match backend {
        #[cfg(feature = "flex")]
        "flex" => Ok(Device::flex()),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated, reason = "deprecated upstream, and offered here while it exists")]
        "ndarray" => Ok(Device::ndarray()),
        #[cfg(feature = "cuda")]
        "cuda" => Ok(Device::cuda(number.unwrap_or(0))),
        #[cfg(feature = "vulkan")]
        "vulkan" => Ok(Device::vulkan(adapter(number))),
        #[cfg(feature = "wgpu")]
        "wgpu" => Ok(Device::wgpu(adapter(number))),
        _ => Err(failed(format!("not compiled in; build with `--features {backend}`"))),
    }
}

#[cfg(any(feature = "vulkan", feature = "wgpu"))]
fn adapter(number: Option<usize>) -> burn::tensor::DeviceKind {
    use burn::tensor::DeviceKind;
    number.map_or(DeviceKind::DefaultDevice, DeviceKind::DiscreteGpu)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_or_explained() {
        assert_eq!(parse_device("flex").unwrap(), Device::flex());
        assert_eq!(parse_device("flex:0").unwrap(), Device::flex());
        let message = |name| parse_device(name).unwrap_err().to_string();
        assert!(message("tpu").ends_with("unknown; there are flex, ndarray, cuda, vulkan, wgpu"));
        assert_eq!(message("cuda:x"), "device 'cuda:x': 'x' is not a device's number");
        assert_eq!(message("flex:1"), "device 'flex:1': there is one CPU, number 0");
        #[cfg(not(feature = "cuda"))]
        assert_eq!(
            message("cuda:0"),
            "device 'cuda:0': not compiled in; build with `--features cuda`"
        );
    }
}
