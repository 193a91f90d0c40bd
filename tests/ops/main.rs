//! This crate's convolutions against Burn's own modules, on the same numbers.
mod cases;
#[path = "../common/fill.rs"]
mod fill;
mod forward;
mod gradients;
mod near;
mod parts;
mod repeated;
mod shapes;
