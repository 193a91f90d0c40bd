//! Local devices.
use burn::tensor::Device;
#[cfg(any(feature = "cuda", feature = "vulkan", feature = "wgpu"))]
use burn::tensor::DeviceType;

use super::DeviceName;
#[cfg(feature = "flex")]
use crate::ops::flex::check_vectors;

/// Opens a local device. Asks the driver first whether an accelerator exists, because Burn panics
/// at the first operation on a missing one.
pub fn open(name: &DeviceName) -> Result<Device, String> {
    match name {
        #[cfg(feature = "flex")]
        DeviceName::Flex => check_vectors().map(|()| Device::flex()),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated, reason = "deprecated upstream, and offered here while it exists")]
        DeviceName::NdArray => Ok(Device::ndarray()),
        #[cfg(feature = "cuda")]
        DeviceName::Cuda(number) => listed(DeviceType::Cuda, *number, "CUDA"),
        #[cfg(feature = "vulkan")]
        DeviceName::Vulkan(None) => {
            listed(DeviceType::Vulkan, 0, "Vulkan")?;
            Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice))
        }
        #[cfg(feature = "vulkan")]
        DeviceName::Vulkan(Some(number)) => listed(DeviceType::Vulkan, *number, "Vulkan"),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu(None) => {
            listed(DeviceType::Wgpu, 0, "wgpu")?;
            Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice))
        }
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu(Some(number)) => listed(DeviceType::Wgpu, *number, "wgpu"),
        #[allow(unreachable_patterns, reason = "with every backend compiled in none is left")]
        name => Err(format!("not compiled in; build with `--features {}`", feature(name))),
    }
}

/// The device with this number among those that a driver lists. The list is empty without a driver.
#[cfg(any(feature = "cuda", feature = "vulkan", feature = "wgpu"))]
fn listed(kind: DeviceType, number: usize, driver: &str) -> Result<Device, String> {
    let devices = Device::enumerate(kind).into_vec();
    match (devices.len(), devices.into_iter().nth(number)) {
        (_, Some(device)) => Ok(device),
        (0, None) => Err(format!("{driver} finds no device; is its driver installed?")),
        (1, None) => Err(format!("{driver} finds one device, number 0")),
        (count, None) => Err(format!("{driver} finds {count} devices, numbers 0 to {}", count - 1)),
    }
}

/// The cargo feature of a device.
fn feature(name: &DeviceName) -> &'static str {
    match name {
        DeviceName::Flex => "flex",
        DeviceName::NdArray => "ndarray",
        DeviceName::Cuda(_) => "cuda",
        DeviceName::Vulkan(_) => "vulkan",
        DeviceName::Wgpu(_) => "wgpu",
        DeviceName::Remote { .. } => "remote",
    }
}
