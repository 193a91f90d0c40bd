//! Metrics: plain accumulators over numbers on the host.
mod baseline;
mod normalized_error;
mod report;

pub use baseline::MeanBaseline;
pub use normalized_error::NormalizedError;
pub use report::{NormalizedErrorReport, NormalizedErrorSummary};
