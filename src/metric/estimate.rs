//! A number with its confidence interval, and numbers by name.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::bootstrap::Interval;

/// Values by name in a fixed order, such as the schema's order of landmarks. Serialized as a map.
pub type Named<T> = IndexMap<String, T>;

/// A number with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number; `None` if nothing was counted.
    pub value: Option<f64>,
    /// The confidence interval; `None` if it doesn't exist or was not requested.
    pub interval: Option<Interval>,
}
