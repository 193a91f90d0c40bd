//! The pretrained clothing-landmark model that [`dafe`](https://docs.rs/dafe) bundles, as bytes.
//!
//! `LandmarkDetector::bundled` of the crate `dafe` (feature `bundled`) reads it; nothing else is
//! needed from here. It was trained on generated garments and 263 photographs.
#![warn(missing_docs)]
#![no_std]

/// The model: safetensors with 16-bit weights; configuration, landmark names and calibration are in
/// the file's metadata.
pub static MODEL: &[u8] = include_bytes!("../bundled.safetensors");
