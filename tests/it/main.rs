//! The library as seen by its users. All tests are in one program, so that it is linked only once.
//! Tests that need a separate process start one: `common::alone`, `survive::child`.
//!
//! Plain `cargo test` runs on Flex. `cargo test --features full` adds ndarray, PyTorch's files,
//! served devices and Burn's learner.
#[cfg(any(feature = "ndarray", feature = "cuda", feature = "vulkan", feature = "wgpu"))]
mod backends;
mod blocks;
mod codec;
mod common;
mod decoders;
mod detector;
mod devices;
mod fine_tuning;
#[cfg(feature = "burn-train")]
mod learner;
mod losses;
mod metrics;
mod mmpose;
mod net;
mod ops;
mod parity;
mod recompute;
#[cfg(feature = "remote-server")]
mod remote;
mod resume;
#[cfg(unix)]
mod survive;
mod training;
mod weights;
