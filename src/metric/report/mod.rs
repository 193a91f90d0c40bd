//! Everything that is measured over a split: collected sample by sample, then summed up to print and to save.
mod landmark_report;
mod oks_samples;
mod parts;
mod summary;
mod table;

pub use landmark_report::LandmarkReport;
pub use parts::{NePart, NeParts};
pub use summary::{LandmarkSummary, OksSummary};
