//! Values in the form that Burn's learner prints and stores.
use burn::train::metric::{NumericEntry, SerializedEntry, format_float};

/// Decimals of printed values.
const PRECISION: usize = 4;

/// The value of a step with `count` samples, and of the epoch so far. Without labels, there is no
/// value.
pub(super) fn step(epoch: Option<f64>, step: Option<f64>, count: usize) -> SerializedEntry {
    match (epoch, step) {
        (Some(epoch), Some(step)) => {
            let entry = NumericEntry::Aggregated { aggregated_value: step, count };
            SerializedEntry::new(line(epoch, &format_float(step, PRECISION)), entry.serialize())
        }
        _ => SerializedEntry::not_available(None),
    }
}

/// The value of an epoch.
pub(super) fn epoch(value: Option<f64>) -> SerializedEntry {
    match value {
        Some(value) => SerializedEntry::new(
            line(value, SerializedEntry::NOT_AVAILABLE),
            NumericEntry::Final(value).serialize(),
        ),
        None => SerializedEntry::not_available(None),
    }
}

/// The format of Burn's own metrics.
fn line(epoch: f64, step: &str) -> String {
    format!("epoch {} - batch {step}", format_float(epoch, PRECISION))
}
