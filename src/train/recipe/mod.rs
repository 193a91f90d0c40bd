//! What a run does, as it is saved beside its checkpoints, and what it measured.
#[cfg(feature = "bundled")]
mod bundled;
pub mod config;
pub mod file;
pub mod fine_tuning;
pub mod history;
pub mod optimizer;
pub mod recompute;
pub mod schedule;
