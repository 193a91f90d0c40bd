//! The two formats of the dataset, and the names of their files.
use crate::named::named_enum;

pub(super) const LANDMARKS: &str = "list_landmarks.txt";
pub(super) const BOXES: &str = "list_bbox.txt";
pub(super) const PARTITION: &str = "list_eval_partition.txt";
pub(super) const ANNOTATION_FOLDERS: [&str; 3] = ["Anno", "Anno_coarse", "Anno_fine"];
pub(super) const PARTITION_FOLDER: &str = "Eval";
/// The folder with one file per split, each with one row per image.
pub(super) const FINE_FOLDER: &str = "Anno_fine";
/// The clothes type of each category.
pub(super) const CATEGORIES: &str = "list_category_cloth.txt";

/// The format of a dataset of FLD's kind.
///
/// The format of `list_landmarks.txt` is determined by the number of columns of its rows, not by
/// its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FldFormat {
    /// FLD: rows of landmarks have a variation type.
    Fld,
    /// DeepFashion-C: no variation types, neither in the rows nor in the files of `Anno_fine/`.
    DeepFashionC,
}

named_enum!(FldFormat, "format", { Fld => "fld", DeepFashionC => "deepfashion-c" });
