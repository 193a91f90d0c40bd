//! A long training run, to see whether memory grows.
use std::{path::PathBuf, sync::Arc};

use clap::Args;
use dafe::{prelude::*, train::Interrupter};
use dafe_cli::support::{Outcome, default_workers, training_devices};
use dafe_garments::{GarmentDatasetConfig, write_garment_dataset};

use super::super::memory_mib;

#[derive(Args)]
pub struct Run {
    /// Steps in all
    #[arg(long, default_value_t = 2000)]
    steps: usize,
    /// Steps between validations and checkpoints
    #[arg(long, default_value_t = 100)]
    epoch: usize,
    /// Steps between lines
    #[arg(long, default_value_t = 200)]
    every: usize,
    /// Images per step
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// The network: nano, small, paper
    #[arg(long, default_value = "nano")]
    preset: Preset,
    /// The folder of generated garments and the run; it must not contain a run yet
    #[arg(long, default_value = "runs/memory")]
    out: PathBuf,
    #[arg(long, default_value = "flex")]
    device: String,
}

impl Run {
    pub fn run(&self) -> Outcome<()> {
        if self.batch == 0 || self.epoch == 0 || self.every == 0 {
            return Err("batch, epoch and every must be at least 1".into());
        }
        let garments = self.out.join("garments");
        let train = self.epoch * self.batch;
        let config = GarmentDatasetConfig { train, val: self.batch, test: 1, ..Default::default() };
        write_garment_dataset(&garments, &config, &|_, _| ())?;
        let mut recipe = TrainConfig::preset(self.preset, 8);
        recipe.batch_size = self.batch;
        recipe.epochs = self.steps.div_ceil(self.epoch);
        let devices = training_devices(std::slice::from_ref(&self.device), recipe.shards)?;
        let open = |split| FldDataset::open(&garments, split).map(Arc::new);
        let training = Training::new(
            recipe,
            open(Split::Train)?,
            open(Split::Val)?,
            devices,
            self.out.join("run"),
        )
        .with_workers(default_workers());
        println!("| step | resident | peak so far |");
        println!("|---|---|---|");
        let mut seen = 0;
        let interrupter = Interrupter::new();
        training.run(&interrupter, |event| {
            if let TrainEvent::Step { .. } = event {
                seen += 1;
                let memory = memory_mib("VmRSS").zip(memory_mib("VmHWM"));
                match memory {
                    Some((now, peak)) if seen % self.every == 0 => {
                        println!("| {seen} | {now:.0} MiB | {peak:.0} MiB |");
                    }
                    _ => (),
                }
                if seen == self.steps {
                    interrupter.stop(None);
                }
            }
        })?;
        Ok(())
    }
}
