//! Metrics: plain accumulators over numbers on the host.
mod baseline;
mod normalized_error;
mod presence;
mod report;

pub use baseline::MeanBaseline;
pub use normalized_error::NormalizedError;
pub use presence::LandmarkPresence;
pub use report::{NormalizedErrorReport, NormalizedErrorSummary};
