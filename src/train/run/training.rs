//! A training run before it runs: recipe, datasets, devices, folder.
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use burn::tensor::Device;

use crate::{
    data::{BadImage, BatchLoader, EpochAugmentation, LandmarkDataset, LoaderConfig, epoch_order},
    detector::DetectorConfig,
    model::Supervision,
    train::{
        checkpoint::policy::CheckpointPolicy,
        recipe::{config::TrainConfig, file, history::History},
    },
    with_fields::with_fields,
};

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
/// validation NE so far, in one file that [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load) takes.
#[non_exhaustive]
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
    /// What to do with images that can't be read.
    pub bad_image: BadImage,
    /// When checkpoints are written, and how many are kept.
    pub checkpoints: CheckpointPolicy,
    /// Whether a run goes on though its datasets are not what they were. With other samples to train on, the epoch under way
    /// begins anew.
    pub accept_changed_data: bool,
    /// How long a device may take for a step before it counts as gone. The first step on a GPU compiles its kernels.
    pub device_timeout: Duration,
}

with_fields!(Training {
    with_workers workers: usize,
    with_bad_image bad_image: BadImage,
    with_checkpoints checkpoints: CheckpointPolicy,
    with_accept_changed_data accept_changed_data: bool,
    with_device_timeout device_timeout: Duration,
});

impl fmt::Debug for Training {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Training")
            .field("config", &self.config)
            .field("devices", &self.devices)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Training {
    /// The file with the run's configuration.
    pub const CONFIG: &'static str = file::NAME;

    /// A run with two threads that make batches, that ends at images that can't be read, and that
    /// gives a device ten minutes for a step.
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
            bad_image: BadImage::Fail,
            checkpoints: CheckpointPolicy::default(),
            accept_changed_data: false,
            device_timeout: Duration::from_secs(600),
        }
    }

    /// What the trained network is used with, before anything is known of its scores. It has no auxiliary heads any more.
    pub fn detector_config(&self) -> DetectorConfig {
        let TrainConfig { model, codec, framing, refinement, loss, .. } = &self.config;
        let model = model.clone().with_supervision(Supervision::Output);
        DetectorConfig {
            framing: *framing,
            refinement: *refinement,
            logits: loss.takes_logits(),
            infers_category: self.config.teaches_absence(),
            ..DetectorConfig::new(model, *codec, self.train.schema().clone())
        }
    }

    /// Batches for plain crops.
    pub fn loader_config(&self) -> LoaderConfig {
        LoaderConfig {
            batch_size: self.config.batch_size,
            workers: self.workers,
            codec: self.config.codec,
            framing: self.config.framing,
            policy: self.config.policy,
            bad_image: self.bad_image,
        }
    }

    /// The batches of epoch `epoch` (from 0), from step `first`. A remainder that fills no batch is left out; every
    /// epoch leaves out other samples.
    pub(in crate::train) fn epoch_batches(
        &self,
        epoch: usize,
        first: usize,
        steps: usize,
    ) -> BatchLoader {
        let (seed, epoch) = (self.config.seed, epoch as u64);
        let mut order = epoch_order(self.train.len(), seed, epoch);
        order.truncate(steps * self.config.batch_size);
        let augmentation =
            EpochAugmentation { augmentation: self.config.augmentation.clone(), seed, epoch };
        BatchLoader::new(self.train.clone(), order, self.loader_config(), Some(augmentation), first)
    }
}
