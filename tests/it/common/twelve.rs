//! Runs with twelve images per step, split into shards in several ways.
use std::{fs, path::Path, sync::Arc};

use dafe::{
    prelude::*,
    train::{FineTuning, InitialWeights},
    weights::save_safetensors,
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{Squares, fill::parameter, recipe, run, sessions::last_parameters};

/// Writes a network to a file, with parameters generated from their names and `seed`: the generator
/// for initial parameters is shared by all tests of a process.
pub fn start(folder: &Path, config: &LandmarkNetConfig, seed: u64) -> FineTuning {
    let path = folder.join(format!("start-{seed}.safetensors"));
    save_safetensors(&config.init(&Device::flex()), &path).unwrap();
    let drawn = fs::read(&path).unwrap();
    let drawn = SafeTensors::deserialize(&drawn).unwrap();
    let filled: Vec<_> = drawn
        .iter()
        .map(|(name, view)| {
            let values = parameter(&format!("{seed}.{name}"), view.shape());
            (name.to_string(), view.shape().to_vec(), values.as_bytes().to_vec())
        })
        .collect();
    let views = filled.iter().map(|(name, shape, bytes)| {
        (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    FineTuning::default().with_initial_weights(InitialWeights::File(path))
}

/// A recipe of two epochs without BatchNorm except for the backbone's, which is frozen, so an
/// image's gradients do not depend on its shard. Adam divides gradients by their size, even those
/// that consist only of rounding errors: such parameters differ by up to the learning rate, which
/// is small.
pub fn without_batch_statistics(folder: &Path, seed: u64) -> TrainConfig {
    let mut config = recipe(2);
    config.model = config.model.with_norm(false);
    config.fine_tuning = start(folder, &config.model, seed).with_freeze_norm(true);
    (config.seed, config.learning_rate) = (seed, 1e-3);
    config
}

/// A run in `folder` with twelve images per step and two steps per epoch, split into `parts` shards
/// over `devices`.
pub fn training(
    folder: &Path,
    mut config: TrainConfig,
    parts: usize,
    devices: Vec<Device>,
) -> Training {
    (config.batch_size, config.shards) = (12, parts);
    let (train, val) = (Arc::new(Squares::new(25)), Arc::new(Squares::new(5)));
    Training::new(config, train, val, devices, folder).with_workers(0)
}

/// The parameters after the last step of such a run, in a temporary folder.
pub fn train(config: &TrainConfig, parts: usize, devices: Vec<Device>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(&training(folder.path(), config.clone(), parts, devices)).finished);
    last_parameters(folder.path(), &config.model)
}

/// The largest difference of two files' parameters.
pub fn distance(one: &[u8], other: &[u8]) -> f32 {
    let [one, other] = [one, other].map(|bytes| SafeTensors::deserialize(bytes).unwrap());
    let values = |bytes: &[u8]| -> Vec<f32> {
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
    };
    let of = |name: &str| {
        let [one, other] = [&one, &other].map(|file| values(file.tensor(name).unwrap().data()));
        assert_eq!(one.len(), other.len());
        one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    one.names().into_iter().map(of).fold(0.0, f32::max)
}
