//! Losses: compared with PyTorch and with finite differences, edge cases, and names.
mod configuration;
mod edges;
pub mod problem;
mod properties;
mod reference;
pub mod support;
