//! Reports on a split: all metrics, accumulated sample by sample, then summarized to print and
//! save.
mod landmark_report;
mod oks_samples;
mod parts;
mod summary;
mod table;

pub use landmark_report::LandmarkReport;
pub use parts::{NePart, NeParts};
pub use summary::{LandmarkSummary, OksSummary};
