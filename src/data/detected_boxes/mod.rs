//! A detector's boxes in place of labeled boxes.
use std::{collections::HashMap, fmt, path::Path, sync::Arc};

use self::file::RawBox;
use super::{
    DatasetImage, LandmarkDataset, ReadEvent,
    annotation::{Key, dataset_error, unlabeled},
    coco::MAX_COCO_BYTES,
    dataset::images_of,
    event::strictly,
    json::read_json,
};
#[cfg(doc)]
use crate::data::DeepFashion2Dataset;
use crate::{
    Error,
    geometry::BoundingBox,
    landmark::{LandmarkSample, LandmarkSchema},
};

mod file;
mod named;
#[cfg(test)]
mod tests;

pub use self::named::{NamedBox, NamedBoxes};

/// The images of a dataset with the boxes that a detector found in them.
///
/// There is one sample per box, in the file's order, with the detector's score and without labeled
/// landmarks. Images without labels count as well: detections in them are false positives or, in a
/// split without labels ([`DeepFashion2Dataset::open_unlabeled`]), the only data there is.
///
/// The file is COCO's list of detections, `[{image_id, category_id, bbox: [x, y, width, height],
/// score}, …]`, of at most [`MAX_COCO_BYTES`]. If the dataset's images have no numbers (FLD), the
/// image is named by `file_name` or `image`, with the name from the annotations; an entry may have
/// both. `category_id` is the number of one of the schema's categories; it may be missing if there
/// is only one.
///
/// ```
/// # use std::sync::Arc;
/// # use dafe::data::{CocoDataset, LandmarkDataset, WithBoxes};
/// # let folder = tempfile::tempdir()?;
/// # let (path, boxes) = (folder.path().join("cats.json"), folder.path().join("boxes.json"));
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 4, "file_name": "tom.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 4, "category_id": 1, "bbox": [5, 6, 70, 80], "keypoints": [40, 20, 2]}],
/// #     "categories": [{"id": 1, "name": "cat", "keypoints": ["nose"]}]
/// # }"#)?;
/// # std::fs::write(&boxes, r#"[{"image_id": 4, "category_id": 1, "bbox": [4, 5, 71, 82], "score": 0.75}]"#)?;
/// let cats = Arc::new(CocoDataset::open(&path, "images")?);
/// let found = WithBoxes::open(cats, &boxes)?;
/// assert_eq!(found.sample(0).score, Some(0.75));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WithBoxes {
    dataset: Arc<dyn LandmarkDataset>,
    images: Vec<DatasetImage>,
    boxes: Vec<Detected>,
    left_out: usize,
}

impl fmt::Debug for WithBoxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithBoxes")
            .field("boxes", &self.boxes.len())
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

/// A detected box.
struct Detected {
    /// Index of the image.
    image: usize,
    category: Option<usize>,
    bounding_box: BoundingBox,
    score: f32,
}

impl WithBoxes {
    /// Reads the boxes in the file `path`.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(dataset: Arc<dyn LandmarkDataset>, path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(dataset, path, &mut strictly)
    }

    /// Reads the boxes in the file `path`. Reports to `on_event` first the progress in bytes and
    /// then each problem: a [dataset error](crate::ErrorKind::Dataset) with the entry's number,
    /// from 1.
    ///
    /// If the handler returns `Ok` for a problem, the box is left out.
    ///
    /// # Errors
    /// The handler's error; an [annotation error](crate::ErrorKind::Annotation) with the line if
    /// the file is not JSON of this form; a [dataset error](crate::ErrorKind::Dataset) if no box
    /// matches an image and a category of `dataset`; an [I/O error](crate::ErrorKind::Io) if the
    /// file cannot be read.
    pub fn open_with(
        dataset: Arc<dyn LandmarkDataset>,
        path: impl AsRef<Path>,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong = dataset_error(path);
        let raw: Vec<RawBox> = read_json(path, MAX_COCO_BYTES, on_event)?;
        let images = dataset.images();
        let index = Index::new(&images, dataset.schema());
        let (mut boxes, mut left_out) = (Vec::new(), 0);
        for (entry, raw) in (1..).zip(raw) {
            match index.find(raw) {
                Ok(Some(found)) => boxes.push(found),
                Ok(None) => left_out += 1,
                Err(message) => {
                    on_event(ReadEvent::Problem(wrong(format!("box {entry}: {message}"))))?;
                }
            }
        }
        if boxes.is_empty() {
            let message = "no box belongs to an image and a category of the dataset";
            return Err(wrong(message.into()));
        }
        boxes.shrink_to_fit();
        Ok(Self { dataset, images, boxes, left_out })
    }

    /// The number of boxes left out because the dataset does not have their image or category.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The underlying dataset.
    pub fn dataset(&self) -> &Arc<dyn LandmarkDataset> {
        &self.dataset
    }
}

impl LandmarkDataset for WithBoxes {
    fn schema(&self) -> &LandmarkSchema {
        self.dataset.schema()
    }

    fn len(&self) -> usize {
        self.boxes.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let Detected { image, category, bounding_box, score } = self.boxes[index];
        let landmarks = unlabeled(self.schema(), category);
        let image = self.images[image].image.clone();
        LandmarkSample {
            category,
            score: Some(score),
            ..LandmarkSample::new(image, bounding_box, landmarks)
        }
    }

    fn image_id(&self, index: usize) -> Option<u64> {
        self.images[self.boxes[index].image].image_id
    }

    /// All images of the underlying dataset.
    fn images(&self) -> Vec<DatasetImage> {
        self.images.clone()
    }

    images_of!(dataset);
}

/// Indices of images and categories by the keys used in the file.
struct Index<'a> {
    numbers: HashMap<u64, usize>,
    names: HashMap<&'a str, usize>,
    categories: HashMap<u64, usize>,
}

impl<'a> Index<'a> {
    fn new(images: &'a [DatasetImage], schema: &LandmarkSchema) -> Self {
        let numbered = images.iter().zip(0..);
        let named = images.iter().zip(0..);
        let categories = schema.categories().iter().zip(0..);
        Self {
            numbers: numbered.filter_map(|(image, at)| Some((image.image_id?, at))).collect(),
            names: named.map(|(image, at)| (image.image.as_str(), at)).collect(),
            categories: categories.map(|(own, at)| (own.id, at)).collect(),
        }
    }

    /// Resolves a box; `None` if the dataset does not have its image or category.
    fn find(&self, raw: RawBox) -> Result<Option<Detected>, String> {
        let bounding_box = raw.bounding_box();
        let (category, score) = (raw.category_number(), raw.score);
        let named = raw.file_name.or(raw.image).map(Key::Name);
        let key = match (raw.image_id, named) {
            (Some(Key::Number(_)), Some(name)) if self.numbers.is_empty() => name,
            (Some(key), _) | (None, Some(key)) => key,
            (None, None) => return Err("it has neither image_id nor file_name".into()),
        };
        let image = match &key {
            Key::Number(_) if self.numbers.is_empty() && !self.names.is_empty() => {
                return Err("the dataset's images have no numbers, but names".into());
            }
            Key::Number(number) => self.numbers.get(number),
            Key::Name(name) => self.names.get(name.as_str()),
        };
        let in_image = |message: String| format!("(image {key}) {message}");
        let bounding_box = bounding_box.map_err(in_image)?;
        let score = score.ok_or_else(|| in_image("it has no score".into()))?;
        if !score.is_finite() {
            return Err(in_image(format!("its score is {score}")));
        }
        let category = match (category.map_err(in_image)?, self.categories.len()) {
            (_, 0) => None,
            (None, 1) => Some(0),
            (None, several) => {
                return Err(in_image(format!("there are {several} categories, but it has none")));
            }
            (Some(id), _) => match self.categories.get(&id) {
                Some(&category) => Some(category),
                None => return Ok(None),
            },
        };
        Ok(image.map(|&image| Detected { image, category, bounding_box, score }))
    }
}
