//! DeepLabCut projects: one or several animals in video frames, read and written.
//!
//! ```
//! use dafe::data::{DeepLabCutDataset, LandmarkDataset};
//!
//! # let folder = tempfile::tempdir()?;
//! # let project = folder.path();
//! # std::fs::create_dir_all(project.join("labeled-data/run1"))?;
//! # std::fs::write(project.join("labeled-data/run1/CollectedData_Ana.csv"), "\
//! # scorer,Ana,Ana,Ana,Ana,Ana,Ana\nbodyparts,nose,nose,earL,earL,earR,earR\ncoords,x,y,x,y,x,y\n\
//! # labeled-data/run1/img0001.png,40.5,20,30,12,,\n")?;
//! let mice = DeepLabCutDataset::open(project)?;
//! assert_eq!(mice.schema().names(), ["nose", "earL", "earR"]);
//! assert_eq!(mice.schema().mirror(), [0, 2, 1], "from the names");
//! assert_eq!(mice.sample(0).image, "labeled-data/run1/img0001.png");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! config.yaml                                        (optional)
//! labeled-data/<video>/CollectedData_<scorer>.csv
//! labeled-data/<video>/img0001.png
//! ```
//!
//! | in a table | meaning |
//! |---|---|
//! | `scorer` (line 1) | ignored; if a folder has tables of several scorers, that of `config.yaml` is used |
//! | `individuals` (only with several animals) | which columns belong together: there is one sample for each individual with a labeled point |
//! | `bodyparts`, `coords` | each column's landmark, and whether the column is its x or y |
//! | the first cell of a row, or the first three | the image, `labeled-data/<video>/<file>`, with slashes or backslashes |
//! | the other cells | pixel coordinates, used as written; an empty cell or NaN means not labeled |
//!
//! | key of `config.yaml` | meaning |
//! |---|---|
//! | `scorer` | as above |
//! | `bodyparts`, `multianimalbodyparts`, `uniquebodyparts` | the landmarks' order, if the tables have the same names; otherwise the order of the tables is used |
//! | `skeleton` | pairs of names |
//!
//! All other keys and files are ignored, including the HDF tables (`.h5`), which have the same
//! content. Tables may have the body parts in any order. Every labeled point is
//! [`Visibility::Visible`], because DeepLabCut has no visibility; all others are
//! [`Visibility::Truncated`]. Mirror pairs are derived from the names.
//!
//! DeepLabCut has no boxes: they are derived from the points, or are the whole image if there are
//! fewer than two points.
//!
//! The individual "single" holds body parts that exist only once, such as the corners of a cage
//! (`uniquebodyparts`). It is a separate sample of the category "single", which has these
//! landmarks; the animals' category is "animal". Without this individual there are no categories.
//!
//! Folders `<video>_cropped` are skipped if `<video>` exists: they contain the same frames.
use std::path::{Path, PathBuf};

pub use self::writer::{DeepLabCutImage, write_deeplabcut};
use super::{
    LandmarkDataset, ReadEvent, ReadOptions,
    dataset::{images_of, samples_of},
    event::strictly,
    labeled_images::LabeledImages,
};
#[cfg(doc)]
use crate::landmark::Visibility;
use crate::{Error, landmark::LandmarkSchema};

mod config;
mod files;
mod head;
mod new_config;
mod reader;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

/// A DeepLabCut project or a part of it, with one sample per labeled animal.
///
/// The format does not number images: [`LandmarkDataset::image_id`] is an image's position in the
/// order of files and rows, from 1.
///
/// ```
/// use dafe::{
///     data::{DeepLabCutDataset, ReadOptions},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let project = folder.path();
/// # std::fs::create_dir_all(project.join("labeled-data/run1"))?;
/// # std::fs::write(project.join("labeled-data/run1/CollectedData_Ana.csv"), "\
/// # scorer,Ana,Ana,Ana,Ana,Ana,Ana\nbodyparts,nose,nose,earL,earL,earR,earR\ncoords,x,y,x,y,x,y\n\
/// # labeled-data/run1/img0001.png,40,20,30,12,,\n")?;
/// // Points at (40, 20) and (30, 12): half of the longer side is added on each side.
/// let options = ReadOptions::default().with_box_margin(0.5);
/// let mice = DeepLabCutDataset::open_with(project, &options, &mut |_| Ok(()))?;
/// let bounds = mice.sample(0).bounding_box;
/// assert_eq!(Some(bounds), BoundingBox::new(25.0, 7.0, 45.0, 25.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DeepLabCutDataset {
    labels: LabeledImages,
}

impl DeepLabCutDataset {
    /// Reads the labels below `path`: a project's folder, the folder of one of its videos in
    /// `labeled-data`, or one `CollectedData_….csv`.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, &ReadOptions::default(), &mut strictly)
    }

    /// Reads the labels below `path` and reports progress in bytes, problems and findings to
    /// `on_event`.
    ///
    /// If the handler returns `Ok` for a problem, the affected row or animal is left out. Problems
    /// are an [annotation error](crate::ErrorKind::Annotation) with file and line: an invalid
    /// value, a row with too few or too many cells, a duplicated image.
    ///
    /// # Errors
    /// The handler's error; an [annotation error](crate::ErrorKind::Annotation) with file and line
    /// for a table with an invalid head and for invalid YAML; a [dataset
    /// error](crate::ErrorKind::Dataset) if there are no tables or no labels in them; a
    /// [configuration error](crate::ErrorKind::Config) if the given schema lacks a body part; an
    /// [I/O error](crate::ErrorKind::Io) if a folder or file cannot be read.
    pub fn open_with(
        path: impl AsRef<Path>,
        options: &ReadOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        reader::read(path.as_ref(), options, on_event)
    }

    /// The folder that image names are relative to: the project's folder.
    pub fn root(&self) -> &Path {
        &self.labels.root
    }

    /// The file of sample `index`'s image.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.labels.image_path(index)
    }
}

impl LandmarkDataset for DeepLabCutDataset {
    fn schema(&self) -> &LandmarkSchema {
        self.labels.schema()
    }

    samples_of!(labels);
    images_of!(labels);
}
