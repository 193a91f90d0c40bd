//! Timing of training steps of several networks in turn.
use std::time::Instant;

use burn::tensor::{Distribution, TensorData};
use dafe::{
    data::{LandmarkBatch, TrainBatch},
    prelude::*,
    train::{Interrupter, Recompute, loss_and_gradients},
};
use dafe_cli::support::{Outcome, Progress};

/// Median milliseconds of a training step of each configuration, over `steps`, on the whole batch
/// at once (without shards); `None` if interrupted. Configurations take turns, so that other load
/// on the machine affects all alike.
pub fn time_steps(
    configs: &[TrainConfig],
    steps: usize,
    device: &Device,
    interrupter: &Interrupter,
) -> Outcome<Option<Vec<f64>>> {
    let device = device.clone().autodiff();
    let mut states: Vec<_> = configs
        .iter()
        .map(|config| {
            (Some(config.model.init(&device)), config.optimizer.init(), Vec::with_capacity(steps))
        })
        .collect();
    let progress = Progress::new("timing", steps + 1);
    for step in 0..=steps {
        for (config, (net, optimizer, times)) in configs.iter().zip(&mut states) {
            if interrupter.should_stop() {
                return Ok(None);
            }
            let batch = noise(config, &device);
            let started = Instant::now();
            let trained = net.take().expect("every step puts it back");
            let (_, gradients) =
                loss_and_gradients(&trained, batch, &LossConfig::default(), 1.0, Recompute::None);
            let updated = optimizer.step(1e-6, trained, gradients);
            // Some devices compute asynchronously.
            device.sync()?;
            *net = Some(updated);
            // The first step is a warm-up.
            if step > 0 {
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
        progress.update(step + 1, steps + 1, "");
    }
    progress.done();
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    Ok(Some(states.into_iter().map(|(_, _, times)| median(times)).collect()))
}

/// A batch of random images whose landmarks are in the middle.
fn noise(config: &TrainConfig, device: &Device) -> TrainBatch {
    let ([width, height], n, batch) =
        (config.codec.input_size(), config.model.num_landmarks, config.batch_size);
    let distribution = Distribution::Normal(0.0, 1.0);
    let points = vec![width.min(height) as f32 / 2.0; batch * n * 2];
    let positions = Tensor::from_data(TensorData::new(points, [batch, n, 2]), device);
    let images = Tensor::random([batch, 3, height, width], distribution, device);
    let (weights, empty) = (Tensor::ones([batch, n], device), Tensor::zeros([batch, n], device));
    LandmarkBatch { images, positions, weights, empty }.encode(&config.codec)
}
