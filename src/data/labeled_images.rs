//! Labeled images below a folder, for formats that do not number their images.
use std::path::{Path, PathBuf};

use image::RgbImage;

use super::{
    DatasetImage, LandmarkDataset,
    image::{ImageFile, Orientation},
    items::Items,
};
use crate::{
    Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Images by name, and the garments in them.
#[derive(Debug, Clone)]
pub(super) struct LabeledImages {
    /// The folder that image names are relative to.
    pub(super) root: PathBuf,
    pub(super) schema: LandmarkSchema,
    /// Landmarks whose names contain a side but that have no mirror partner.
    pub(super) unpaired: Vec<usize>,
    /// The image names, in order.
    pub(super) images: Vec<String>,
    pub(super) items: Items,
    pub(super) orientation: Orientation,
}

impl LabeledImages {
    /// A dataset without images.
    pub(super) fn empty(
        root: &Path,
        schema: LandmarkSchema,
        unpaired: Vec<usize>,
        orientation: Orientation,
    ) -> Self {
        let (root, images, items) = (root.into(), Vec::new(), Items::default());
        Self { root, schema, unpaired, images, items, orientation }
    }

    /// The file of the image of item `index`.
    pub(super) fn image_path(&self, index: usize) -> PathBuf {
        self.root.join(self.name(index))
    }

    fn name(&self, index: usize) -> &str {
        &self.images[self.items.get(index).image]
    }

    /// The file of an image and the options for reading it.
    pub(super) fn file_of(&self, image: &str) -> ImageFile {
        ImageFile { orientation: self.orientation, ..ImageFile::new(self.root.join(image)) }
    }
}

impl LandmarkDataset for LabeledImages {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.items.sample(index, self.name(index), &self.schema)
    }

    /// The image's position among all images, from 1.
    fn image_id(&self, index: usize) -> Option<u64> {
        Some(self.items.get(index).image as u64 + 1)
    }

    /// All images, including those without items.
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
