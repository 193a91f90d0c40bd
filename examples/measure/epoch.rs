//! The start of a training run and a whole epoch of its pictures: how long, and in how much memory.
use std::time::Instant;

use clap::Args;
use dafe::{
    data::{EpochAugmentation, epoch_order},
    prelude::*,
    train::Interrupter,
};
use serde::Serialize;

use super::{
    Report,
    datasets::{DatasetArgs, Splits},
    memory_mib,
    support::{self, Outcome},
};

/// How often an epoch is looked at.
const PARTS: usize = 10;

#[derive(Args)]
pub struct Epoch {
    #[command(flatten)]
    dataset: DatasetArgs,
    /// Pictures a batch
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    batch: u32,
    /// Threads that make batches [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Width and height of the network's input, in pixels
    #[arg(long, default_value_t = 32)]
    side: usize,
    /// End after the first step, without the epoch
    #[arg(long)]
    start_only: bool,
}

/// Where the work stands.
#[derive(Serialize)]
struct Mark {
    /// Since the process, or the epoch, began.
    seconds: f64,
    /// Memory that is resident now.
    resident_mib: Option<f64>,
    /// The most that was.
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

/// A tenth of an epoch, at its end.
#[derive(Serialize)]
struct Part {
    pictures_per_second: f64,
    #[serde(flatten)]
    end: Mark,
}

impl Epoch {
    /// What `train_fld` does until its first step is done, with the smallest network; then an epoch of batches without a
    /// network.
    pub fn run(&self) -> Outcome<Report> {
        let started = Instant::now();
        let root = self.dataset.root()?;
        // Held to the end, the test split too.
        let Splits { train, val, test } = self.dataset.open_all(&root)?;
        let opened = Mark::since(started);

        let folder = tempfile::tempdir()?;
        let training = Training {
            config: TrainConfig {
                codec: HeatmapCodec::new([self.side; 2], LandmarkNetConfig::STRIDE, 2.0),
                batch_size: self.batch as usize,
                ..TrainConfig::preset(Preset::Nano, train.schema().len())
            },
            train,
            val,
            device: Device::flex(),
            folder: folder.path().into(),
            workers: self.workers.unwrap_or_else(support::default_workers),
            bad_picture: BadPicture::Fail,
        };
        let mut first_step = None;
        let interrupter = Interrupter::new();
        training.run(&interrupter, |event| {
            if let TrainEvent::Step { .. } = event {
                first_step.get_or_insert_with(|| Mark::since(started));
                interrupter.stop(None);
            }
        })?;

        let parts = if self.start_only { Vec::new() } else { load(&training)? };
        let samples = [training.train.len(), training.val.len(), test.dataset.len()];
        Ok(Report::new(parts.last().map(|part| part.end.seconds * 1e3).into_iter().collect())
            .with("samples", samples.to_vec())
            .with("opened", serde_json::to_value(opened)?)
            .with("first_step", serde_json::to_value(first_step)?)
            .with("epoch", serde_json::to_value(parts)?))
    }
}

/// Takes all batches of the run's first epoch.
fn load(training: &Training) -> Outcome<Vec<Part>> {
    let (train, config) = (&training.train, &training.config);
    let augmentation = EpochAugmentation {
        augmentation: config.augmentation.clone(),
        seed: config.seed,
        epoch: 0,
    };
    let started = Instant::now();
    let order = epoch_order(train.len(), config.seed, 0);
    let batches =
        BatchLoader::new(train.clone(), order, training.loader_config(), Some(augmentation), 0);
    let (mut parts, mut done) = (Vec::new(), 0);
    let (mut pictures, mut seconds) = (0, 0.0);
    for batch in batches {
        done += std::hint::black_box(batch?).len();
        if done * PARTS >= train.len() * (parts.len() + 1) {
            let end = Mark::since(started);
            let rate = (done - pictures) as f64 / (end.seconds - seconds);
            (pictures, seconds) = (done, end.seconds);
            parts.push(Part { pictures_per_second: rate, end });
        }
    }
    assert_eq!(done, train.len(), "every picture once");
    Ok(parts)
}
