//! Runs of twelve pictures a step, split in several ways.
use std::{fs, path::Path, sync::Arc};

use dafe::{prelude::*, weights::save_safetensors};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{Squares, fill::parameter, model, run};

/// A network in a file, its parameters made from their names and `seed`: the generator that draws initial ones is shared by
/// all tests of a process.
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
    FineTuning { pretrained: Some(path), ..FineTuning::default() }
}

/// Twelve pictures a step, two steps an epoch, split into `parts` over `devices`.
pub fn train(
    folder: &Path,
    mut config: TrainConfig,
    parts: usize,
    devices: Vec<Device>,
) -> Vec<u8> {
    (config.batch_size, config.shards) = (12, parts);
    let folder = folder.join(format!("{}-{parts}-{}", config.seed, devices.len()));
    let (train, val) = (Arc::new(Squares::new(25)), Arc::new(Squares::new(5)));
    let training = Training { workers: 0, ..Training::new(config, train, val, devices, &folder) };
    assert!(run(&training).finished);
    model(&folder)
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
