//! What can be told on the command line.
use std::path::PathBuf;

use clap::Parser;
use dafe::{
    metric::{Bootstrap, NormalizedErrorProtocol, VisibilityRule},
    prelude::*,
};

use super::{
    datasets::DatasetArgs,
    models::Source,
    support::{self, Outcome},
};

#[derive(Parser)]
#[command(about = "Measure a trained model on FLD, DeepFashion-C, DeepFashion2 or COCO keypoints")]
pub struct Args {
    /// The model: the folder that train_fld wrote, or a .pth file of MMPose's FLD networks, which are measured on the
    /// clothes that they are for
    #[arg(long, default_value = "runs/train_fld")]
    pub model: PathBuf,
    /// The model that the crate ships, instead of one from a file
    #[arg(long, conflicts_with = "model")]
    pub bundled: bool,
    #[command(flatten)]
    pub dataset: DatasetArgs,
    /// The split: train, val or test; where there is no labelled test split, as in DeepFashion2, val stands in for it
    #[arg(long, default_value = "test")]
    pub split: Split,
    /// Take a detector's boxes from this file (COCO results with bbox and score) instead of the labelled ones. Then only
    /// average precision is measured
    #[arg(long)]
    pub boxes: Option<PathBuf>,
    /// Look at the whole pictures, too, without telling any box, and compare the errors with those in the labelled boxes: of
    /// a picture's garments, the one with the largest box
    #[arg(long, conflicts_with = "boxes")]
    pub without_boxes: bool,
    /// How heatmaps are decoded: none, quarter-offset, dark, dark-udp, soft-argmax, … [default: the model's]
    #[arg(long)]
    pub refinement: Option<Refinement>,
    /// Look at each picture's mirror image, too, and average the heatmaps
    #[arg(long)]
    pub flip_test: bool,
    /// Count occluded landmarks in the normalized error, too
    #[arg(long)]
    pub occluded: bool,
    /// Leave visible landmarks outside the labelled box out of the normalized error
    #[arg(long)]
    pub inside_box_only: bool,
    /// Resamples of the pictures for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000)]
    pub resamples: usize,
    /// Write the numbers to this file, as JSON: each landmark's, too, where there are too many to print
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Write a page with tables, plots, the worst and the best cases to this folder: index.html, which needs no other file
    #[arg(long, value_name = "FOLDER")]
    pub report: Option<PathBuf>,
    /// Write the landmarks to this file, in the form that COCO's and DeepFashion2's evaluators take
    #[arg(long)]
    pub results: Option<PathBuf>,
    /// Draw some predictions (dots) beside the truth (rings) to this file: JPEG if its name ends in .jpg or
    /// .jpeg, else PNG
    #[arg(long)]
    pub sheet: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Pictures at a time
    #[arg(long, default_value_t = 16)]
    pub batch_size: usize,
    /// Threads that decode and crop pictures [default: one a core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
    /// Leave pictures that can't be read out, and name them, instead of ending with an error
    #[arg(long)]
    pub skip_bad_pictures: bool,
}

impl Args {
    /// Whether what is asked for can be had, before the long work.
    pub fn check(&self, dataset: &dyn LandmarkDataset, is_labelled: bool) -> Outcome<()> {
        if !is_labelled && self.results.is_none() {
            return Err(format!(
                "the {} split has no annotations to measure with: give --results, or another --split",
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
            return Err("--results needs pictures that have numbers, as DeepFashion2's and COCO's; FLD's have names".into());
        }
        let other_use = self.results.is_some() || self.sheet.is_some();
        if self.boxes.is_some() && dataset.schema().sigmas().is_none() && !other_use {
            return Err("with --boxes only average precision is measured, but this dataset has no sigmas for it".into());
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
    pub fn protocol(&self) -> NormalizedErrorProtocol {
        NormalizedErrorProtocol {
            visibility: match self.occluded {
                true => VisibilityRule::VisibleAndOccluded,
                false => VisibilityRule::Visible,
            },
            inside_box_only: self.inside_box_only,
        }
    }

    /// How sure numbers are is drawn by it.
    pub fn bootstrap(&self) -> Bootstrap {
        Bootstrap { resamples: self.resamples, ..Bootstrap::default() }
    }

    /// How pictures become batches for the model.
    pub fn loader(&self, model: &DetectorConfig) -> LoaderConfig {
        LoaderConfig {
            batch_size: self.batch_size.max(1),
            workers: self.workers.unwrap_or_else(support::default_workers),
            codec: model.codec,
            framing: model.framing,
            policy: TargetPolicy::default(),
            bad_picture: self.bad_picture(),
        }
    }

    /// What comes of a picture that can't be read.
    pub fn bad_picture(&self) -> BadPicture {
        if self.skip_bad_pictures { BadPicture::Skip } else { BadPicture::Fail }
    }

    /// The model, which decodes heatmaps as it says itself, but for what was asked for.
    pub fn detector(&self, device: &Device) -> Outcome<LandmarkDetector> {
        let loaded = self.source().detector(None, device)?;
        let mut config = loaded.config().clone();
        config.refinement = self.refinement.unwrap_or(config.refinement);
        config.flip_test |= self.flip_test;
        Ok(LandmarkDetector::new(loaded.net().clone(), config, device)?)
    }
}
