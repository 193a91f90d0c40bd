//! What a run tells while it runs.
use std::{fmt, path::Path};

use crate::{
    Error,
    train::recipe::history::{EpochRecord, History},
    weights::LoadedWeights,
};

/// What a run tells while it runs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TrainEvent<'a> {
    /// A checkpoint can't be used: it is damaged, half there or none of this run's. The one before it is tried. If that is gone on
    /// from, this one is renamed, so that it is not looked at again.
    CorruptCheckpoint {
        /// Its folder.
        path: &'a Path,
        /// What is wrong.
        reason: &'a Error,
    },
    /// The network of a run that begins has its initial weights from a file.
    Loaded(&'a LoadedWeights),
    /// The run's folder is this process's alone now, and the run begins or goes on.
    Opened {
        /// The checkpoint that it goes on from.
        checkpoint: Option<&'a Path>,
        /// Epochs that are done.
        epoch: usize,
        /// Steps that are done in the next epoch.
        step: usize,
        /// What the epochs that are done measured.
        history: &'a History,
    },
    /// A step is done.
    Step {
        /// The epoch, from 1.
        epoch: usize,
        /// The step in it, from 1.
        step: usize,
        /// Steps an epoch.
        steps: usize,
        /// The step's loss.
        loss: f64,
        /// The step's learning rate.
        learning_rate: f64,
    },
    /// Part of the validation split is done.
    Validation {
        /// Samples that are done.
        done: usize,
        /// All samples.
        total: usize,
    },
    /// An epoch is done and saved.
    Epoch(&'a EpochRecord),
    /// A checkpoint is written within an epoch.
    Saved {
        /// The epoch, from 1.
        epoch: usize,
        /// Steps of it that are done.
        step: usize,
    },
    /// An image was left out.
    Skipped(&'a str),
}

/// In one line, for logs.
impl fmt::Display for TrainEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CorruptCheckpoint { path, reason } => {
                write!(f, "{} can't be used: {reason:#}; trying the one before", path.display())
            }
            Self::Loaded(weights) => write!(f, "pretrained weights: {weights}"),
            Self::Opened { checkpoint: None, .. } => write!(f, "beginning a run"),
            Self::Opened { checkpoint: Some(path), epoch, step, .. } => {
                let path = path.display();
                write!(f, "going on from {path}: {epoch} epochs and {step} steps are done")
            }
            Self::Step { epoch, step, steps, loss, learning_rate } => {
                write!(
                    f,
                    "epoch {epoch}, step {step} of {steps}: loss {loss:.6}, rate {learning_rate:.3e}"
                )
            }
            Self::Validation { done, total } => write!(f, "validated {done} of {total}"),
            Self::Epoch(record) => {
                write!(f, "epoch {}: loss {:.6}, validation NE ", record.epoch, record.train_loss)?;
                match record.val_ne {
                    Some(ne) => write!(f, "{ne:.4}"),
                    None => write!(f, "unknown"),
                }
            }
            Self::Saved { epoch, step } => write!(f, "saved at epoch {epoch}, step {step}"),
            Self::Skipped(reason) => write!(f, "left out: {reason}"),
        }
    }
}
