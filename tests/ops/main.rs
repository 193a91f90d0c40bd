//! This crate's convolutions against Burn's own modules, on the same numbers.
#[path = "../common/fill.rs"]
mod fill;
mod forward;
mod gradients;
mod repeated;
mod shapes;
mod support;
