//! The datasets of commands: from disk, in any supported format, or generated garments.
mod advice;
mod findings;
mod generation;
mod grouping;
mod opening;
mod options;
mod overlap;
mod reading;

use std::path::{Path, PathBuf};

use clap::Args;
use dafe::{
    data::{DatasetFormat, coco::VisibilityCode, image::Orientation},
    prelude::*,
};
use dafe_garments::Style;
use serde::{Deserialize, Serialize};

use super::Outcome;

pub(crate) use self::{
    advice::Level,
    findings::{Example, FindingGroup, Findings, Kind},
    grouping::samples_by_image,
    options::{Fractions, Landmarks, SplitNames, SplitOption, formats, written_formats},
    overlap::{fingerprint, is_copy},
};
pub use self::{
    generation::generate,
    opening::{OpenSplit, Opener, Splits},
};

/// The options that choose a dataset and how it is read.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct DatasetArgs {
    /// The dataset's format: fld, deepfashion-c, deepfashion2, coco, yolo, deeplabcut or
    /// clothing (an open benchmark; --data is a clone of its photographs) [default: detected
    /// from the files of --data; fld without --data]
    #[arg(
        id = "dataset",
        long = "dataset",
        value_parser = formats(),
        hide_possible_values = true,
        value_name = "FORMAT",
    )]
    #[serde(rename = "dataset")]
    pub format: Option<DatasetFormat>,
    /// The dataset's folder or file: COCO's .json, data.yaml, CollectedData_*.csv [default:
    /// generated garments in the format]
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,
    /// COCO: annotation files below the folder, with {split} for the split's name; a file
    /// without {split} contains all splits and is divided [default: found by usual names]
    #[arg(long, value_name = "FILE")]
    pub annotations: Option<String>,
    /// COCO: the folder of images below the folder, with {split} as above [default: the folder
    /// that has the images]
    #[arg(long, value_name = "FOLDER")]
    pub images: Option<String>,
    /// COCO: the names for {split}, such as Train,Validation,Test [default: usual names]
    #[arg(long, value_name = "TRAIN,VAL,TEST")]
    pub split_names: Option<SplitNames>,
    /// Divide a dataset without splits, or a training split that has no validation split, into
    /// these fractions, by image [default: 0.8,0.1,0.1]
    #[arg(long, value_name = "TRAIN,VAL,TEST")]
    pub divide: Option<Fractions>,
    /// The random seed of the division
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    #[serde(default)]
    pub divide_seed: u64,
    /// Names, mirror pairs, skeleton and sigmas from this file, instead of the dataset's own
    /// (dafe check --write-schema writes a draft)
    #[arg(long, value_name = "FILE", conflicts_with = "landmarks")]
    pub schema: Option<PathBuf>,
    /// Built-in landmarks, for files that don't name theirs: fld-upper, fld-lower, fld-full,
    /// deepfashion2
    #[arg(long, value_enum, hide_possible_values = true)]
    pub landmarks: Option<Landmarks>,
    /// One sigma for all landmarks, such as 0.05, for average precision on datasets without
    /// sigmas
    #[arg(long)]
    pub sigma: Option<f64>,
    /// COCO: the meaning of a keypoint's third number: coco (0, 1, 2), binary (0, 1),
    /// confidence [default: inferred from the file]
    #[arg(long, value_name = "CODE", default_value_t, hide_default_value = true)]
    #[serde(default)]
    pub visibility: VisibilityCode,
    /// What annotations refer to if images have an EXIF orientation: upright images, or stored
    /// ones [default: upright, unless the annotations' image sizes are those of stored
    /// ones]
    #[arg(long, default_value_t, hide_default_value = true)]
    #[serde(default)]
    pub orientation: Orientation,
    /// The margin of a box that is made from landmarks, as a fraction of their
    /// extent
    #[arg(long, value_name = "FRACTION")]
    pub box_margin: Option<f32>,
    /// Flip images even if landmark names indicate sides without partners: these landmarks then
    /// count as their own mirror image
    #[arg(long)]
    #[serde(default)]
    pub allow_unpaired: bool,
    /// Allow splits that have images in common
    #[arg(long)]
    #[serde(default)]
    pub allow_overlap: bool,
    /// Leave out unusable annotations and list them, instead of failing
    #[arg(long)]
    pub skip_bad_annotations: bool,
    /// The random seed of generated garments
    #[arg(long, default_value_t = 0)]
    pub garment_seed: u64,
    /// Folder of generated garments [default: runs/garments-SEED; runs/FORMAT-SEED except for FLD]
    #[arg(long, conflicts_with = "data")]
    pub garments: Option<PathBuf>,
}

impl DatasetArgs {
    /// The dataset's root. Generated garments are created if they don't exist.
    ///
    /// # Errors
    /// The errors of [`generate`].
    pub fn root(&self) -> Outcome<PathBuf> {
        if let Some(root) = &self.data {
            return Ok(root.clone());
        }
        let seed = self.garment_seed;
        let format = self.format.unwrap_or(DatasetFormat::Fld);
        let folder = match format {
            DatasetFormat::Fld => format!("runs/garments-{seed}"),
            format => format!("runs/{format}-{seed}"),
        };
        let root = self.garments.clone().unwrap_or_else(|| PathBuf::from(folder));
        generate(format, &root, Style::Usual, seed, [None; 3])?;
        Ok(root)
    }

    /// The format: as given, or detected from the files of the dataset.
    ///
    /// # Errors
    /// If it can't be detected.
    pub fn format_of(&self, root: &Path) -> Result<DatasetFormat, dafe::Error> {
        match self.format {
            Some(format) => Ok(format),
            None if self.annotations.is_some() => Ok(DatasetFormat::Coco),
            None => DatasetFormat::find(root),
        }
    }

    /// The schema, if one was given.
    ///
    /// # Errors
    /// If the schema's file can't be read.
    pub fn schema(&self) -> Result<Option<LandmarkSchema>, dafe::Error> {
        match &self.schema {
            Some(path) => dafe::data::coco::read_schema(path).map(Some),
            None => Ok(self.landmarks.map(Landmarks::schema)),
        }
    }
}
