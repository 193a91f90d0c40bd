//! DeepLabCut's labels, read and written.
use std::path::{Path, PathBuf};

use image::RgbImage;

pub use self::{
    options::DeepLabCutOptions,
    writer::{DeepLabCutImage, write_deeplabcut},
};
use super::{
    DatasetImage, LandmarkDataset, ReadEvent,
    event::strictly,
    image::{ImageFile, Orientation},
    items::Items,
};
#[cfg(doc)]
use crate::landmark::Visibility;
use crate::{
    Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

mod options;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

/// A DeepLabCut project, or a part of it: a sample for each labelled animal.
#[derive(Debug, Clone)]
pub struct DeepLabCutDataset {
    root: PathBuf,
    schema: LandmarkSchema,
    unpaired: Vec<usize>,
    /// The images' names, in order.
    images: Vec<String>,
    items: Items,
    orientation: Orientation,
}

impl DeepLabCutDataset {
    /// Reads the labels below `path`: a project's folder, the folder of one of its videos in
    /// `labeled-data`, or one `CollectedData_….csv`.
    ///
    /// # Errors
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, &DeepLabCutOptions::default(), &mut strictly)
    }

    /// Reads the labels below `path` and tells `on_event` how many of the files' bytes are read, each
    /// problem and each finding. A handler that returns `Ok` for a problem has the row at fault left
    /// out, or the animal.
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
        options: &DeepLabCutOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        reader::read(path.as_ref(), options, on_event)
    }

    /// The folder that the images' names are relative to: the project's.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of sample `index`'s image.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.root.join(self.name(index))
    }

    fn name(&self, index: usize) -> &str {
        &self.images[self.items.get(index).image]
    }

    fn file_of(&self, image: &str) -> ImageFile {
        ImageFile { orientation: self.orientation, ..ImageFile::new(self.root.join(image)) }
    }
}

impl LandmarkDataset for DeepLabCutDataset {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.items.sample(index, self.name(index), &self.schema)
    }

    /// The image's place in the order of the files and their rows, from 1: the form has no numbers of
    /// its own.
    fn image_id(&self, index: usize) -> Option<u64> {
        Some(self.items.get(index).image as u64 + 1)
    }

    /// All that have a row, those of which nothing is labelled among them.
    fn images(&self) -> Vec<DatasetImage> {
        let named =
            |(id, name): (u64, &String)| DatasetImage { image: name.clone(), image_id: Some(id) };
        (1..).zip(&self.images).map(named).collect()
    }

    fn image_file(&self, image: &str) -> Option<ImageFile> {
        Some(self.file_of(image))
    }

    fn unpaired_landmarks(&self) -> &[usize] {
        &self.unpaired
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        self.file_of(image).read()
    }
}
