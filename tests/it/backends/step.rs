//! One training step, from a batch's bytes to new parameters.
use std::sync::Arc;

use burn::optim::{AdamConfig, ModuleOptimizer};
use dafe::{
    data::{BatchLoader, HostBatch, LoaderConfig, TargetPolicy, epoch_order},
    loss::LandmarkLoss,
    model::Supervision,
    prelude::*,
    testing::{assert_backends_agree, randomized},
    train::{Recompute, loss_and_gradients},
};

use super::{devices::devices, net::DEEP};
use crate::common::{Squares, recipe};

/// Four images in host memory.
fn batch(recipe: &TrainConfig) -> HostBatch {
    let config = LoaderConfig::new(recipe.codec)
        .with_batch_size(4)
        .with_workers(0)
        .with_policy(TargetPolicy::default().with_absent_as_empty(true));
    let dataset = Arc::new(Squares::new(4));
    let order = epoch_order(4, 5, 2);
    BatchLoader::new(dataset, order, config, None, 0).next().unwrap().unwrap()
}

/// Adam's first step is the rate times `g / (|g| + ε)`. With a small ε this is each gradient's
/// sign, which rounding decides near 0; with ε = 1 it differs no more than the gradients do.
#[test]
fn a_training_step() {
    let supervisions = [(1, Supervision::Output), (2, Supervision::Deep)];
    for ((seed, supervision), recompute) in supervisions
        .into_iter()
        .flat_map(|one| Recompute::ALL.iter().map(move |&recompute| (one, recompute)))
    {
        let mut recipe = recipe(1);
        recipe.model = recipe.model.with_supervision(supervision);
        let batch = batch(&recipe);
        let net: LandmarkNet = randomized(recipe.model.init(&Device::flex()), seed);
        let loss = LossConfig::from(LandmarkLoss::Mse);
        assert_backends_agree(devices(), DEEP, |run| {
            let net = run.module("net", &net);
            let mut optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1.0).init();
            let batch = batch.to_device(run.device());
            run.value("images", batch.images.to_data());
            let batch = batch.encode_deep(&recipe.codec);
            run.value("heatmaps", batch.target.heatmaps.to_data());
            let (value, gradients) = loss_and_gradients(&net, batch, &loss, 1.0, recompute);
            run.value("loss", value.into_data());
            let net = optimizer.step(1.0, net, gradients);
            run.state("net after the step", &net);
        });
    }
}
