//! The command's options, and values derived from them.
use std::path::PathBuf;

use dafe::{
    data::{BadImage, LoaderConfig},
    detector::{DetectorConfig, Search},
    metric::{Bootstrap, Ne, VisibilityRule},
    prelude::*,
};

use crate::support::{
    Outcome, datasets::DatasetArgs, default_workers, features::missing, models::Source,
};

const EXAMPLES: &str = "\
Examples:
  dafe evaluate                                      what `dafe train` trained
  dafe evaluate --dataset coco --data kites --model runs/kites
  dafe evaluate --bundled --data path/to/FLD --without-boxes
  dafe evaluate --split val --json numbers.json --sheet worst.jpg";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = EXAMPLES)]
pub struct Args {
    /// The model: a folder that `dafe train` wrote, or a .pth file of MMPose's FLD networks
    /// (feature pytorch), which are only evaluated on their own clothes
    /// type
    #[arg(long, default_value = "runs/train")]
    pub model: PathBuf,
    /// Use the bundled model instead of one from a file
    #[arg(long, conflicts_with = "model")]
    pub bundled: bool,
    #[command(flatten)]
    pub dataset: DatasetArgs,
    /// The split: train, val or test; if there is no labeled test split, as in DeepFashion2,
    /// val is used instead
    #[arg(long, default_value = "test")]
    pub split: Split,
    /// Use a detector's boxes from this file (COCO results with bbox and score) instead of the
    /// labeled ones. Only average precision is measured then
    #[arg(long)]
    pub boxes: Option<PathBuf>,
    /// Also search whole images without using boxes, and compare the errors with those in the
    /// labeled boxes. Of an image's garments, the one with the largest box is evaluated
    #[arg(long, conflicts_with = "boxes")]
    pub without_boxes: bool,
    /// How to search for a garment without a box: quick or thorough [default: the model's]
    #[arg(long, requires = "without_boxes", value_name = "HOW")]
    pub search: Option<Search>,
    /// How to decode heatmaps: none, quarter-offset, dark, dark-udp, soft-argmax, … [default:
    /// the model's]
    #[arg(long)]
    pub refinement: Option<Refinement>,
    /// Flip test: average the heatmaps with those of the mirrored image
    #[arg(long)]
    pub flip_test: bool,
    /// Include occluded landmarks in the normalized error
    #[arg(long)]
    pub occluded: bool,
    /// Exclude visible landmarks outside the labeled box from the normalized error
    #[arg(long)]
    pub inside_box_only: bool,
    /// Bootstrap resamples for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000)]
    pub resamples: usize,
    /// Write the numbers to this file as JSON, including those of each landmark
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Write a self-contained HTML report with tables, plots, the worst and the best cases to
    /// FOLDER/index.html (feature report)
    #[arg(long, value_name = "FOLDER")]
    pub report: Option<PathBuf>,
    /// Write the landmarks to this file, in the format of COCO's and DeepFashion2's evaluators
    #[arg(long)]
    pub results: Option<PathBuf>,
    /// Render some predictions (dots) and the ground truth (rings) to this file: JPEG if its
    /// name ends in .jpg or .jpeg, else PNG
    #[arg(long)]
    pub sheet: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Images per batch
    #[arg(long, default_value_t = 16)]
    pub batch_size: usize,
    /// Threads that decode and crop images [default: one per core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
    /// Leave out unreadable images and list them, instead of failing
    #[arg(long)]
    pub skip_bad_images: bool,
}

impl Args {
    /// Checks that this build has the features for the options.
    pub fn check_features(&self) -> Outcome<()> {
        match self.report.is_some() && !cfg!(feature = "report") {
            true => Err(missing("HTML report (--report)", "report")),
            false => Ok(()),
        }
    }

    /// Checks that the data allow the options, before the long work.
    pub fn check(&self, dataset: &dyn LandmarkDataset, is_labeled: bool) -> Outcome<()> {
        if !is_labeled && self.results.is_none() {
            return Err(format!(
                "the {} split has no annotations to measure with: give --results or another \
                 --split",
                self.split
            )
            .into());
        }
        if !is_labeled && self.report.is_some() {
            return Err(
                format!("the {} split has no annotations for a --report", self.split).into()
            );
        }
        if self.results.is_some() && !dataset.is_empty() && dataset.image_id(0).is_none() {
            let message = "--results needs images with ids, as in DeepFashion2 and COCO; \
                           FLD's have only names";
            return Err(message.into());
        }
        let other_use = self.results.is_some() || self.sheet.is_some();
        if self.boxes.is_some() && dataset.schema().sigmas().is_none() && !other_use {
            let message = "with --boxes only average precision is measured, but this dataset has \
                           no sigmas for it";
            return Err(message.into());
        }
        Ok(())
    }

    /// Where the model comes from.
    pub fn source(&self) -> Source<'_> {
        match self.bundled {
            true => Source::Bundled,
            false => Source::File(&self.model),
        }
    }

    /// Which landmarks the normalized error scores.
    pub fn protocol(&self) -> Ne {
        Ne {
            visibility: match self.occluded {
                true => VisibilityRule::VisibleAndOccluded,
                false => VisibilityRule::Visible,
            },
            inside_box_only: self.inside_box_only,
        }
    }

    /// The options of the bootstrap.
    pub fn bootstrap(&self) -> Bootstrap {
        Bootstrap { resamples: self.resamples, ..Bootstrap::default() }
    }

    /// How images are loaded for the model.
    pub fn loader(&self, model: &DetectorConfig) -> LoaderConfig {
        model
            .loader()
            .with_batch_size(self.batch_size.max(1))
            .with_workers(self.workers.unwrap_or_else(default_workers))
            .with_bad_image(self.bad_image())
    }

    /// What to do with an image that can't be read.
    pub fn bad_image(&self) -> BadImage {
        if self.skip_bad_images { BadImage::Skip } else { BadImage::Fail }
    }

    /// Loads the model; options override how it decodes heatmaps.
    pub fn detector(&self, device: &Device) -> Outcome<LandmarkDetector> {
        let loaded = self.source().detector(None, device)?;
        let mut config = loaded.config().clone();
        config.refinement = self.refinement.unwrap_or(config.refinement);
        config.flip_test |= self.flip_test;
        config.search = self.search.unwrap_or(config.search);
        Ok(LandmarkDetector::new(loaded.net().clone(), config, device)?)
    }
}
