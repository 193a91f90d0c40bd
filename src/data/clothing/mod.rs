//! An open benchmark: photographs of the Clothing dataset (small), labelled with FLD's landmarks.
//!
//! The photographs are CC0 1.0, and so are the labels. The labels are compiled in; the photographs
//! are cloned:
//!
//! ```sh
//! git clone https://github.com/alexeygrigorev/clothing-dataset-small
//! git -C clothing-dataset-small checkout 119615165124
//! ```
//!
//! Of its 3,781 photographs 376 are labelled, one garment in each: 263 to train, 30 to validate, 83
//! to test. The repository's own folders `train`, `validation` and `test` are no splits here.
//!
//! A label holds for one photograph only, so each has the first 16 hexadecimal digits of its file's
//! SHA-256, and a file with others is refused. Labels are in percent of the upright photograph: `p`
//! percent of a width `W` are `p/100·W − ½` of a landmark, since a pixel's integer coordinate is
//! its center, and `p/100·W` of a box's side, since a box of the whole image is `0` to `W`.
//! Landmarks are occluded where they are hidden or ill-defined, and truncated where they are
//! outside of the photograph.
//!
//! How they were labelled, how noisy they are, and what models reach is in `docs/clothing.md` of the
//! source.
use std::path::{Path, PathBuf};

use super::{
    FldDataset, LandmarkDataset, ReadEvent, Split,
    dataset::{images_of, samples_of},
    event::strictly,
};
use crate::{
    Error,
    landmark::{ClothesType, LandmarkSample, LandmarkSchema},
};

mod photographs;
mod reader;
mod table;
#[cfg(test)]
mod tests;

/// The labels.
const LABELS: &str = include_str!("labels.tsv");

/// One split of the labelled photographs, in FLD's schema ([`LandmarkSchema::fld`]).
///
/// ```no_run
/// use dafe::data::{ClothingDataset, Split};
///
/// let dataset = ClothingDataset::open("clothing-dataset-small", Split::Test)?;
/// assert_eq!(dataset.samples().len(), 83);
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClothingDataset {
    garments: FldDataset,
}

impl ClothingDataset {
    /// Joins the labels of `split` with the photographs in a clone of their repository. All of the
    /// split's files are read, to see that they are the labelled ones.
    ///
    /// # Errors
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(root, split, &mut strictly)
    }

    /// Joins the labels of `split` with the photographs in a clone of their repository, and tells
    /// `on_event` how many of the files are read, and each problem. A handler that returns `Ok` for
    /// a problem has the photograph left out; what is measured then is not the benchmark.
    ///
    /// Problems are a [dataset error](crate::ErrorKind::Dataset) with the file and both hashes for
    /// a photograph that is not the labelled one, and an [I/O error](crate::ErrorKind::Io) for one
    /// that cannot be read.
    ///
    /// # Errors
    /// The handler's; a [dataset error](crate::ErrorKind::Dataset) if photographs of the split are
    /// missing, saying how many, or none is left.
    pub fn open_with(
        root: impl AsRef<Path>,
        split: Split,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        Self::of_table(root.as_ref(), LABELS, split, on_event)
    }

    /// The same with another table of labels.
    fn of_table(
        root: &Path,
        table: &str,
        split: Split,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let samples = reader::read(root, table, split, on_event)?;
        Ok(Self { garments: FldDataset::upright(root, split, samples) })
    }

    /// Only the clothes of one kind, as [`FldDataset::of_type`].
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if there are none.
    pub fn of_type(self, kind: ClothesType) -> Result<Self, Error> {
        Ok(Self { garments: self.garments.of_type(kind)? })
    }

    /// The split's samples, in the order of the photographs' names.
    pub fn samples(&self) -> &[LandmarkSample] {
        self.garments.samples()
    }

    /// The file of a sample's photograph.
    pub fn image_path(&self, sample: &LandmarkSample) -> PathBuf {
        self.garments.image_path(sample)
    }

    /// The clone's folder.
    pub fn root(&self) -> &Path {
        self.garments.root()
    }

    /// The split that it was opened for.
    pub fn split(&self) -> Split {
        self.garments.split()
    }
}

impl LandmarkDataset for ClothingDataset {
    fn schema(&self) -> &LandmarkSchema {
        self.garments.schema()
    }

    samples_of!(garments);
    images_of!(garments);
}
