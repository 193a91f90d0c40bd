//! The position of a run.
use serde::{Deserialize, Serialize};

use super::fingerprint::DataFingerprint;
use crate::{
    detector::Origin,
    format::{self, Refused},
    train::recipe::{
        config::TrainConfig,
        history::{EpochRecord, History},
    },
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The position of a run: everything in a checkpoint besides parameters and optimizer state.
///
/// Sample order and augmentation depend only on the seed and the epoch, and the learning rate only
/// on the step, so neither the loader nor the schedule has state to save.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::train) struct Position {
    /// The format version of the file: [`Self::FORMAT`].
    format: u64,
    /// The version of this crate that wrote the file.
    crate_version: String,
    /// The run's configuration, with its seed and schedule.
    pub config: TrainConfig,
    /// The training and validation data.
    pub data: DataFingerprint,
    /// Completed epochs.
    pub epoch: usize,
    /// Completed steps of the next epoch. All of them if only validation is missing.
    pub step: usize,
    /// The sum of the losses of these steps.
    pub loss_sum: f64,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// The history of completed epochs.
    pub history: History,
}

impl Position {
    /// The format version that is written, and the only one that is read.
    const FORMAT: u64 = 1;

    /// Reads `position.json`.
    ///
    /// # Errors
    /// A message about what is wrong.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        format::check(json, Self::FORMAT, "/crate_version").map_err(Refused::message)?;
        serde_json::from_slice(json).map_err(|error| error.to_string())
    }

    /// The position before the first step.
    pub fn start(config: TrainConfig, data: DataFingerprint) -> Self {
        Self {
            format: Self::FORMAT,
            crate_version: VERSION.into(),
            config,
            data,
            epoch: 0,
            step: 0,
            loss_sum: 0.0,
            learning_rate: 0.0,
            seconds: 0.0,
            history: History::default(),
        }
    }

    /// Advances by one step.
    pub fn advance(&mut self, loss: f64, learning_rate: f64) {
        self.step += 1;
        self.loss_sum += loss;
        self.learning_rate = learning_rate;
    }

    /// Resumes with this crate version and `data`. If the training samples have changed, the
    /// current epoch has another order and is restarted.
    pub fn resume(&mut self, data: DataFingerprint) {
        if self.data.train != data.train {
            (self.step, self.loss_sum) = (0, 0.0);
        }
        self.data = data;
        self.crate_version = VERSION.into();
    }

    /// The origin of the parameters at the end of an epoch.
    pub fn origin(&self) -> Origin {
        let data = [("train", &self.data.train), ("val", &self.data.val)];
        Origin {
            crate_version: VERSION.into(),
            recipe: serde_json::to_value(&self.config).expect("plain numbers and strings"),
            data: data.map(|(split, fingerprint)| fingerprint.origin(split)).into(),
            epoch: self.epoch,
        }
    }

    /// Moves to the start of the next epoch and returns the record of the finished one.
    pub fn finish_epoch(&mut self, steps: usize, val_ne: Option<f64>, seconds: f64) -> EpochRecord {
        let record = EpochRecord {
            epoch: self.epoch + 1,
            train_loss: self.loss_sum / steps as f64,
            val_ne,
            learning_rate: self.learning_rate,
            seconds,
        };
        self.history.epochs.push(record.clone());
        (self.epoch, self.step, self.loss_sum, self.seconds) = (self.epoch + 1, 0, 0.0, seconds);
        record
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Preset;

    #[test]
    fn a_position_of_another_format_is_refused() {
        let split = json!({"samples": 1, "sha256": ""});
        let data = serde_json::from_value(json!({"train": split, "val": split})).unwrap();
        let position = Position::start(TrainConfig::preset(Preset::Nano, 8), data);
        let mut written = serde_json::to_value(&position).unwrap();
        let read = |written: &Value| Position::parse(written.to_string().as_bytes());
        assert_eq!(read(&written).unwrap(), position);
        written["format"] = json!(7);
        let error = read(&written).unwrap_err();
        let known = "which reads format 1: a newer dafe is needed";
        assert!(error.starts_with("its format is 7, written by dafe "), "{error}");
        assert!(error.ends_with(known), "{error}");
    }
}
