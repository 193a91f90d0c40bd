//! How the formats that have no more choices than these are read.
use super::{BOX_MARGIN, image::Orientation};
use crate::{landmark::LandmarkSchema, with_fields::with_fields};

/// How a [`YoloDataset`](super::YoloDataset) or a [`DeepLabCutDataset`](super::DeepLabCutDataset) is
/// read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Another schema than the files': names, mirror pairs, skeleton, sigmas and, where it has any,
    /// categories. None by default.
    ///
    /// Of YOLO-pose, it must have as many landmarks as `kpt_shape` says, and its categories are
    /// found by the classes' names, or by their numbers if no name is among them. Of DeepLabCut, it
    /// must have all body parts by their names, and may have more.
    pub schema: Option<LandmarkSchema>,
    /// How the images' EXIF orientation is treated. YOLO-pose's labels are fractions of the image
    /// as it is read; DeepLabCut's own images are frames of videos, without any.
    pub orientation: Orientation,
    /// How far a box that is made from landmarks reaches beyond them, [`BOX_MARGIN`] by default.
    /// All of DeepLabCut's are.
    pub box_margin: f32,
}

with_fields!(ReadOptions {
    with_schema schema: Option<LandmarkSchema>,
    with_orientation orientation: Orientation,
    with_box_margin box_margin: f32,
});

impl Default for ReadOptions {
    fn default() -> Self {
        Self { schema: None, orientation: Orientation::Auto, box_margin: BOX_MARGIN }
    }
}
