//! How a model was made.
use serde::{Deserialize, Serialize};

/// How a model was made; stored in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The version of this crate.
    pub crate_version: String,
    /// The training recipe, including the seed, as in the run's `config.json`.
    pub recipe: serde_json::Value,
    /// The splits that were used: "train" and "val".
    pub data: Vec<DataOrigin>,
    /// The epoch of the weights, from 1.
    pub epoch: usize,
}

/// A split that a model was trained or validated on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataOrigin {
    /// The split's name.
    pub split: String,
    /// The number of samples.
    pub samples: usize,
    /// The fingerprint of the annotations; resumed runs compare it, too.
    pub sha256: String,
}
