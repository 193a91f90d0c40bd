//! Writing a project.
use std::path::Path;

use crate::{
    Error,
    data::annotation::dataset_error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// An image, and what is labelled in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepLabCutImage {
    /// Its name below the project's folder, `labeled-data/<video>/<file>`, where the caller copies or links it.
    pub name: String,
    /// `[width, height]`.
    pub size: [u32; 2],
    /// Each with an entry for each landmark of the schema. Their `image` is not looked at.
    pub samples: Vec<LandmarkSample>,
}

/// Writes a project.
///
/// # Errors
/// A [dataset error](crate::ErrorKind::Dataset).
pub fn write_deeplabcut(
    root: impl AsRef<Path>,
    _schema: &LandmarkSchema,
    _scorer: &str,
    _images: &[DeepLabCutImage],
) -> Result<(), Error> {
    Err(dataset_error(root.as_ref())("not written yet"))
}
