//! The setup of a training run: recipe, datasets, devices, folder.
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

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The metrics of all epochs.
    pub history: History,
    /// Whether all epochs are finished; otherwise the run was interrupted and can be resumed.
    pub finished: bool,
    /// Seconds of training and validation, over all sessions of the run.
    pub seconds: f64,
}

/// A training run in a folder: its configuration, datasets and devices.
///
/// The folder contains `config.json` (the [`TrainConfig`]), `checkpoints/` to resume from, and the
/// model with the lowest validation NE so far, in one file for
/// [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load).
///
/// ```
/// use std::sync::Arc;
///
/// use dafe::{data::BadImage, prelude::*, train::CheckpointPolicy};
///
/// /// A run that leaves out unreadable images and saves a checkpoint every 500 steps.
/// fn training(train: Arc<dyn LandmarkDataset>, val: Arc<dyn LandmarkDataset>) -> Training {
///     let config = TrainConfig::preset(Preset::Small, train.schema().len());
///     Training::new(config, train, val, vec![Device::default()], "runs/shirts")
///         .with_bad_image(BadImage::Skip)
///         .with_checkpoints(CheckpointPolicy::default().with_every_steps(Some(500)))
/// }
/// ```
#[non_exhaustive]
pub struct Training {
    /// The recipe.
    pub config: TrainConfig,
    /// The training data.
    pub train: Arc<dyn LandmarkDataset>,
    /// The validation data, used to select the best parameters.
    pub val: Arc<dyn LandmarkDataset>,
    /// The devices, without autodiff. Their number must divide [`TrainConfig::shards`].
    ///
    /// A CPU may be listed several times; its cores are then divided among the entries. Several
    /// CUDA devices sum their gradients over NCCL (Burn's distributed data parallelism), all other
    /// devices on the host.
    pub devices: Vec<Device>,
    /// The run's folder.
    pub folder: PathBuf,
    /// Worker threads of the loader.
    pub workers: usize,
    /// How unreadable images are handled.
    pub bad_image: BadImage,
    /// When checkpoints are written, and how many are kept.
    pub checkpoints: CheckpointPolicy,
    /// Resume a run even if its datasets have changed. If the training samples have changed, the
    /// current epoch is restarted.
    pub accept_changed_data: bool,
    /// Device timeout: how long a device may take for a step before it counts as lost. The first
    /// step on a GPU compiles its kernels.
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
    /// The name of the file with the run's configuration.
    pub const CONFIG: &'static str = file::NAME;

    /// A run with two loader threads, an error for unreadable images, and a device timeout of ten
    /// minutes.
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

    /// The detector configuration of the trained network, before its scores are calibrated. Without
    /// auxiliary heads.
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

    /// The loader's configuration for crops without augmentation.
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

    /// The batches of epoch `epoch` (from 0), from step `first`. A remainder smaller than a batch
    /// is left out; it is different in every epoch.
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
