//! An open benchmark: photographs of the Clothing dataset (small), labeled with FLD's landmarks.
//!
//! The photographs and the labels are CC0 1.0. The labels are compiled in; clone the photographs:
//!
//! ```sh
//! git clone https://github.com/alexeygrigorev/clothing-dataset-small
//! git -C clothing-dataset-small checkout 119615165124
//! ```
//!
//! ```no_run
//! use dafe::data::{ClothingDataset, Split};
//!
//! let test = ClothingDataset::open("clothing-dataset-small", Split::Test)?;
//! assert_eq!(test.samples().len(), 83);
//! # Ok::<(), dafe::Error>(())
//! ```
//!
//! Of the 3,781 photographs, 376 are labeled, with one garment each: 263 for training, 30 for
//! validation and 83 for testing. The repository's own folders `train`, `validation` and `test` are
//! not used as splits.
//!
//! Each label belongs to one exact file. It stores the first 16 hexadecimal digits of the file's
//! SHA-256, and files with other digits are rejected.
//!
//! Labels are in percent of the upright photograph. At a width of `W` pixels, `p` percent is
//! `p/100·W − ½` for a landmark, because integer coordinates are pixel centers, and `p/100·W` for a
//! side of a box, because the box of the whole image spans `0` to `W`. Landmarks are occluded if
//! they are hidden or ill-defined, and truncated if they are outside of the photograph.
//!
//! How the photographs were labeled, how noisy the labels are, and what models reach on them is
//! described in `docs/clothing.md` of the source.
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

/// One split of the labeled photographs, in FLD's schema ([`LandmarkSchema::fld`]).
///
/// ```no_run
/// use dafe::{
///     data::{ClothingDataset, Split},
///     landmark::ClothesType,
/// };
///
/// let train = ClothingDataset::open("clothing-dataset-small", Split::Train)?;
/// for dress in train.of_type(ClothesType::Full)?.samples() {
///     println!("{}: {:?}", dress.image, dress.bounding_box);
/// }
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClothingDataset {
    garments: FldDataset,
}

impl ClothingDataset {
    /// Opens `split` with the photographs in a clone of their repository. Reads all of the split's
    /// files to check that they match their labels.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(root, split, &mut strictly)
    }

    /// Opens `split` with the photographs in a clone of their repository, and reports progress
    /// (files read) and problems to `on_event`.
    ///
    /// If the handler returns `Ok` for a problem, the photograph is left out; results are then no
    /// longer comparable with the benchmark.
    ///
    /// Problems are a [dataset error](crate::ErrorKind::Dataset) with the file and both hashes if a
    /// photograph does not match its label, and an [I/O error](crate::ErrorKind::Io) if it cannot
    /// be read.
    ///
    /// # Errors
    /// The handler's error; a [dataset error](crate::ErrorKind::Dataset) if photographs of the
    /// split are missing (with their number) or none is left.
    pub fn open_with(
        root: impl AsRef<Path>,
        split: Split,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        Self::of_table(root.as_ref(), LABELS, split, on_event)
    }

    /// [`Self::open_with`] with another label table.
    fn of_table(
        root: &Path,
        table: &str,
        split: Split,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let samples = reader::read(root, table, split, on_event)?;
        Ok(Self { garments: FldDataset::upright(root, split, samples) })
    }

    /// Keeps only the garments of one clothes type, like [`FldDataset::of_type`].
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if there are none.
    pub fn of_type(self, kind: ClothesType) -> Result<Self, Error> {
        Ok(Self { garments: self.garments.of_type(kind)? })
    }

    /// The split's samples, ordered by photograph name.
    pub fn samples(&self) -> &[LandmarkSample] {
        self.garments.samples()
    }

    /// The file of a sample's photograph.
    pub fn image_path(&self, sample: &LandmarkSample) -> PathBuf {
        self.garments.image_path(sample)
    }

    /// The folder of the clone.
    pub fn root(&self) -> &Path {
        self.garments.root()
    }

    /// The opened split.
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
