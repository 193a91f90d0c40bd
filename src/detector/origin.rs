//! What made a model.
use serde::{Deserialize, Serialize};

/// What made a model: kept in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// This crate's version.
    pub crate_version: String,
    /// The recipe, seed included, as the run's `config.json` has it.
    pub recipe: serde_json::Value,
    /// The splits that were looked at: "train" and "val".
    pub data: Vec<DataOrigin>,
    /// The epoch whose parameters these are, from 1.
    pub epoch: usize,
}

/// A split that a model was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataOrigin {
    /// Its name.
    pub split: String,
    /// How many samples it has.
    pub samples: usize,
    /// The fingerprint of its annotations: what a resumed run compares, too.
    pub sha256: String,
}
