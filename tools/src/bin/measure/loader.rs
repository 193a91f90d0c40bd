//! Loads an epoch of images from files to batches of bytes.
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use dafe::{
    data::{Augmentation, BatchLoader, EpochAugmentation, LoaderConfig},
    prelude::*,
};
use dafe_cli::support::{Outcome, default_workers};

use super::{Repeats, Report, files::write};

const SIDE: usize = 320;

#[derive(Args)]
pub struct Loader {
    /// The dataset's folder, in FLD's format; its training split is loaded
    #[arg(long)]
    data: PathBuf,
    /// Images per batch
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Threads that make batches [default: one per core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Only crop and resize, in the dataset's order
    #[arg(long)]
    plain: bool,
    /// Write the first batch's `images`, normalized, to this safetensors file
    #[arg(long)]
    images: Option<PathBuf>,
    #[command(flatten)]
    repeats: Repeats,
}

impl Loader {
    pub fn run(&self) -> Outcome<Report> {
        let dataset = Arc::new(FldDataset::open(&self.data, Split::Train)?);
        let images = dataset.samples().len();
        if images == 0 || self.batch == 0 {
            return Err("an epoch needs images, and a batch of at least 1".into());
        }
        let mut epoch = 0;
        let times = self.repeats.time(|| {
            epoch += 1;
            let mut loaded = 0;
            for batch in self.epoch(&dataset, epoch) {
                loaded += std::hint::black_box(batch?).len();
            }
            assert_eq!(loaded, images, "every image once");
            Ok(())
        })?;
        let report = Report::new(times).with("images", images);
        if let Some(path) = &self.images {
            self.write_first(&dataset, path)?;
        }
        Ok(report)
    }

    fn epoch(&self, dataset: &Arc<FldDataset>, epoch: u64) -> BatchLoader {
        let config =
            LoaderConfig::new(HeatmapCodec::new([SIDE, SIDE], LandmarkNetConfig::STRIDE, 2.0))
                .with_batch_size(self.batch)
                .with_workers(self.workers.unwrap_or_else(default_workers));
        let varied = EpochAugmentation { augmentation: Augmentation::default(), seed: 0, epoch };
        let images = dataset.samples().len();
        let order = match self.plain {
            true => (0..images).collect(),
            false => dafe::data::epoch_order(images, 0, epoch),
        };
        BatchLoader::new(dataset.clone(), order, config, (!self.plain).then_some(varied), 0)
    }

    fn write_first(&self, dataset: &Arc<FldDataset>, path: &Path) -> Outcome<()> {
        let first = self.epoch(dataset, 0).next().expect("there are images")?;
        write(path, vec![("images", first.to_device(&Device::flex()).images.into_data())])
    }
}
