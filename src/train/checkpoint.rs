//! A point to go on from, saved as one folder that appears whole or not at all.
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use burn::{
    module::Module,
    optim::{ModuleOptimizer, OptimizerRecord},
    store::ModuleRecord,
};
use serde::{Deserialize, Serialize};

use super::{EpochRecord, History, TrainConfig};
use crate::{atomic::write_atomically, error::Error};

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The run's configuration.
    pub config: TrainConfig,
    /// A fingerprint of the training split.
    pub data: String,
    /// Epochs that are done.
    pub epoch: usize,
    /// Steps that are done in the next epoch.
    pub step: usize,
    /// The sum of the losses of those steps.
    pub loss_sum: f64,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// The epochs so far.
    pub history: History,
}

impl Position {
    /// Before the first step.
    pub fn start(config: TrainConfig, data: String) -> Self {
        Self {
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

    /// One step further.
    pub fn advance(&mut self, loss: f64, learning_rate: f64) {
        self.step += 1;
        self.loss_sum += loss;
        self.learning_rate = learning_rate;
    }

    /// To the beginning of the next epoch; what the one that ended measured.
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

const POSITION: &str = "position.json";
const MODEL: &str = "model.bpk";
const OPTIMIZER: &str = "optimizer.bpk";

/// The run's folder of checkpoints.
pub(super) struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    pub fn new(run: &Path) -> Self {
        Self { folder: run.join("checkpoints") }
    }

    /// Saves a checkpoint, then removes all older ones but the last.
    ///
    /// The model is one's `valid()`, which brings BatchNorm's running statistics up to date.
    pub fn save(
        &self,
        model: ModuleRecord,
        optimizer: OptimizerRecord,
        position: &Position,
    ) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(Error::io("create", &self.folder))?;
        let name = format!("epoch-{:04}-step-{:06}", position.epoch, position.step);
        let temporary = self.folder.join(format!(".{name}-{}", std::process::id()));
        let written = self.write(&temporary, model, optimizer, position);
        let committed = written.and_then(|()| {
            let path = self.folder.join(&name);
            if path.exists() {
                fs::remove_dir_all(&path).map_err(Error::io("replace", &path))?;
            }
            fs::rename(&temporary, &path).map_err(Error::io("write", &path))
        });
        if committed.is_err() {
            // The error is what counts; what can't be removed is hidden and never read.
            let _ = fs::remove_dir_all(&temporary);
        }
        committed?;
        let all = self.list()?;
        for old in &all[..all.len().saturating_sub(2)] {
            fs::remove_dir_all(old).map_err(Error::io("remove", old))?;
        }
        Ok(())
    }

    fn write(
        &self,
        folder: &Path,
        model: ModuleRecord,
        optimizer: OptimizerRecord,
        position: &Position,
    ) -> Result<(), Error> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join(MODEL);
        let bytes = model.into_bytes().map_err(|error| unusable(&path, error))?;
        write_atomically(&path, |file| file.write_all(&bytes))?;
        let path = folder.join(OPTIMIZER);
        let bytes = optimizer.into_bytes().map_err(|error| unusable(&path, error))?;
        write_atomically(&path, |file| file.write_all(&bytes))?;
        let json = serde_json::to_vec_pretty(position).expect("plain numbers and strings");
        write_atomically(&folder.join(POSITION), |file| file.write_all(&json))
    }

    /// The newest checkpoint, if there is one.
    pub fn latest(&self) -> Result<Option<PathBuf>, Error> {
        Ok(self.list()?.pop())
    }

    /// All checkpoints, oldest first.
    fn list(&self) -> Result<Vec<PathBuf>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", &self.folder))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("read", &self.folder))?;
            if entry.file_name().to_string_lossy().starts_with("epoch-") {
                found.push(entry.path());
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Reads where the run of a checkpoint stands.
pub(super) fn read_position(checkpoint: &Path) -> Result<Position, Error> {
    let path = checkpoint.join(POSITION);
    let json = fs::read(&path).map_err(Error::io("read", &path))?;
    serde_json::from_slice(&json).map_err(|error| unusable(&path, error))
}

/// Loads a checkpoint's parameters and optimizer state.
pub(super) fn load<M: Module>(
    checkpoint: &Path,
    net: M,
    optimizer: ModuleOptimizer,
) -> Result<(M, ModuleOptimizer), Error> {
    let path = checkpoint.join(MODEL);
    let record = ModuleRecord::load(&path).map_err(|error| unusable(&path, error))?;
    let net = net.try_load_record(record).map_err(|error| unusable(&path, error))?;
    let path = checkpoint.join(OPTIMIZER);
    let record = OptimizerRecord::load(&path).map_err(|error| unusable(&path, error))?;
    Ok((net, optimizer.load_record(record)))
}

fn unusable(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Weights { path: path.to_path_buf(), message: error.to_string() }
}
