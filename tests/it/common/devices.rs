//! The CPU backends: Flex, and ndarray if enabled. The crate computes the same on both; ndarray is
//! slower, so its sizes are smaller.
use burn::tensor::Device;

#[cfg(feature = "ndarray")]
pub fn ndarray() -> Device {
    #[allow(deprecated, reason = "deprecated upstream and still offered here")]
    Device::ndarray()
}

pub fn devices() -> Vec<Device> {
    vec![
        Device::flex(),
        #[cfg(feature = "ndarray")]
        ndarray(),
    ]
}

/// Declares a test for each function that takes a device and each CPU backend: `flex::name`,
/// `ndarray::name`.
macro_rules! on_cpus {
    ($($test:ident),+ $(,)?) => {
        mod flex {
            $(#[test]
            fn $test() {
                super::$test(&burn::tensor::Device::flex());
            })+
        }
        #[cfg(feature = "ndarray")]
        mod ndarray {
            $(#[test]
            fn $test() {
                super::$test(&$crate::common::devices::ndarray());
            })+
        }
    };
}
pub(crate) use on_cpus;
