//! DeepLabCut's labels: one animal or several in frames of videos, read and written.
//!
//! ```text
//! config.yaml                                        (optional)
//! labeled-data/<video>/CollectedData_<scorer>.csv
//! labeled-data/<video>/img0001.png
//! ```
//!
//! | in a table | what is read of it |
//! |---|---|
//! | `scorer` (line 1) | nothing; where a folder has tables of several scorers, that of `config.yaml` is taken |
//! | `individuals` (only with several animals) | which columns belong together: a sample for each that has a labelled point |
//! | `bodyparts`, `coords` | each column's landmark, and whether it is its x or y |
//! | the first cell of a row, or the first three | the image, `labeled-data/<video>/<file>`, with slashes or backslashes |
//! | the other cells | pixels, taken as written; an empty cell or NaN is not labelled |
//!
//! | key of `config.yaml` | what is read of it |
//! |---|---|
//! | `scorer` | as above |
//! | `bodyparts`, `multianimalbodyparts`, `uniquebodyparts` | the landmarks' order, where the tables have the same names; else it is that of the tables |
//! | `skeleton` | pairs of names |
//!
//! All other keys and files are passed over, the tables as HDF (`.h5`) among them, which hold the
//! same.
//! Tables may have the body parts in any order. Every labelled point is [`Visibility::Visible`],
//! since DeepLabCut doesn't tell; all others are [`Visibility::Truncated`]. Mirror pairs are from
//! the names.
//!
//! There are no boxes: they are made from the points, and are the whole image where there are fewer
//! than two.
//!
//! The individual "single" has what is there once, such as the corners of a cage
//! (`uniquebodyparts`). It is a sample of its own, of the category "single", whose landmarks those
//! are; the animals' category is "animal". Without it there are no categories.
//!
//! Folders `<video>_cropped` are passed over where `<video>` is there: they have the same frames.
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

/// A DeepLabCut project, or a part of it: a sample for each labelled animal.
///
/// The form has no numbers of images: [`LandmarkDataset::image_id`] is an image's place in the
/// order of the files and their rows, from 1.
///
/// ```
/// use dafe::data::{DeepLabCutDataset, LandmarkDataset};
///
/// # let folder = tempfile::tempdir()?;
/// # let project = folder.path();
/// # std::fs::create_dir_all(project.join("labeled-data/run1"))?;
/// # std::fs::write(project.join("labeled-data/run1/CollectedData_Ana.csv"), "\
/// # scorer,Ana,Ana,Ana,Ana,Ana,Ana\nbodyparts,nose,nose,earL,earL,earR,earR\ncoords,x,y,x,y,x,y\n\
/// # labeled-data/run1/img0001.png,40.5,20,30,12,,\n")?;
/// let mice = DeepLabCutDataset::open(project)?;
/// assert_eq!(mice.schema().names(), ["nose", "earL", "earR"]);
/// assert_eq!(mice.schema().mirror(), [0, 2, 1], "from the names");
/// assert_eq!(mice.sample(0).image, "labeled-data/run1/img0001.png");
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
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, &ReadOptions::default(), &mut strictly)
    }

    /// Reads the labels below `path` and tells `on_event` how many of the files' bytes are read,
    /// each problem and each finding. A handler that returns `Ok` for a problem has the row at
    /// fault left out, or the animal.
    ///
    /// Problems are an [annotation error](crate::ErrorKind::Annotation) with file and line: a value
    /// that can't be, a row with too few or too many cells, an image that is there twice.
    ///
    /// # Errors
    /// The handler's; an [annotation error](crate::ErrorKind::Annotation) with file and line for a
    /// table whose head is not of this form, and for a configuration that is no YAML; a [dataset
    /// error](crate::ErrorKind::Dataset) if there are no tables, or no labels in them; a
    /// [configuration error](crate::ErrorKind::Config) if the given schema lacks a body part; an
    /// [I/O error](crate::ErrorKind::Io) if a folder or file cannot be read.
    pub fn open_with(
        path: impl AsRef<Path>,
        options: &ReadOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        reader::read(path.as_ref(), options, on_event)
    }

    /// The folder that the images' names are relative to: the project's.
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
