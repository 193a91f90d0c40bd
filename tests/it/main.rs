//! The library as its users see it, in one program: what is compiled once need not be linked twenty
//! times. What needs a process to itself starts one: `common::alone`, `survive::child`.
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
