//! Losses: against PyTorch, by finite differences, at the edges, and by name.
mod configuration;
#[path = "../common/devices.rs"]
mod devices;
mod edges;
mod problem;
mod properties;
mod reference;
mod support;
