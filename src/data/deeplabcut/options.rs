//! How a dataset is read.
use crate::{
    data::{BOX_MARGIN, image::Orientation},
    landmark::LandmarkSchema,
    with_fields::with_fields,
};

/// How a [`DeepLabCutDataset`](super::DeepLabCutDataset) is read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DeepLabCutOptions {
    /// Another schema than the tables': names, by which its landmarks are found, mirror pairs,
    /// skeleton, sigmas and categories. It must have all body parts, and may have more. None by
    /// default.
    pub schema: Option<LandmarkSchema>,
    /// How the images' EXIF orientation is treated. DeepLabCut's own are frames of videos, without
    /// any.
    pub orientation: Orientation,
    /// How far the boxes, which are made from the landmarks, reach beyond them, [`BOX_MARGIN`] by
    /// default.
    pub box_margin: f32,
}

with_fields!(DeepLabCutOptions {
    with_schema schema: Option<LandmarkSchema>,
    with_orientation orientation: Orientation,
    with_box_margin box_margin: f32,
});

impl Default for DeepLabCutOptions {
    fn default() -> Self {
        Self { schema: None, orientation: Orientation::Auto, box_margin: BOX_MARGIN }
    }
}
