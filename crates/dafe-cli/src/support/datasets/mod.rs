//! The datasets that commands take, by name: from disk, or generated garments in the same forms.
mod opening;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use dafe::{data::FldForm, landmark::ClothesType, prelude::*};
use dafe_garments::{
    GarmentDatasetConfig, SceneDatasetConfig, SceneForm, Style, write_garment_dataset,
    write_scene_dataset,
};
use serde::{Deserialize, Serialize};

use super::{Outcome, Progress};

pub use self::opening::{OpenSplit, Splits};

/// The forms of datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// FLD: Anno/, Eval/ and the images
    Fld,
    /// DeepFashion-C: the same without variation types; the files say which of the two it is
    DeepfashionC,
    /// DeepFashion2: train/ and validation/, each with image/ and annos/
    Deepfashion2,
    /// COCO keypoints: JSON files, of any object
    Coco,
}

impl Form {
    /// Whether it is one of FLD's two.
    pub fn is_fld(self) -> bool {
        matches!(self, Self::Fld | Self::DeepfashionC)
    }

    /// Generates a tree of garments in this form, once, with so many images for training,
    /// validation and test, or as many as are usual. Returns how many there are in all.
    ///
    /// # Errors
    /// If a file cannot be written, or the folder holds another tree.
    pub fn generate(
        self,
        root: &Path,
        style: Style,
        seed: u64,
        sizes: [Option<usize>; 3],
    ) -> Outcome<usize> {
        let progress = Progress::new("generating garments", 1);
        let update = |done, total| progress.update(done, total, "");
        let total = if self.is_fld() {
            let mut config = GarmentDatasetConfig { seed, style, ..Default::default() };
            if self == Self::DeepfashionC {
                config.form = FldForm::DeepFashionC;
            }
            let own = [&mut config.train, &mut config.val, &mut config.test];
            let total = replace(own, sizes);
            write_garment_dataset(root, &config, &update)?;
            total
        } else {
            let mut config = SceneDatasetConfig { seed, style, ..Default::default() };
            if self == Self::Coco {
                config.form = SceneForm::Coco;
            }
            let own = [&mut config.train, &mut config.val, &mut config.test];
            let total = replace(own, sizes);
            write_scene_dataset(root, &config, &update)?;
            total
        };
        progress.done();
        Ok(total)
    }
}

/// Puts the sizes that are given in the place of the usual ones, and adds them up.
fn replace(usual: [&mut usize; 3], given: [Option<usize>; 3]) -> usize {
    let each = usual.into_iter().zip(given).map(|(usual, given)| {
        *usual = given.unwrap_or(*usual);
        *usual
    });
    each.fold(0, usize::saturating_add)
}

/// Landmarks that the library knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Landmarks {
    /// FLD's of upper-body clothes, as in MMPose's `fld_upper_*.json`
    FldUpper,
    /// FLD's of lower-body clothes
    FldLower,
    /// FLD's of full-body clothes
    FldFull,
    /// DeepFashion2's 294, as in its usual conversions to COCO's form
    Deepfashion2,
}

impl Landmarks {
    fn schema(self) -> LandmarkSchema {
        match self {
            Self::FldUpper => LandmarkSchema::fld_of(ClothesType::Upper),
            Self::FldLower => LandmarkSchema::fld_of(ClothesType::Lower),
            Self::FldFull => LandmarkSchema::fld_of(ClothesType::Full),
            Self::Deepfashion2 => LandmarkSchema::deepfashion2_all(),
        }
    }
}

/// Which dataset, as a command line says.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct DatasetArgs {
    /// The dataset's form
    #[arg(long = "dataset", value_enum, default_value = "fld")]
    pub form: Form,
    /// The dataset's root [default: generated garments in its form]
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// COCO: annotation files below the root; {split} is train, val or test
    #[arg(long, default_value = "annotations/{split}.json")]
    pub annotations: String,
    /// COCO: the folder of images below the root; {split} as above
    #[arg(long, default_value = "images")]
    pub images: String,
    /// COCO: which landmarks, for files that don't name them
    #[arg(long, value_enum)]
    pub landmarks: Option<Landmarks>,
    /// Leave out annotations that can't be used, and name them, instead of ending with an error
    #[arg(long)]
    pub skip_bad_annotations: bool,
    /// The seed of generated garments
    #[arg(long, default_value_t = 0)]
    pub garment_seed: u64,
    /// The folder of generated garments [default: runs/garments-SEED; runs/FORM-SEED but for FLD]
    #[arg(long, conflicts_with = "data")]
    pub garments: Option<PathBuf>,
}

impl DatasetArgs {
    /// The dataset's root. Generated garments are made if they are not there.
    ///
    /// # Errors
    /// As [`Form::generate`].
    pub fn root(&self) -> Outcome<PathBuf> {
        if let Some(root) = &self.data {
            return Ok(root.clone());
        }
        let seed = self.garment_seed;
        let folder = match self.form {
            Form::Fld => format!("runs/garments-{seed}"),
            Form::DeepfashionC => format!("runs/deepfashion-c-{seed}"),
            Form::Deepfashion2 => format!("runs/deepfashion2-{seed}"),
            Form::Coco => format!("runs/coco-{seed}"),
        };
        let root = self.garments.clone().unwrap_or_else(|| PathBuf::from(folder));
        self.form.generate(&root, Style::Usual, seed, [None; 3])?;
        Ok(root)
    }

    /// Where the annotations of a split of DeepFashion2 or COCO's are.
    pub fn annotations_of(&self, root: &Path, split: Split) -> PathBuf {
        match (self.form, split) {
            (Form::Coco, _) => root.join(self.annotations.replace("{split}", split.name())),
            (_, Split::Train) => root.join("train/annos"),
            (_, Split::Val) => root.join("validation/annos"),
            (_, Split::Test) => root.join("test/annos"),
        }
    }

    /// COCO: which landmarks, where that was given.
    pub fn schema(&self) -> Option<LandmarkSchema> {
        self.landmarks.map(Landmarks::schema)
    }

    /// Where the images of a split of COCO's are.
    pub fn images_of(&self, root: &Path, split: Split) -> PathBuf {
        root.join(self.images.replace("{split}", split.name()))
    }
}
