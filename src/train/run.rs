//! The training loop.
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use burn::{tensor::Device, train::Interrupter};

use super::{EpochRecord, History, TrainConfig, devices::Devices, session::Session};
use crate::{
    data::{
        BadPicture, BatchLoader, EpochAugmentation, Framing, LandmarkDataset, LoaderConfig,
        epoch_order,
    },
    detector::{DetectorConfig, LandmarkDetector},
    error::Error,
    model::Supervision,
    predict::predict_batches,
};

/// What a run tells while it runs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TrainEvent<'a> {
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
    /// A checkpoint is written within an epoch: because the run was told to stop, or because something failed.
    Saved {
        /// The epoch, from 1.
        epoch: usize,
        /// Steps of it that are done.
        step: usize,
    },
    /// A picture was left out.
    Skipped(&'a str),
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
/// validation NE so far, in the two files that [`LandmarkDetector::load`] takes.
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
            patience: Duration::from_secs(600),
        }
    }

    /// Trains until the last epoch is done or `interrupter` says stop; then the step is finished and a checkpoint
    /// written. Goes on from the folder's newest checkpoint if there is one. `observe` is told of every step.
    ///
    /// Where something fails, a device that is gone included, what the last step left is saved before the error is
    /// returned, if there is still a device to get it from; otherwise the newest checkpoint is what there is to go on from.
    ///
    /// # Errors
    /// [`Error::Config`] if the recipe can't work or the folder holds a run with another recipe;
    /// [`Error::Training`] if the loss is not a number; [`Error::Device`] if a device fails or doesn't answer; any error of
    /// reading pictures and writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        let (mut session, net, optimizer) = Session::open(self)?;
        let devices = Devices::start(&self.devices, net, optimizer, &self.config, self.patience)?;
        let clock = Clock { started: Instant::now(), before: session.position.seconds };
        let done = self.epochs(&mut session, &devices, interrupter, &clock, &mut observe);
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
        devices: &Devices,
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
                if interrupter.should_stop() {
                    session.position.seconds = clock.seconds();
                    let (model, optimizer) = devices.records()?;
                    session.save(model, optimizer)?;
                    observe(TrainEvent::Saved { epoch: epoch + 1, step });
                    return Ok(false);
                }
            }

            let val_ne = self.validate(devices, observe)?;
            let record = session.position.finish_epoch(steps, val_ne, clock.seconds());
            if session.position.history.best() == Some(&record) || epoch == 0 {
                devices.save_net(self.folder.join(LandmarkDetector::WEIGHTS))?;
            }
            let (model, optimizer) = devices.records()?;
            session.save(model, optimizer)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(true)
    }

    /// The normalized error on the validation split.
    fn validate(
        &self,
        devices: &Devices,
        observe: &mut impl FnMut(TrainEvent<'_>),
    ) -> Result<Option<f64>, Error> {
        let decoding = self.detector_config().decoding();
        let mirror = self.val.schema().mirror();
        let found = predict_batches(
            &self.val,
            &self.loader_config(),
            devices.len(),
            |batches| devices.predict(batches, decoding, mirror),
            |done, total| {
                observe(TrainEvent::Validation { done, total });
                true
            },
        )?;
        Ok(found.report(self.val.as_ref()).ne())
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
