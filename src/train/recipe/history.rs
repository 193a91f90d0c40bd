//! What a run measured, epoch by epoch.
use serde::{Deserialize, Serialize};

/// One epoch's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// From 1.
    pub epoch: usize,
    /// Mean training loss over the epoch's steps.
    pub train_loss: f64,
    /// Normalized error on the validation split.
    pub val_ne: Option<f64>,
    /// The learning rate at the epoch's end.
    pub learning_rate: f64,
    /// Wall-clock seconds since the run began, interruptions left out.
    pub seconds: f64,
}

/// All epochs so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// In order.
    pub epochs: Vec<EpochRecord>,
}

impl History {
    /// The epoch with the lowest validation NE; of several, the first.
    pub fn best(&self) -> Option<&EpochRecord> {
        let rated = self.epochs.iter().filter(|epoch| epoch.val_ne.is_some());
        rated.min_by(|a, b| a.val_ne.unwrap_or(f64::NAN).total_cmp(&b.val_ne.unwrap_or(f64::NAN)))
    }
}
