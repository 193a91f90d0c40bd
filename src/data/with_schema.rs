//! A dataset with a replaced schema.
use std::{fmt, sync::Arc};

use super::{
    LandmarkDataset,
    dataset::{images_of, samples_of},
};
use crate::landmark::LandmarkSchema;

/// A dataset with a replaced schema of the same size: other names, mirror pairs, skeleton or
/// sigmas.
pub struct WithSchema {
    dataset: Arc<dyn LandmarkDataset>,
    schema: LandmarkSchema,
}

impl WithSchema {
    /// Replaces the schema of `dataset` with `schema`.
    ///
    /// # Panics
    /// If the numbers of landmarks or categories differ from the dataset's.
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

    samples_of!(dataset);
    images_of!(dataset);
}
