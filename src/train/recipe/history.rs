//! Metrics of a run, epoch by epoch.
use serde::{Deserialize, Serialize};

/// The metrics of one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Mean training loss over the epoch's steps.
    pub train_loss: f64,
    /// Normalized error on the validation split.
    pub val_ne: Option<f64>,
    /// The learning rate at the end of the epoch.
    pub learning_rate: f64,
    /// Wall-clock seconds since the start of the run, excluding interruptions.
    pub seconds: f64,
}

/// The metrics of all epochs so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The epochs in order.
    pub epochs: Vec<EpochRecord>,
}

impl History {
    /// The epoch with the lowest validation NE; the first one if several are equal.
    ///
    /// ```
    /// use dafe::train::{EpochRecord, History};
    ///
    /// let epoch = |epoch, ne| EpochRecord {
    ///     epoch,
    ///     train_loss: 0.01,
    ///     val_ne: Some(ne),
    ///     learning_rate: 1e-3,
    ///     seconds: 60.0 * epoch as f64,
    /// };
    /// let history = History { epochs: vec![epoch(1, 0.09), epoch(2, 0.05), epoch(3, 0.06)] };
    /// assert_eq!(history.best().map(|best| best.epoch), Some(2));
    /// ```
    pub fn best(&self) -> Option<&EpochRecord> {
        let rated = self.epochs.iter().filter(|epoch| epoch.val_ne.is_some());
        rated.min_by(|a, b| a.val_ne.unwrap_or(f64::NAN).total_cmp(&b.val_ne.unwrap_or(f64::NAN)))
    }
}
