//! Checkpoints: contents, damage detection, retention, and selection when resuming.
pub mod files;
pub mod fingerprint;
pub mod lock;
pub mod manifest;
mod name;
pub mod policy;
pub mod position;
pub mod retention;
pub mod snapshot;
