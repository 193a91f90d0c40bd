//! Time and memory of the start of a training run, and of loading a whole epoch of its images.
use std::time::Instant;

use clap::Args;
use dafe::{
    data::{BatchLoader, EpochAugmentation, epoch_order},
    prelude::*,
    train::Interrupter,
};
use dafe_cli::support::{
    Outcome,
    datasets::{DatasetArgs, Opener, Splits},
    default_workers,
};
use serde::Serialize;

use super::{Report, memory_mib};

/// The number of measurements per epoch.
const PARTS: usize = 10;

#[derive(Args)]
pub struct Epoch {
    #[command(flatten)]
    dataset: DatasetArgs,
    /// Images per batch
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    batch: u32,
    /// Threads that make batches [default: one per core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Width and height of the network's input, in pixels
    #[arg(long, default_value_t = 320)]
    side: usize,
    /// Stop when the first batch is ready
    #[arg(long)]
    start_only: bool,
    /// Start a training run of the smallest network, and stop when its first step is done
    #[arg(long, conflicts_with = "start_only")]
    first_step: bool,
}

/// Time and memory at a point of the work.
#[derive(Serialize)]
struct Mark {
    /// Seconds since the process or the epoch started.
    seconds: f64,
    /// Currently resident memory.
    resident_mib: Option<f64>,
    /// Peak resident memory.
    peak_mib: Option<f64>,
}

impl Mark {
    fn since(started: Instant) -> Self {
        Self {
            seconds: started.elapsed().as_secs_f64(),
            resident_mib: memory_mib("VmRSS"),
            peak_mib: memory_mib("VmHWM"),
        }
    }
}

/// Measurements at the end of a tenth of an epoch.
#[derive(Serialize)]
struct Part {
    images_per_second: f64,
    #[serde(flatten)]
    end: Mark,
}

impl Epoch {
    /// Opens all splits like `dafe train`; then loads an epoch's batches, or only the first,
    /// without a network, or starts a run.
    pub fn run(&self) -> Outcome<Report> {
        let started = Instant::now();
        let root = self.dataset.root()?;
        // All splits are kept until the end, including the test split.
        let Splits { train, val, test } = Opener::new(&self.dataset, &root, false)?.open_all()?;
        let samples = [train.len(), val.len(), test.dataset.len()];
        let opened = Mark::since(started);
        let folder = tempfile::tempdir()?;
        let config = TrainConfig::preset(Preset::Nano, train.schema().len())
            .with_codec(HeatmapCodec::new([self.side; 2], LandmarkNetConfig::STRIDE, 2.0))
            .with_batch_size(self.batch as usize);
        let devices = vec![Device::flex(); config.shards];
        let training = Training::new(config, train, val, devices, folder.path())
            .with_workers(self.workers.unwrap_or_else(default_workers));
        let opened = serde_json::to_value(opened)?;
        let report = || {
            Report::new(Vec::new()).with("samples", samples.to_vec()).with("opened", opened.clone())
        };
        if self.first_step {
            let first = first_step(&training, started)?;
            return Ok(report().with("first_step", serde_json::to_value(first)?));
        }

        let mut batches = batches(&training);
        let first = batches.next().ok_or("an epoch without an image")??;
        let first_batch = serde_json::to_value(Mark::since(started))?;
        let parts = match self.start_only {
            true => Vec::new(),
            false => load(batches, first.len(), training.train.len())?,
        };
        let report = report().with("first_batch", first_batch);
        Ok(report.with("epoch", serde_json::to_value(parts)?))
    }
}

/// Trains until the first step is done.
fn first_step(training: &Training, started: Instant) -> Outcome<Option<Mark>> {
    let mut first = None;
    let interrupter = Interrupter::new();
    training.run(&interrupter, |event| {
        if let TrainEvent::Step { .. } = event {
            first.get_or_insert_with(|| Mark::since(started));
            interrupter.stop(None);
        }
    })?;
    Ok(first)
}

/// The batches of the run's first epoch, without the incomplete last one.
fn batches(training: &Training) -> BatchLoader {
    let (train, TrainConfig { augmentation, seed, .. }) = (&training.train, &training.config);
    let varied = EpochAugmentation { augmentation: augmentation.clone(), seed: *seed, epoch: 0 };
    let order = epoch_order(train.len(), *seed, 0);
    BatchLoader::new(train.clone(), order, training.loader_config(), Some(varied), 0)
}

/// Loads the batches of an epoch of `total` images, of which `done` are loaded.
fn load(batches: BatchLoader, mut done: usize, total: usize) -> Outcome<Vec<Part>> {
    let started = Instant::now();
    let (mut parts, mut counted, mut seconds) = (Vec::new(), done, 0.0);
    for batch in batches {
        done += std::hint::black_box(batch?).len();
        if done * PARTS >= total * (parts.len() + 1) {
            let end = Mark::since(started);
            let rate = (done - counted) as f64 / (end.seconds - seconds);
            (counted, seconds) = (done, end.seconds);
            parts.push(Part { images_per_second: rate, end });
        }
    }
    assert_eq!(done, total, "every image once");
    Ok(parts)
}
