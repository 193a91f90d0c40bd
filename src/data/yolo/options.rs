//! How a dataset is read.
use crate::{
    data::{BOX_MARGIN, image::Orientation},
    landmark::LandmarkSchema,
    with_fields::with_fields,
};

/// How a [`YoloDataset`](super::YoloDataset) is read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct YoloOptions {
    /// Another schema than the file's: names, mirror pairs, skeleton, sigmas and, where it has
    /// any, categories, which are found by the classes' names, or by their numbers if no name
    /// is among them. It must have as many landmarks as `kpt_shape` says. None by default.
    pub schema: Option<LandmarkSchema>,
    /// How the images' EXIF orientation is treated. The labels are fractions of the image as it is
    /// read.
    pub orientation: Orientation,
    /// How far a box that is made from landmarks reaches beyond them, [`BOX_MARGIN`] by default.
    pub box_margin: f32,
}

with_fields!(YoloOptions {
    with_schema schema: Option<LandmarkSchema>,
    with_orientation orientation: Orientation,
    with_box_margin box_margin: f32,
});

impl Default for YoloOptions {
    fn default() -> Self {
        Self { schema: None, orientation: Orientation::Auto, box_margin: BOX_MARGIN }
    }
}
