//! This crate's convolutions, on Flex its kernels and on ndarray products of matrices, against Burn's own modules on Flex, on
//! the same numbers.
mod cases;
#[path = "../common/devices.rs"]
mod devices;
#[path = "../common/fill.rs"]
mod fill;
mod forward;
mod gradients;
mod near;
mod parts;
mod repeated;
mod shapes;
