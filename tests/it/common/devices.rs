//! The two CPU backends. What the crate computes is the same on both; ndarray is slower, and its sizes are smaller.
#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses a part")]
use burn::tensor::Device;

pub fn ndarray() -> Device {
    #[allow(deprecated, reason = "deprecated upstream and still offered here")]
    Device::ndarray()
}

pub fn devices() -> [Device; 2] {
    [Device::flex(), ndarray()]
}

/// Two tests of each function that takes a device: `flex::name` and `ndarray::name`.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod flex {
            $(#[test]
            fn $test() {
                super::$test(&burn::tensor::Device::flex());
            })+
        }
        mod ndarray {
            $(#[test]
            fn $test() {
                super::$test(&$crate::devices::ndarray());
            })+
        }
    };
}
pub(crate) use on_both;
