//! Events of a run.
use std::{fmt, path::Path};

use crate::{
    Error,
    train::recipe::history::{EpochRecord, History},
    weights::LoadedWeights,
};

/// An event of a run.
///
/// ```
/// use dafe::prelude::*;
///
/// fn show(event: TrainEvent<'_>) {
///     match event {
///         TrainEvent::Step { step, steps, loss, .. } => eprint!("\r{step}/{steps}: {loss:.6}"),
///         TrainEvent::Epoch(_) | TrainEvent::Opened { .. } => println!("{event}"),
///         _ => (),
///     }
/// }
///
/// let event = TrainEvent::Saved { epoch: 3, step: 120 };
/// assert_eq!(event.to_string(), "saved at epoch 3, step 120");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TrainEvent<'a> {
    /// A checkpoint can't be used: it is damaged, incomplete or from another run. The previous one
    /// is tried. If the run resumes from that one, the unusable checkpoint is renamed so that it is
    /// not tried again.
    CorruptCheckpoint {
        /// The checkpoint's folder.
        path: &'a Path,
        /// What is wrong.
        reason: &'a Error,
    },
    /// The network of a new run was initialized from a weights file.
    Loaded(&'a LoadedWeights),
    /// The run's folder has been locked by this process, and the run starts or resumes.
    Opened {
        /// The checkpoint that the run resumes from.
        checkpoint: Option<&'a Path>,
        /// Completed epochs.
        epoch: usize,
        /// Completed steps of the next epoch.
        step: usize,
        /// The metrics of the completed epochs.
        history: &'a History,
    },
    /// A step is finished.
    Step {
        /// The epoch, from 1.
        epoch: usize,
        /// The step in it, from 1.
        step: usize,
        /// Steps per epoch.
        steps: usize,
        /// The step's loss.
        loss: f64,
        /// The step's learning rate.
        learning_rate: f64,
    },
    /// Part of the validation split is finished.
    Validation {
        /// Finished samples.
        done: usize,
        /// All samples.
        total: usize,
    },
    /// An epoch is finished and saved.
    Epoch(&'a EpochRecord),
    /// A checkpoint was written within an epoch.
    Saved {
        /// The epoch, from 1.
        epoch: usize,
        /// Completed steps of the epoch.
        step: usize,
    },
    /// An image was left out.
    Skipped(&'a str),
}

/// Formats the event as one line, for logs.
impl fmt::Display for TrainEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CorruptCheckpoint { path, reason } => {
                write!(f, "{} can't be used: {reason:#}; trying the one before", path.display())
            }
            Self::Loaded(weights) => write!(f, "pretrained weights: {weights}"),
            Self::Opened { checkpoint: None, .. } => write!(f, "starting a new run"),
            Self::Opened { checkpoint: Some(path), epoch, step, .. } => {
                let path = path.display();
                write!(f, "resuming from {path}: {epoch} epochs and {step} steps are done")
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
