//! A model file: safetensors with a configuration.
#![no_main]
use std::sync::OnceLock;

use dafe::prelude::{Device, LandmarkDetector};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    let device = DEVICE.get_or_init(Device::flex);
    if let Ok(detector) = LandmarkDetector::from_bytes(bytes.to_vec(), "model", device) {
        detector.config().validate().expect("a configuration that was accepted");
    }
});
