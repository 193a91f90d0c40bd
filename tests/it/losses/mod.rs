//! Losses: against PyTorch, by finite differences, at the edges, and by name.
mod configuration;
mod edges;
pub mod problem;
mod properties;
mod reference;
pub mod support;
