//! The configuration of a run, as saved beside its checkpoints, and its metrics.
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
