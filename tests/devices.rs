//! Training over several devices: CPU devices here, through the same code as any others.
use std::{fs, path::Path, sync::Arc};

use burn::module::Module;
use dafe::{prelude::*, train::Interrupter, weights::save_safetensors};
use safetensors::SafeTensors;

mod common;
use common::{Squares, model, recipe, run};

/// A network of random parameters, in a file: the generator that draws them is shared by all tests of a process.
fn start(folder: &Path, config: &LandmarkNetConfig) -> FineTuning {
    let path = folder.join("start.safetensors");
    let device = Device::flex();
    device.seed(7);
    save_safetensors(&config.init(&device), &path).unwrap();
    FineTuning { pretrained: Some(path), ..FineTuning::default() }
}

/// Twelve pictures a step, two steps an epoch, split into `parts` over `devices`.
fn train(folder: &Path, mut config: TrainConfig, parts: usize, devices: usize) -> Vec<u8> {
    (config.batch_size, config.shards) = (12, parts);
    let folder = folder.join(format!("{parts}-{devices}"));
    let (train, val) = (Arc::new(Squares::new(25)), Arc::new(Squares::new(5)));
    let devices = vec![Device::flex(); devices];
    let training = Training { workers: 0, ..Training::new(config, train, val, devices, &folder) };
    assert!(run(&training).finished);
    model(&folder)
}

/// The largest difference of two files' parameters.
fn distance(one: &[u8], other: &[u8]) -> f32 {
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

#[test]
fn parts_on_several_devices_equal_the_whole_batch_on_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(3);
    // No BatchNorm but the backbone's, which stays as it is.
    config.model = config.model.with_norm(false);
    config.fine_tuning = FineTuning { freeze_norm: true, ..start(folder.path(), &config.model) };
    let whole = train(folder.path(), config.clone(), 1, 1);
    let moved = distance(&fs::read(folder.path().join("start.safetensors")).unwrap(), &whole);
    for (parts, devices) in [(2, 2), (3, 3), (4, 2), (2, 1), (6, 1)] {
        let other = train(folder.path(), config.clone(), parts, devices);
        let distance = distance(&whole, &other);
        println!("{parts} parts on {devices} devices: {distance:e}, moved by {moved:e}");
        // Sums of gradients are rounded in another order.
        assert!(distance <= 1e-6, "{parts} parts on {devices} devices: {distance:e}");
    }
}
