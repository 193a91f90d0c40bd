//! The training loop.
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use burn::{
    module::Module,
    optim::{AdamConfig, ModuleOptimizer},
    tensor::Device,
    train::Interrupter,
};

use super::{
    EpochRecord, History, TrainConfig,
    checkpoint::{Checkpoints, Position, load, read_position},
    shard::Shards,
};
use crate::{
    atomic::write_atomically,
    data::{
        BadPicture, BatchLoader, EpochAugmentation, LandmarkDataset, LoaderConfig, epoch_order,
    },
    detector::{DetectorConfig, LandmarkDetector, write_config},
    error::Error,
    model::LandmarkNet,
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
        config.validate()?;
        self.check_datasets()?;
        let checkpoints = Checkpoints::new(&self.folder);
        let mut run = self.start_or_resume(&checkpoints)?;
        self.write_config()?;

        let steps = (self.train.samples().len() / config.batch_size).max(1);
        let shards = Shards::new(config.shards)?;
        let device = self.device.clone().autodiff();
        let started = Instant::now();
        let seconds_before = run.position.seconds;
        while run.position.epoch < config.epochs {
            let epoch = run.position.epoch;
            let done = epoch * steps + run.position.step;
            let mut scheduler =
                config.schedule.scheduler(config.learning_rate, config.epochs, steps, done)?;
            let mut learning_rate = 0.0;
            for batch in self.epoch_batches(epoch, run.position.step, steps) {
                let batch = batch?;
                for skipped in &batch.skipped {
                    observe(TrainEvent::Skipped(&skipped.reason));
                }
                let rates = scheduler.step();
                learning_rate = rates.base();
                let mut loss = 0.0;
                if !batch.is_empty() {
                    let step = shards.step(run.net, batch, &config.codec, &device);
                    loss = step.loss;
                    if !loss.is_finite() {
                        return Err(Error::Training(format!(
                            "the loss of epoch {}, step {} is {loss}; a lower learning rate than {learning_rate} may \
                             help",
                            epoch + 1,
                            run.position.step + 1
                        )));
                    }
                    run.net = run.optimizer.step(rates, step.net, step.gradients);
                }
                run.position.step += 1;
                run.position.loss_sum += loss;
                let step = run.position.step;
                observe(TrainEvent::Step { epoch: epoch + 1, step, steps, loss, learning_rate });
                if interrupter.should_stop() {
                    run.position.seconds = seconds_before + started.elapsed().as_secs_f64();
                    checkpoints.save(&run.net.clone().valid(), &run.optimizer, &run.position)?;
                    return Ok(run.outcome(false));
                }
            }

            let net = run.net.clone().valid();
            let loader = self.loader_config();
            let refinement = config.refinement;
            let predictions = predict_dataset(
                &net,
                &self.val,
                &loader,
                refinement,
                &self.device,
                |done, total| {
                    observe(TrainEvent::Validation { done, total });
                },
            )?;
            let seconds = seconds_before + started.elapsed().as_secs_f64();
            let record = EpochRecord {
                epoch: epoch + 1,
                train_loss: run.position.loss_sum / steps as f64,
                val_ne: predictions.report(self.val.as_ref()).ne(),
                learning_rate,
                seconds,
            };
            run.position.history.epochs.push(record.clone());
            if run.position.history.best() == Some(&record) || epoch == 0 {
                save_safetensors(&net, &self.folder.join(LandmarkDetector::WEIGHTS))?;
            }
            run.position.epoch += 1;
            run.position.step = 0;
            run.position.loss_sum = 0.0;
            run.position.seconds = seconds;
            checkpoints.save(&net, &run.optimizer, &run.position)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(run.outcome(true))
    }

    /// A new run from the seed, or the newest checkpoint's.
    fn start_or_resume(&self, checkpoints: &Checkpoints) -> Result<Run, Error> {
        let device = self.device.clone().autodiff();
        device.seed(self.config.seed);
        let net = self.config.model.init(&device);
        // Parameters are drawn at first use, by whichever thread is first: reading them all at once fixes them.
        let record = net.clone().into_record();
        let net = net.load_record(record);
        let optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let data = fingerprint(self.train.as_ref());
        let Some(checkpoint) = checkpoints.latest()? else {
            let config = self.config.clone();
            let history = History::default();
            let position =
                Position { config, data, epoch: 0, step: 0, loss_sum: 0.0, seconds: 0.0, history };
            return Ok(Run { net, optimizer, position });
        };
        let position = read_position(&checkpoint)?;
        if position.config != self.config {
            return Err(Error::Config(format!(
                "{} holds a run with another configuration; give another folder, or that run's configuration",
                self.folder.display()
            )));
        }
        if position.data != data {
            return Err(Error::Config(format!(
                "{} holds a run on other training data ({}, now {data})",
                self.folder.display(),
                position.data
            )));
        }
        let (net, optimizer) = load(&checkpoint, net, optimizer)?;
        Ok(Run { net, optimizer, position })
    }

    fn check_datasets(&self) -> Result<(), Error> {
        for dataset in [&self.train, &self.val] {
            if dataset.samples().is_empty() {
                return Err(Error::Config("a dataset to train or validate on is empty".into()));
            }
            let (landmarks, maps) = (dataset.schema().len(), self.config.model.num_landmarks);
            if landmarks != maps {
                return Err(Error::Config(format!(
                    "the dataset has {landmarks} landmarks, the network {maps} heatmaps"
                )));
            }
        }
        Ok(())
    }

    fn write_config(&self) -> Result<(), Error> {
        std::fs::create_dir_all(&self.folder).map_err(Error::io("create", &self.folder))?;
        let json = serde_json::to_vec_pretty(&self.config).expect("plain numbers and strings");
        write_atomically(&self.folder.join(Self::CONFIG), |file| file.write_all(&json))?;
        write_config(&self.folder, &self.detector_config())
    }

    /// What the trained network is used with.
    pub fn detector_config(&self) -> DetectorConfig {
        DetectorConfig {
            model: self.config.model.clone(),
            codec: self.config.codec,
            refinement: self.config.refinement,
            schema: self.train.schema().clone(),
        }
    }

    /// Batches for plain crops.
    pub fn loader_config(&self) -> LoaderConfig {
        LoaderConfig {
            batch_size: self.config.batch_size,
            workers: self.workers,
            codec: self.config.codec,
            policy: self.config.policy,
            bad_picture: self.bad_picture,
        }
    }

    /// The batches of epoch `epoch` (from 0), from step `first`. A remainder that fills no batch is left out; every
    /// epoch leaves out other samples.
    fn epoch_batches(&self, epoch: usize, first: usize, steps: usize) -> BatchLoader {
        let (seed, epoch) = (self.config.seed, epoch as u64);
        let mut order = epoch_order(self.train.samples().len(), seed, epoch);
        order.truncate(steps * self.config.batch_size);
        let augmentation =
            EpochAugmentation { augmentation: self.config.augmentation.clone(), seed, epoch };
        BatchLoader::new(self.train.clone(), order, self.loader_config(), Some(augmentation), first)
    }
}

/// A run under way.
struct Run {
    net: LandmarkNet,
    optimizer: ModuleOptimizer,
    position: Position,
}

impl Run {
    fn outcome(self, finished: bool) -> Outcome {
        Outcome { history: self.position.history, finished, seconds: self.position.seconds }
    }
}

/// Reads the configuration of the run in `folder`.
///
/// # Errors
/// [`Error::Io`] if there is none, [`Error::Config`] if it can't be understood or can't work.
pub fn read_config(folder: &Path) -> Result<TrainConfig, Error> {
    let path = folder.join(Training::CONFIG);
    let json = std::fs::read(&path).map_err(Error::io("read", &path))?;
    let config: TrainConfig = serde_json::from_slice(&json)
        .map_err(|error| Error::Config(format!("{}: {error}", path.display())))?;
    config.validate().map(|()| config)
}

/// A short text that differs when the samples do: how many there are, and a hash of names, boxes and landmarks.
fn fingerprint(dataset: &dyn LandmarkDataset) -> String {
    let samples = dataset.samples();
    let json = serde_json::to_vec(samples).expect("plain numbers and strings");
    // FNV-1a, 64 bits: stable across versions and platforms.
    let hash = json.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{} samples, {hash:016x}", samples.len())
}
