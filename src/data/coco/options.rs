//! Options for reading a COCO keypoints file.
use std::path::PathBuf;

use crate::{
    data::{BOX_MARGIN, image::Orientation},
    landmark::LandmarkSchema,
    named::named_enum,
    with_fields::with_fields,
};

/// Options for reading a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CocoOptions {
    /// A schema that replaces the file's, for files that do not name their keypoints properly.
    ///
    /// Categories are matched by name, otherwise by number; if schema and file have one category
    /// each, these are matched. Keypoints are matched by name if the file has the same names,
    /// otherwise they are in the schema's order.
    pub schema: Option<LandmarkSchema>,
    /// The meaning of a keypoint's third number.
    pub visibility: VisibilityCode,
    /// Margin on each side of a box derived from landmarks, as a fraction of the longer side of
    /// their extent. [`BOX_MARGIN`] by default.
    pub box_margin: f32,
    /// How the images' EXIF orientation is treated.
    pub orientation: Orientation,
    /// Derive mirror pairs from names even if some names contain a side but have no partner; these
    /// landmarks are then their own mirror image.
    pub allow_unpaired: bool,
    /// Folders in which images are searched if they are not in the given one.
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

/// The meaning of a keypoint's third number.
///
/// ```
/// use dafe::{
///     data::coco::{CocoOptions, VisibilityCode},
///     landmark::Visibility,
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 1, "file_name": "kite.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #                      "keypoints": [4, 5, 1]}],
/// #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top"]}]
/// # }"#)?;
/// // "keypoints": [4, 5, 1]
/// let read = |code| {
///     let options = CocoOptions::default().with_visibility(code);
///     let kites = CocoDataset::open_with(&path, "images", &options, &mut |_| Ok(()))?;
///     Ok::<_, dafe::Error>(kites.sample(0).landmarks[0].visibility)
/// };
/// assert_eq!(read(VisibilityCode::Auto)?, Visibility::Visible); // No 2 in the file.
/// assert_eq!(read(VisibilityCode::Coco)?, Visibility::Occluded);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum VisibilityCode {
    /// Detected from the whole file: [`Self::Confidence`] if there are fractions, [`Self::Binary`]
    /// if there are ones but no twos, otherwise [`Self::Coco`].
    #[default]
    Auto,
    /// COCO: 0 not labeled, 1 occluded, 2 visible.
    Coco,
    /// 0 not labeled, 1 labeled, which counts as visible.
    Binary,
    /// A confidence from 0 to 1: visible from 0.3 on, otherwise not labeled. If the file also
    /// contains twos, 1 and 2 have COCO's meaning.
    Confidence,
}

named_enum!(VisibilityCode, "visibility code", {
    Auto => "auto",
    Coco => "coco",
    Binary => "binary",
    Confidence => "confidence",
});
