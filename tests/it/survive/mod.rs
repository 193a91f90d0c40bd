//! Runs that are killed, damaged, or told to write where nothing can be written: saved checkpoints
//! stay intact, and resumed runs end with the same bits.
mod child;
mod damage;
mod kills;
mod refusals;

use std::{fs, path::Path};

use crate::common::{
    self,
    sessions::{checkpoints, last_parameters},
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    prelude::*,
    train::{CheckpointPolicy, EpochRecord},
};

/// A recipe whose steps take a millisecond or two: 13 samples in batches of 2, six steps per epoch.
fn tiny(epochs: usize) -> TrainConfig {
    let mut config = common::recipe(epochs);
    let backbone = ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]);
    config.model.backbone = backbone.with_width(4).with_stem_kernel(3).into();
    config.model.decoder_channels = [4, 4, 4];
    config.codec = HeatmapCodec::new([32, 32], 4, 1.5);
    config.batch_size = 2;
    config.shards = 1;
    config
}

/// The number of steps per epoch of [`tiny`].
const STEPS: usize = 6;

/// A run of [`tiny`] in `folder` that writes a checkpoint every third step.
fn tiny_training(folder: &Path, epochs: usize) -> Training {
    common::training(folder, tiny(epochs), 1)
        .with_checkpoints(CheckpointPolicy::default().with_every_steps(Some(3)).with_keep(2))
}

/// The files that must be bitwise equal in two runs.
#[derive(PartialEq)]
struct Ending {
    best: Vec<u8>,
    last: Vec<u8>,
    epochs: Vec<(f64, Option<f64>, f64)>,
}

impl Ending {
    /// The final state of the run in `folder`.
    fn of(folder: &Path, epochs: usize) -> Self {
        let newest = checkpoints(folder).pop().unwrap();
        let position = fs::read(newest.join("position.json")).unwrap();
        let position: serde_json::Value = serde_json::from_slice(&position).unwrap();
        assert_eq!(position["epoch"], epochs);
        let history = position["history"]["epochs"].as_array().unwrap().iter();
        let measured = |epoch: &serde_json::Value| {
            let epoch: EpochRecord = serde_json::from_value(epoch.clone()).unwrap();
            (epoch.train_loss, epoch.val_ne, epoch.learning_rate)
        };
        Self {
            best: common::model(folder),
            last: last_parameters(folder, &tiny(epochs).model),
            epochs: history.map(measured).collect(),
        }
    }
}
