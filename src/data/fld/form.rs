//! The two forms of the format, and what its files are called.
use std::fmt;

use serde::{Deserialize, Serialize};

pub(super) const LANDMARKS: &str = "list_landmarks.txt";
pub(super) const BOXES: &str = "list_bbox.txt";
pub(super) const PARTITION: &str = "list_eval_partition.txt";
pub(super) const ANNOTATION_FOLDERS: [&str; 3] = ["Anno", "Anno_coarse", "Anno_fine"];
pub(super) const PARTITION_FOLDER: &str = "Eval";

/// Which of the format's two forms a dataset has.
///
/// A file's form is found by counting the columns of its rows, not from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FldForm {
    /// FLD's: rows of landmarks have a variation type.
    Fld,
    /// DeepFashion-C's: they have none.
    #[serde(rename = "deepfashion-c")]
    DeepFashionC,
}

impl FldForm {
    /// Its name: "fld" or "deepfashion-c".
    pub fn name(self) -> &'static str {
        match self {
            Self::Fld => "fld",
            Self::DeepFashionC => "deepfashion-c",
        }
    }
}

impl fmt::Display for FldForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
