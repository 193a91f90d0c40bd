//! The two forms of the format, and what its files are called.
use crate::named::named_enum;

pub(super) const LANDMARKS: &str = "list_landmarks.txt";
pub(super) const BOXES: &str = "list_bbox.txt";
pub(super) const PARTITION: &str = "list_eval_partition.txt";
pub(super) const ANNOTATION_FOLDERS: [&str; 3] = ["Anno", "Anno_coarse", "Anno_fine"];
pub(super) const PARTITION_FOLDER: &str = "Eval";
/// The folder of files that have a row for each image of a split.
pub(super) const FINE_FOLDER: &str = "Anno_fine";
/// Which clothes type each category has.
pub(super) const CATEGORIES: &str = "list_category_cloth.txt";

/// Which of the format's two forms a dataset has.
///
/// The form of `list_landmarks.txt` is found by counting the columns of its rows, not from its
/// header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FldForm {
    /// FLD's: rows of landmarks have a variation type.
    Fld,
    /// DeepFashion-C's: they have none, and neither have the files in its `Anno_fine/`.
    DeepFashionC,
}

named_enum!(FldForm, "form", { Fld => "fld", DeepFashionC => "deepfashion-c" });
