//! How a COCO-keypoints file is read, where there is a choice.
use std::path::PathBuf;

use crate::{
    data::{BOX_MARGIN, image::Orientation},
    landmark::LandmarkSchema,
    named::named_enum,
    with_fields::with_fields,
};

/// Choices in reading a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CocoOptions {
    /// A schema in place of the file's, as for files that don't name their keypoints, or not well.
    ///
    /// Its categories are found by name, else by number; if schema and file have one each, these
    /// belong together. Keypoints are found by name where the file has the same names, else they
    /// are in the schema's order.
    pub schema: Option<LandmarkSchema>,
    /// What the third number of a keypoint means.
    pub visibility: VisibilityCode,
    /// How far a box that is made from landmarks reaches beyond them on each side, as a fraction of
    /// the longer side of their extent. [`BOX_MARGIN`] by default.
    pub box_margin: f32,
    /// How the images' EXIF orientation is treated.
    pub orientation: Orientation,
    /// Take mirror pairs from names even if some names say a side and have no partner: these are
    /// then their own mirror image.
    pub allow_unpaired: bool,
    /// Folders in which the images are looked for, if they are not in the given one.
    pub other_folders: Vec<PathBuf>,
}

with_fields!(CocoOptions {
    with_schema schema: Option<LandmarkSchema>,
    with_visibility visibility: VisibilityCode,
    with_box_margin box_margin: f32,
    with_orientation orientation: Orientation,
    with_allow_unpaired allow_unpaired: bool,
    with_other_folders other_folders: Vec<PathBuf>,
});

impl Default for CocoOptions {
    fn default() -> Self {
        Self {
            schema: None,
            visibility: VisibilityCode::Auto,
            box_margin: BOX_MARGIN,
            orientation: Orientation::Auto,
            allow_unpaired: false,
            other_folders: Vec::new(),
        }
    }
}

/// What the third number of a keypoint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum VisibilityCode {
    /// What the numbers of the whole file tell: [`Self::Confidence`] if some are fractions,
    /// [`Self::Binary`] if some are 1 and none is 2, else [`Self::Coco`].
    #[default]
    Auto,
    /// COCO's: 0 not labelled, 1 occluded, 2 visible.
    Coco,
    /// 0 not labelled, 1 labelled, which counts as visible.
    Binary,
    /// How sure somebody, or a network, is, from 0 to 1: visible from 0.3 on, else not labelled. In
    /// a file that has twos as well, 1 and 2 are COCO's.
    Confidence,
}

named_enum!(VisibilityCode, "visibility code", {
    Auto => "auto",
    Coco => "coco",
    Binary => "binary",
    Confidence => "confidence",
});
