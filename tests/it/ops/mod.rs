//! This crate's convolutions, on Flex its kernels and on ndarray products of matrices, against Burn's own modules on Flex, on
//! the same numbers.
pub mod cases;
mod forward;
mod gradients;
mod near;
pub mod parts;
mod repeated;
mod shapes;
