//! What a run does, as it is saved beside its checkpoints, and what it measured.
mod adam;
#[cfg(feature = "bundled")]
mod bundled;
pub mod config;
pub mod differences;
pub mod file;
pub mod fine_tuning;
pub mod history;
pub mod optimizer;
pub mod recompute;
pub mod schedule;
mod start;
