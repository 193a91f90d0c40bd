//! The description written next to the model: how it was made, and its errors.
use dafe_cli::support::without_boxes::WithAndWithoutBoxes;
use serde::Serialize;

use crate::measuring::Checked;

/// `bundled.json`.
#[derive(Serialize)]
pub struct Made {
    pub crate_version: &'static str,
    pub command: &'static str,
    /// The hash of the model's file.
    pub sha256: String,
    pub bytes: u64,
    pub parameters: u64,
    pub training: Trained,
    /// The errors on each set of garments.
    pub measured: Vec<Measured>,
    /// The errors that the test compares.
    pub checked: Checked,
}

/// How it was trained. The whole recipe is in the model's file.
#[derive(Serialize)]
pub struct Trained {
    pub seed: u64,
    pub garment_seed: u64,
    /// Samples per epoch, including repeated photographs.
    pub train_samples: usize,
    pub val_samples: usize,
    /// How many times each photograph occurs in an epoch.
    pub photograph_repeats: usize,
    pub epochs: usize,
    /// The epoch of the weights.
    pub best_epoch: Option<usize>,
    pub val_ne: Option<f64>,
    pub seconds: f64,
}

/// The errors on a set of generated garments, as trained and as shipped.
#[derive(Serialize)]
pub struct Measured {
    pub garments: &'static str,
    pub garment_seed: u64,
    pub single_precision: WithAndWithoutBoxes,
    pub half_precision: WithAndWithoutBoxes,
}
