//! A dataset under another schema.
use std::{fmt, sync::Arc};

use image::RgbImage;

use super::{DatasetImage, LandmarkDataset, image::ImageFile};
use crate::{
    Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// A dataset with another schema of as many landmarks: other names, mirror pairs, skeleton or
/// sigmas.
pub struct WithSchema {
    dataset: Arc<dyn LandmarkDataset>,
    schema: LandmarkSchema,
}

impl WithSchema {
    /// The samples of `dataset` under `schema`.
    ///
    /// # Panics
    /// If the schema has another number of landmarks or categories than the dataset's.
    pub fn new(dataset: Arc<dyn LandmarkDataset>, schema: LandmarkSchema) -> Self {
        let counts = |schema: &LandmarkSchema| [schema.len(), schema.categories().len()];
        let (own, other) = (counts(dataset.schema()), counts(&schema));
        assert_eq!(
            own, other,
            "the dataset has {own:?} landmarks and categories, the schema {other:?}"
        );
        Self { dataset, schema }
    }
}

impl fmt::Debug for WithSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithSchema").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl LandmarkDataset for WithSchema {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.dataset.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.dataset.sample(index)
    }

    fn image_id(&self, index: usize) -> Option<u64> {
        self.dataset.image_id(index)
    }

    fn images(&self) -> Vec<DatasetImage> {
        self.dataset.images()
    }

    fn image_file(&self, image: &str) -> Option<ImageFile> {
        self.dataset.image_file(image)
    }

    fn unpaired_landmarks(&self) -> &[usize] {
        self.dataset.unpaired_landmarks()
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        self.dataset.read_image(image)
    }
}
