//! A dataset with a replaced schema.
use std::{fmt, sync::Arc};

use super::{
    LandmarkDataset,
    dataset::{images_of, samples_of},
};
use crate::landmark::LandmarkSchema;

/// A dataset with a replaced schema of the same size: other names, mirror pairs, skeleton or
/// sigmas.
///
/// ```
/// use std::sync::Arc;
///
/// use dafe::{data::WithSchema, prelude::*};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("cats.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 1, "file_name": "tom.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #                      "keypoints": [4, 5, 2, 6, 5, 2]}],
/// #     "categories": [{"id": 1, "name": "cat", "keypoints": ["1", "2"]}]
/// # }"#)?;
/// let numbered = Arc::new(CocoDataset::open(&path, "images")?);
/// assert_eq!(numbered.schema().names(), ["1", "2"]);
///
/// let names = ["left ear", "right ear"].map(String::from).to_vec();
/// let schema = LandmarkSchema::new(names, vec![1, 0], vec![])?
///     .with_categories(numbered.schema().categories().to_vec())?;
/// let cats = WithSchema::new(numbered, schema);
/// assert_eq!(cats.schema().mirror(), [1, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
