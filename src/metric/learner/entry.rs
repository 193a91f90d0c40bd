//! Values as Burn's learner prints and stores them.
use burn::train::metric::{NumericEntry, SerializedEntry, format_float};

/// Decimals of printed values.
const PRECISION: usize = 4;

/// A step's value of `count` samples, and the value of the epoch so far. Nothing labelled is no
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

/// As Burn's own metrics have it.
fn line(epoch: f64, step: &str) -> String {
    format!("epoch {} - batch {step}", format_float(epoch, PRECISION))
}
