//! The training loop.
use std::{
    fmt,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use burn::{module::Module, tensor::Device, train::Interrupter};

use super::{CheckpointPolicy, EpochRecord, History, TrainConfig, session::Session, shard::Shards};
use crate::{
    data::{
        BadPicture, BatchLoader, EpochAugmentation, Framing, LandmarkDataset, LoaderConfig,
        epoch_order,
    },
    detector::DetectorConfig,
    error::Error,
    model::{LandmarkNet, Supervision},
    predict::predict_until,
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
    /// The run's folder is this process's alone now, and the run begins or goes on.
    Opened {
        /// The checkpoint that it goes on from.
        checkpoint: Option<&'a Path>,
        /// Epochs that are done.
        epoch: usize,
        /// Steps that are done in the next epoch.
        step: usize,
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
    /// A picture was left out.
    Skipped(&'a str),
}

/// In one line, for logs.
impl fmt::Display for TrainEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CorruptCheckpoint { path, reason } => {
                write!(f, "{} can't be used: {reason}; trying the one before", path.display())
            }
            Self::Opened { checkpoint: None, .. } => write!(f, "beginning a run"),
            Self::Opened { checkpoint: Some(path), epoch, step } => {
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
            Self::Skipped(reason) => write!(f, "left out: {reason}"),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The epochs.
    pub history: History,
    /// Whether all epochs are done; otherwise the run was interrupted and can be resumed.
    pub finished: bool,
    /// Seconds of training and validation, all sessions of the run together.
    pub seconds: f64,
}

/// A training run in a folder: its configuration, datasets and device.
///
/// The folder gets `config.json` (the [`TrainConfig`]), `checkpoints/` to resume from, and the model with the lowest
/// validation NE so far, in the two files that [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load) takes.
pub struct Training {
    /// The recipe.
    pub config: TrainConfig,
    /// What is trained on.
    pub train: Arc<dyn LandmarkDataset>,
    /// What the best parameters are chosen by.
    pub val: Arc<dyn LandmarkDataset>,
    /// Where to compute, without autodiff.
    pub device: Device,
    /// The run's folder.
    pub folder: PathBuf,
    /// Threads that make batches.
    pub workers: usize,
    /// What to do with pictures that can't be read.
    pub bad_picture: BadPicture,
    /// When checkpoints are written, and how many are kept.
    pub checkpoints: CheckpointPolicy,
    /// Whether a run goes on though its datasets are not what they were. With other samples to train on, the epoch under way
    /// begins anew.
    pub accept_changed_data: bool,
}

impl Training {
    /// The file with the run's configuration.
    pub const CONFIG: &'static str = "config.json";

    /// Trains until the last epoch is done or `interrupter` says stop; then the step is finished and a checkpoint
    /// written, in validation at once. Goes on from the folder's newest checkpoint that is whole, if there are any. `observe` is told
    /// of every step.
    ///
    /// On one Flex device, a run that was stopped or killed, however often, ends with the same bits as one that was not.
    ///
    /// # Errors
    /// [`Error::Config`] if the recipe can't work, or the folder holds a run with another recipe or on other data;
    /// [`Error::Checkpoint`] if none of the folder's checkpoints can be used;
    /// [`Error::Training`] if the loss is not a number, or another process is at work on the run; any error of reading pictures and
    /// writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        let config = &self.config;
        let mut session = Session::open(self, &mut observe)?;
        let steps = (self.train.len() / config.batch_size).max(1);
        let shards = Shards::new(config.shards)?;
        let device = self.device.clone().autodiff();
        let started = Instant::now();
        let seconds_before = session.position.seconds;
        let seconds = || seconds_before + started.elapsed().as_secs_f64();
        while session.position.epoch < config.epochs {
            let epoch = session.position.epoch;
            let done = epoch * steps + session.position.step;
            let mut scheduler = config.schedule.scheduler(
                config.learning_rate,
                config.fine_tuning.backbone_rate,
                config.epochs,
                steps,
                done,
            )?;
            for batch in self.epoch_batches(epoch, session.position.step, steps) {
                let batch = batch?;
                for skipped in &batch.skipped {
                    observe(TrainEvent::Skipped(&skipped.reason));
                }
                let rates = scheduler.step();
                let learning_rate = rates.base();
                let mut loss = 0.0;
                if !batch.is_empty() {
                    let step = shards.step(session.net, batch, config, &device);
                    loss = step.loss;
                    if !loss.is_finite() {
                        return Err(Error::Training(format!(
                            "the loss of epoch {}, step {} is {loss}; a lower learning rate than \
                             {learning_rate} may help",
                            epoch + 1,
                            session.position.step + 1
                        )));
                    }
                    session.net = session.optimizer.step(rates, step.net, step.gradients);
                }
                session.position.advance(loss, learning_rate);
                let step = session.position.step;
                observe(TrainEvent::Step { epoch: epoch + 1, step, steps, loss, learning_rate });
                let stop = interrupter.should_stop();
                if stop || self.checkpoints.due(epoch * steps + step) {
                    session.position.seconds = seconds();
                    session.save(&session.net.valid(), session.optimizer.to_record())?;
                }
                if stop {
                    return Ok(session.outcome(false));
                }
            }

            let net = session.net.valid();
            let validated = self.validate(&net, interrupter, &mut observe);
            let Ok(ControlFlow::Continue(val_ne)) = validated else {
                // The epoch's steps are done and not to be lost; the next session begins with their validation.
                session.position.seconds = seconds();
                session.save(&net, session.optimizer.to_record())?;
                return validated.map(|_| session.outcome(false));
            };
            let record = session.position.finish_epoch(steps, val_ne, seconds());
            if session.position.history.best() == Some(&record) || epoch == 0 {
                session.save_best(&net)?;
            }
            session.save(&net, session.optimizer.to_record())?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(session.outcome(true))
    }

    /// The normalized error of `net` on the validation split, unless `interrupter` says stop before it is known.
    fn validate(
        &self,
        net: &LandmarkNet,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<ControlFlow<(), Option<f64>>, Error> {
        let loader = self.loader_config();
        let decoding = self.detector_config().decoding();
        let progress = |done, total| {
            observe(TrainEvent::Validation { done, total });
            match interrupter.should_stop() && done < total {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let found = predict_until(net, &self.val, &loader, decoding, &self.device, progress)?;
        Ok(found.map_continue(|found| found.report(self.val.as_ref()).ne()))
    }

    /// What the trained network is used with. It has no auxiliary heads any more.
    pub fn detector_config(&self) -> DetectorConfig {
        DetectorConfig {
            model: self.config.model.clone().with_supervision(Supervision::Output),
            codec: self.config.codec,
            framing: Framing::Stretch,
            flip_test: false,
            refinement: self.config.refinement,
            logits: self.config.loss.takes_logits(),
            infers_category: self.config.teaches_absence(),
            schema: self.train.schema().clone(),
        }
    }

    /// Batches for plain crops.
    pub fn loader_config(&self) -> LoaderConfig {
        LoaderConfig {
            batch_size: self.config.batch_size,
            workers: self.workers,
            codec: self.config.codec,
            framing: Framing::Stretch,
            policy: self.config.policy,
            bad_picture: self.bad_picture,
        }
    }

    /// The batches of epoch `epoch` (from 0), from step `first`. A remainder that fills no batch is left out; every
    /// epoch leaves out other samples.
    fn epoch_batches(&self, epoch: usize, first: usize, steps: usize) -> BatchLoader {
        let (seed, epoch) = (self.config.seed, epoch as u64);
        let mut order = epoch_order(self.train.len(), seed, epoch);
        order.truncate(steps * self.config.batch_size);
        let augmentation =
            EpochAugmentation { augmentation: self.config.augmentation.clone(), seed, epoch };
        BatchLoader::new(self.train.clone(), order, self.loader_config(), Some(augmentation), first)
    }
}
