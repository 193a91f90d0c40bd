//! Checkpoints: what they hold, how damage is found, which are kept, and which a run resumes from.
pub mod files;
pub mod fingerprint;
pub mod lock;
pub mod manifest;
mod name;
pub mod policy;
pub mod position;
pub mod retention;
pub mod snapshot;
