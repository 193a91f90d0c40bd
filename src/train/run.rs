//! The training loop.
use std::{path::PathBuf, sync::Arc, time::Instant};

use burn::{module::Module, tensor::Device, train::Interrupter};

use super::{EpochRecord, History, TrainConfig, session::Session, shard::Shards};
use crate::{
    data::{
        BadPicture, BatchLoader, EpochAugmentation, Framing, LandmarkDataset, LoaderConfig,
        epoch_order,
    },
    detector::{DetectorConfig, LandmarkDetector},
    error::Error,
    model::{LandmarkNet, Supervision},
    predict::predict_dataset,
    weights::save_safetensors,
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

/// A training run in a folder: its configuration, datasets and device.
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
    /// Where to compute, without autodiff.
    pub device: Device,
    /// The run's folder.
    pub folder: PathBuf,
    /// Threads that make batches.
    pub workers: usize,
    /// What to do with pictures that can't be read.
    pub bad_picture: BadPicture,
}

impl Training {
    /// The file with the run's configuration.
    pub const CONFIG: &'static str = "config.json";

    /// Trains until the last epoch is done or `interrupter` says stop; then the step is finished and a checkpoint
    /// written. Goes on from the folder's newest checkpoint if there is one. `observe` is told of every step.
    ///
    /// # Errors
    /// [`Error::Config`] if the recipe can't work or the folder holds a run with another recipe;
    /// [`Error::Training`] if the loss is not a number; any error of reading pictures and writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        let config = &self.config;
        let mut session = Session::open(self)?;
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
                if interrupter.should_stop() {
                    session.position.seconds = seconds();
                    session.save(&session.net.valid())?;
                    return Ok(session.outcome(false));
                }
            }

            let net = session.net.valid();
            let val_ne = self.validate(&net, &mut observe)?;
            let record = session.position.finish_epoch(steps, val_ne, seconds());
            if session.position.history.best() == Some(&record) || epoch == 0 {
                let used = net.clone().without_auxiliary();
                save_safetensors(&used, &self.folder.join(LandmarkDetector::WEIGHTS))?;
            }
            session.save(&net)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(session.outcome(true))
    }

    /// The normalized error of `net` on the validation split.
    fn validate(
        &self,
        net: &LandmarkNet,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Option<f64>, Error> {
        let loader = self.loader_config();
        let decoding = self.detector_config().decoding();
        let progress = |done, total| observe(TrainEvent::Validation { done, total });
        let found = predict_dataset(net, &self.val, &loader, decoding, &self.device, progress)?;
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
