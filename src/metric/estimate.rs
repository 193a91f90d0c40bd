//! A number with its confidence interval, and numbers by name.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::bootstrap::Interval;

/// Values by name that keep their order: landmarks as in their schema. Saved as a map.
pub type Named<T> = IndexMap<String, T>;

/// A headline number, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number; `None` if nothing counts.
    pub value: Option<f64>,
    /// Its confidence interval; `None` where there is none, or it was not asked for.
    pub interval: Option<Interval>,
}
