//! Reading options of the simpler formats.
use super::{BOX_MARGIN, image::Orientation};
use crate::{landmark::LandmarkSchema, with_fields::with_fields};

/// Options for reading a [`YoloDataset`](super::YoloDataset) or a
/// [`DeepLabCutDataset`](super::DeepLabCutDataset).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// A schema that replaces the one in the files: names, mirror pairs, skeleton, sigmas and, if
    /// it has any, categories. None by default.
    ///
    /// For YOLO-pose, it must have as many landmarks as `kpt_shape` says. Categories are matched by
    /// class name, or by number if none of the class names match. For DeepLabCut, it must contain
    /// all body parts by name and may contain more.
    pub schema: Option<LandmarkSchema>,
    /// How the images' EXIF orientation is treated. YOLO-pose labels are fractions of the image as
    /// it is read. DeepLabCut's images are video frames, which have no EXIF orientation.
    pub orientation: Orientation,
    /// Margin of boxes derived from landmarks, [`BOX_MARGIN`] by default. All of DeepLabCut's boxes
    /// are derived.
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
