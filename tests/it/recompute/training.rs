//! Accumulation over shards of a batch, and several steps.
use burn::{
    module::Module,
    optim::{AdamConfig, GradientsAccumulator, ModuleOptimizer},
    tensor::Tolerance,
};
use dafe::{
    backbone::{AnyBackbone, ResidualKind},
    data::LandmarkBatch,
    model::Decoder,
    prelude::*,
    train::{Recompute, loss_and_gradients},
};

use super::{
    numbers::numbers,
    scene::{batch, codec, config, images, network},
};
use crate::common::devices::on_cpus;

on_cpus!(halves_add_up_to_the_batch);

/// The shards of a batch add up: the gradients accumulated over two halves equal those of the whole
/// batch, if nothing depends on the whole batch as batch normalization does.
fn halves_add_up_to_the_batch(device: &Device) {
    let device = &device.clone().autodiff();
    let config = config(ResidualKind::Basic, Decoder::Dafe).with_norm(false);
    let net = network(&config, 7, device);
    let net = net.map_backbone(AnyBackbone::freeze_norm);
    let whole = images(4, 8, device);
    let half = |from: usize| {
        LandmarkBatch {
            images: whole.images.clone().narrow(0, from, 2),
            positions: whole.positions.clone().narrow(0, from, 2),
            weights: whole.weights.clone().narrow(0, from, 2),
            empty: whole.empty.clone().narrow(0, from, 2),
        }
        .encode_deep(&codec())
    };
    let run = |batch, share| {
        loss_and_gradients(&net, batch, &LossConfig::default(), share, Recompute::Stages)
    };
    let (loss, expected) = run(whole.clone().encode_deep(&codec()), 1.0);
    let mut sum = GradientsAccumulator::new();
    let mut losses = 0.0;
    for from in [0, 2] {
        let (loss, gradients) = run(half(from), 0.5);
        losses += loss.into_scalar::<f32>();
        sum.accumulate(&net, gradients);
    }
    // Sums in another order.
    let loss = loss.into_scalar::<f32>();
    assert!((losses - loss).abs() <= 1e-6 * loss, "{losses} for {loss}");
    let found = numbers(&net, Some(&sum.grads()));
    for ((name, found), (_, expected)) in found.iter().zip(numbers(&net, Some(&expected))) {
        assert_eq!(found.is_some(), expected.is_some(), "{name}");
        if let (Some(found), Some(expected)) = (found, expected) {
            let largest = expected.iter::<f32>().fold(0f32, |most, value| most.max(value.abs()));
            let near = Tolerance::absolute(2e-5 * largest);
            found.assert_approx_eq::<f32>(&expected, near);
        }
    }
}

/// Ten steps with Adam give the same result as without recomputation.
#[test]
fn training_goes_the_same_way() {
    let device = Device::flex().autodiff();
    let batch = batch(4, 9, &device);
    let start = network(&config(ResidualKind::Basic, Decoder::FeaturePyramid), 10, &device);
    let [plain, recomputed] = [Recompute::None, Recompute::Stages].map(|how| {
        let mut net = start.valid().train();
        let mut optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1e-8).init();
        for _ in 0..10 {
            let loss = LossConfig::default();
            let (_, gradients) = loss_and_gradients(&net, batch.clone(), &loss, 1.0, how);
            net = optimizer.step(1e-3, net, gradients);
        }
        numbers(&net.valid(), None)
    });
    // This decoder's gradients are bitwise equal, so everything is.
    assert_eq!(plain, recomputed);
}

/// A step may run on one of the crate's own threads, where Burn would average the statistics of all
/// threads.
#[test]
fn running_statistics_do_not_depend_on_the_thread() {
    let device = Device::flex().autodiff();
    let batch = batch(2, 11, &device);
    let start = network(&config(ResidualKind::Basic, Decoder::Dafe), 12, &device);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let after_steps = |is_on_another: fn(usize) -> bool| {
        let net = start.valid().train();
        for step in 0..4 {
            let (net, batch) = (net.clone(), batch.clone());
            let pass = move || {
                let loss = LossConfig::default();
                loss_and_gradients(&net, batch, &loss, 1.0, Recompute::None);
            };
            // A pool thread runs its passes itself.
            if is_on_another(step) { pool.install(pass) } else { pass() }
        }
        numbers(&net.valid(), None)
    };
    let one = after_steps(|_| false);
    assert_eq!(one, after_steps(|step| step % 2 == 0));
}
