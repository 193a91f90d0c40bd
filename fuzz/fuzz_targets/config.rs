//! The configuration of a trained network.
#![no_main]
use dafe::detector::DetectorConfig;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(config) = serde_json::from_slice::<DetectorConfig>(bytes) {
        config.validate().expect("a configuration that was accepted");
        assert!(config.model.summary(config.codec.input_size()).total().parameters > 0);
    }
});
