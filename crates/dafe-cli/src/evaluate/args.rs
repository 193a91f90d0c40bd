//! The options, and what follows from them alone.
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
    /// The model: the folder that `dafe train` wrote, or a .pth file of MMPose's FLD
    /// networks (feature pytorch), which are measured on the clothes that
    /// they are for
    #[arg(long, default_value = "runs/train", verbatim_doc_comment)]
    pub model: PathBuf,
    /// The model in the program, instead of one from a file
    #[arg(long, conflicts_with = "model")]
    pub bundled: bool,
    #[command(flatten)]
    pub dataset: DatasetArgs,
    /// The split: train, val or test; where there is no labelled test split, as in
    /// DeepFashion2, val stands in for it
    #[arg(long, default_value = "test", verbatim_doc_comment)]
    pub split: Split,
    /// Take a detector's boxes from this file (COCO results with bbox and score) instead of
    /// the labelled ones. Then only average precision is measured
    #[arg(long, verbatim_doc_comment)]
    pub boxes: Option<PathBuf>,
    /// Look at the whole images, too, without any box, and compare the errors with those in
    /// the labelled boxes: of an image's garments, the one with the largest box
    #[arg(long, conflicts_with = "boxes", verbatim_doc_comment)]
    pub without_boxes: bool,
    /// How a garment is looked for without a box: quick or thorough [default: the model's]
    #[arg(long, requires = "without_boxes", value_name = "HOW")]
    pub search: Option<Search>,
    /// How heatmaps are decoded: none, quarter-offset, dark, dark-udp, soft-argmax, …
    /// [default: the model's]
    #[arg(long, verbatim_doc_comment)]
    pub refinement: Option<Refinement>,
    /// Flip test: average the heatmaps with those of the mirrored image
    #[arg(long)]
    pub flip_test: bool,
    /// Count occluded landmarks in the normalized error, too
    #[arg(long)]
    pub occluded: bool,
    /// Leave visible landmarks outside the labelled box out of the normalized error
    #[arg(long)]
    pub inside_box_only: bool,
    /// Resamples of the images for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000)]
    pub resamples: usize,
    /// Write the numbers to this file, as JSON: each landmark's, too, where there are too
    /// many to print
    #[arg(long, verbatim_doc_comment)]
    pub json: Option<PathBuf>,
    /// Write a self-contained page with tables, plots, the worst and the best cases to
    /// FOLDER/index.html (feature report)
    #[arg(long, value_name = "FOLDER", verbatim_doc_comment)]
    pub report: Option<PathBuf>,
    /// Write the landmarks to this file, in the form that COCO's and DeepFashion2's
    /// evaluators take
    #[arg(long, verbatim_doc_comment)]
    pub results: Option<PathBuf>,
    /// Draw some predictions (dots) beside the truth (rings) to this file: JPEG if its name
    /// ends in .jpg or .jpeg, else PNG
    #[arg(long, verbatim_doc_comment)]
    pub sheet: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Images at a time
    #[arg(long, default_value_t = 16)]
    pub batch_size: usize,
    /// Threads that decode and crop images [default: one a core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
    /// Leave out images that can't be read, and name them, instead of ending with an error
    #[arg(long)]
    pub skip_bad_images: bool,
}

impl Args {
    /// Whether this build can do what is asked for.
    pub fn check_features(&self) -> Outcome<()> {
        match self.report.is_some() && !cfg!(feature = "report") {
            true => Err(missing("HTML report (--report)", "report")),
            false => Ok(()),
        }
    }

    /// Whether the data allow what is asked for, before the long work.
    pub fn check(&self, dataset: &dyn LandmarkDataset, is_labelled: bool) -> Outcome<()> {
        if !is_labelled && self.results.is_none() {
            return Err(format!(
                "the {} split has no annotations to measure with: give --results or another \
                 --split",
                self.split
            )
            .into());
        }
        if !is_labelled && self.report.is_some() {
            return Err(
                format!("the {} split has no annotations for a --report", self.split).into()
            );
        }
        if self.results.is_some() && !dataset.is_empty() && dataset.image_id(0).is_none() {
            let message = "--results needs images that have numbers, as DeepFashion2's and \
                           COCO's; FLD's have names";
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

    /// How intervals are sampled.
    pub fn bootstrap(&self) -> Bootstrap {
        Bootstrap { resamples: self.resamples, ..Bootstrap::default() }
    }

    /// How images become batches for the model.
    pub fn loader(&self, model: &DetectorConfig) -> LoaderConfig {
        LoaderConfig::new(model.codec)
            .with_batch_size(self.batch_size.max(1))
            .with_workers(self.workers.unwrap_or_else(default_workers))
            .with_framing(model.framing)
            .with_bad_image(self.bad_image())
    }

    /// What becomes of an image that can't be read.
    pub fn bad_image(&self) -> BadImage {
        if self.skip_bad_images { BadImage::Skip } else { BadImage::Fail }
    }

    /// The model, which decodes heatmaps as it says itself, but for what was asked for.
    pub fn detector(&self, device: &Device) -> Outcome<LandmarkDetector> {
        let loaded = self.source().detector(None, device)?;
        let mut config = loaded.config().clone();
        config.refinement = self.refinement.unwrap_or(config.refinement);
        config.flip_test |= self.flip_test;
        config.search = self.search.unwrap_or(config.search);
        Ok(LandmarkDetector::new(loaded.net().clone(), config, device)?)
    }
}
