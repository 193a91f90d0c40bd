//! This crate's convolutions, with its kernels on Flex and matrix products on ndarray, compared
//! with Burn's own modules on Flex for the same numbers.
pub mod cases;
mod forward;
mod gradients;
mod near;
pub mod parts;
mod repeated;
mod shapes;
