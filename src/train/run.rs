//! The training loop.
use std::{
    fmt,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use burn::{tensor::Device, train::Interrupter};

use super::{
    CheckpointPolicy, EpochRecord, History, TrainConfig, devices::Devices, session::Session,
};
use crate::{
    data::{
        BadPicture, BatchLoader, EpochAugmentation, Framing, LandmarkDataset, LoaderConfig,
        epoch_order,
    },
    detector::DetectorConfig,
    error::Error,
    model::Supervision,
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
    /// A checkpoint is written within an epoch.
    Saved {
        /// The epoch, from 1.
        epoch: usize,
        /// Steps of it that are done.
        step: usize,
    },
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
            Self::Saved { epoch, step } => write!(f, "saved at epoch {epoch}, step {step}"),
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

/// A training run in a folder: its configuration, datasets and devices.
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
    /// Where to compute, without autodiff: one or more, whose number divides [`TrainConfig::shards`]. A CPU may be named
    /// several times: each gets its share of the cores. Several CUDA devices sum their gradients over NCCL (Burn's
    /// distributed data parallelism), all others through the first of them.
    pub devices: Vec<Device>,
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
    /// How long a device may take for a step before it counts as gone. The first step on a GPU compiles its kernels.
    pub patience: Duration,
}

impl Training {
    /// The file with the run's configuration.
    pub const CONFIG: &'static str = "config.json";

    /// A run with two threads that make batches, that ends at pictures that can't be read, and that gives a device ten
    /// minutes for a step.
    pub fn new(
        config: TrainConfig,
        train: Arc<dyn LandmarkDataset>,
        val: Arc<dyn LandmarkDataset>,
        devices: Vec<Device>,
        folder: impl Into<PathBuf>,
    ) -> Self {
        Self {
            config,
            train,
            val,
            devices,
            folder: folder.into(),
            workers: 2,
            bad_picture: BadPicture::Fail,
            checkpoints: CheckpointPolicy::default(),
            accept_changed_data: false,
            patience: Duration::from_secs(600),
        }
    }

    /// Trains until the last epoch is done or `interrupter` says stop; then the step is finished and a checkpoint
    /// written, in validation at once. Goes on from the folder's newest checkpoint that is whole, if there are any. `observe` is told
    /// of every step.
    ///
    /// On one Flex device, a run that was stopped or killed, however often, ends with the same bits as one that was not.
    ///
    /// Where something fails, a device that is gone included, what the last step left is saved before the error is
    /// returned, if there is still a device to get it from; otherwise the newest checkpoint is what there is to go on from.
    ///
    /// # Errors
    /// [`Error::Config`] if the recipe can't work, or the folder holds a run with another recipe or on other data;
    /// [`Error::Checkpoint`] if none of the folder's checkpoints can be used;
    /// [`Error::Training`] if the loss is not a number, or another process is at work on the run; [`Error::Device`] if a device
    /// fails or doesn't answer; any error of reading pictures and writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        let (mut session, net, optimizer) = Session::open(self, &mut observe)?;
        let mut devices =
            Devices::start(&self.devices, net, optimizer, &self.config, self.patience)?;
        let clock = Clock { started: Instant::now(), before: session.position.seconds };
        let done = self.epochs(&mut session, &mut devices, interrupter, &clock, &mut observe);
        match done {
            // Parameters that gave no number are nothing to go on from.
            Ok(_) | Err(Error::Training(_)) => {}
            Err(_) => {
                session.position.seconds = clock.seconds();
                rescue(&mut session, devices, &mut observe);
            }
        }
        done.map(|finished| session.outcome(finished))
    }

    /// Runs epochs; whether all are done.
    fn epochs(
        &self,
        session: &mut Session,
        devices: &mut Devices,
        interrupter: &Interrupter,
        clock: &Clock,
        observe: &mut impl FnMut(TrainEvent<'_>),
    ) -> Result<bool, Error> {
        let config = &self.config;
        let steps = (self.train.len() / config.batch_size).max(1);
        while session.position.epoch < config.epochs {
            let epoch = session.position.epoch;
            let mut scheduler = config.schedule.scheduler(
                config.learning_rate,
                config.fine_tuning.backbone_rate,
                config.epochs,
                steps,
                epoch * steps + session.position.step,
            )?;
            for batch in self.epoch_batches(epoch, session.position.step, steps) {
                let batch = batch?;
                for skipped in &batch.skipped {
                    observe(TrainEvent::Skipped(&skipped.reason));
                }
                let rates = scheduler.step();
                let learning_rate = rates.base();
                let loss = match batch.is_empty() {
                    true => 0.0,
                    false => devices.step(batch, config.shards, rates)?,
                };
                if !loss.is_finite() {
                    return Err(Error::Training(format!(
                        "the loss of epoch {}, step {} is {loss}; a lower learning rate than \
                         {learning_rate} may help",
                        epoch + 1,
                        session.position.step + 1
                    )));
                }
                session.position.advance(loss, learning_rate);
                let step = session.position.step;
                observe(TrainEvent::Step { epoch: epoch + 1, step, steps, loss, learning_rate });
                // Asked once a step, for all devices.
                let stop = interrupter.should_stop();
                if stop || self.checkpoints.due(epoch * steps + step) {
                    save(session, devices, clock)?;
                    observe(TrainEvent::Saved { epoch: epoch + 1, step });
                }
                if stop {
                    return Ok(false);
                }
            }

            let ControlFlow::Continue(val_ne) = self.validate(devices, interrupter, observe)?
            else {
                // The epoch's steps are done and not to be lost; the next session begins with their validation.
                save(session, devices, clock)?;
                observe(TrainEvent::Saved { epoch: epoch + 1, step: steps });
                return Ok(false);
            };
            let record = session.position.finish_epoch(steps, val_ne, clock.seconds());
            if session.position.history.best() == Some(&record) || epoch == 0 {
                session.save_best(|path| devices.save_net(path))?;
            }
            save(session, devices, clock)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(true)
    }

    /// The normalized error on the validation split, unless `interrupter` says stop before it is known.
    fn validate(
        &self,
        devices: &Devices,
        interrupter: &Interrupter,
        observe: &mut impl FnMut(TrainEvent<'_>),
    ) -> Result<ControlFlow<(), Option<f64>>, Error> {
        let decoding = self.detector_config().decoding();
        let mirror = self.val.schema().mirror();
        let found = predict_until(
            &self.val,
            &self.loader_config(),
            devices.len(),
            |batches| devices.predict(batches, decoding, mirror),
            |done, total| {
                observe(TrainEvent::Validation { done, total });
                match interrupter.should_stop() && done < total {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            },
        )?;
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

/// Saves where the run stands.
fn save(session: &mut Session, devices: &Devices, clock: &Clock) -> Result<(), Error> {
    session.position.seconds = clock.seconds();
    let (model, optimizer) = devices.records()?;
    session.save(model, optimizer)
}

/// Saves what the last step left, if that can be had and is not saved yet. A failure is no news: something else has failed
/// before.
fn rescue(session: &mut Session, devices: Devices, observe: &mut impl FnMut(TrainEvent<'_>)) {
    if session.is_saved() {
        return;
    }
    let Some((model, optimizer)) = devices.rescue() else { return };
    if session.save(model, optimizer).is_ok() {
        let (epoch, step) = (session.position.epoch + 1, session.position.step);
        observe(TrainEvent::Saved { epoch, step });
    }
}

/// Seconds of a run, those of its earlier sessions included.
struct Clock {
    started: Instant,
    before: f64,
}

impl Clock {
    fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }
}
