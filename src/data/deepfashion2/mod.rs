//! DeepFashion2: all 13 categories with their 294 landmarks, several items an image, read and
//! written.
//!
//! ```text
//! train/annos/000001.json             (also validation/, test/)
//! train/image/000001.jpg
//! ```
//!
//! | key | what is read of it |
//! |---|---|
//! | `source`, `pair_id` | who took the image, "user" or "shop"; the number that images of the same clothes share. Optional |
//! | `item1`, `item2`, … | the items; any other key is passed over |
//! | `category_id` | 1 to 13, as [`DeepFashion2Category::ALL`] |
//! | `bounding_box` | left, top, right, bottom |
//! | `landmarks` | `x, y, v` for each landmark of the category; `v` is 2 for visible, 1 for occluded, 0 for not labelled |
//! | `style`, `scale`, `occlusion`, `zoom_in`, `viewpoint` | [`DeepFashion2Attributes`]. Optional |
//!
//! A sample has an entry for each of the 294 landmarks. Those of other categories are absent; those of its own that
//! nobody labelled are [`Visibility::Truncated`], since the dataset does not tell cut off from not labelled.
use std::path::{Path, PathBuf};

use image::RgbImage;

pub use self::{
    item::{
        DeepFashion2Attribute, DeepFashion2Attributes, DeepFashion2Image, DeepFashion2Item,
        DeepFashion2Source,
    },
    json::MAX_ANNOTATION_BYTES,
    writer::write_annotation,
};
use super::{
    DatasetImage, LandmarkDataset, Split,
    annotation::dataset_error,
    event::strictly,
    image::{ImageFile, Orientation},
};
#[cfg(doc)]
use crate::landmark::Visibility;
use crate::{
    Error,
    geometry::BoundingBox,
    landmark::{DeepFashion2Category, Landmark, LandmarkSample, LandmarkSchema},
};

mod item;
mod json;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

const ANNOTATIONS: &str = "annos";
const IMAGES: &str = "image";

/// The folder that holds a split.
fn folder(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Val => "validation",
        Split::Test => "test",
    }
}

/// One split of DeepFashion2: a sample for each item.
///
/// Only the items' own landmarks are kept, about 90 MB for the 312,186 items of the training split; the other entries
/// are made when a sample is asked for.
///
/// ```
/// use dafe::{
///     data::{DeepFashion2Dataset, LandmarkDataset, Split, deepfashion2::*},
///     geometry::BoundingBox,
///     landmark::{DeepFashion2Category, Landmark, Visibility},
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// let skirt = DeepFashion2Item {
///     category: DeepFashion2Category::Skirt,
///     bounding_box: BoundingBox::new(30.0, 50.0, 90.0, 150.0).unwrap(),
///     landmarks: vec![Landmark::new(40.0, 60.0, Visibility::Visible); 8],
///     attributes: DeepFashion2Attributes { viewpoint: Some(2), ..Default::default() },
///     segmentation: Vec::new(),
/// };
/// let image = DeepFashion2Image { items: vec![skirt.clone()], ..Default::default() };
/// write_annotation(root, Split::Val, 17, &image)?;
///
/// let dataset = DeepFashion2Dataset::open(root, Split::Val)?;
/// assert_eq!(dataset.item(0), skirt);
/// assert_eq!((dataset.sample(0).landmarks.len(), dataset.image_id(0)), (294, Some(17)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DeepFashion2Dataset {
    root: PathBuf,
    split: Split,
    schema: LandmarkSchema,
    /// Whether the schema is that of one category.
    single: bool,
    images: Vec<Labels>,
    items: Vec<Stored>,
    /// All items' own landmarks, one after another.
    landmarks: Vec<Landmark>,
    orientation: Orientation,
}

/// What an image has beside its items.
#[derive(Debug, Clone, Copy)]
struct Labels {
    number: u32,
    source: Option<DeepFashion2Source>,
    pair_id: Option<u64>,
}

/// An item without its landmarks.
#[derive(Debug, Clone, Copy)]
struct Stored {
    /// Index of its image.
    image: u32,
    /// Where its landmarks begin.
    first: u32,
    category: DeepFashion2Category,
    bounding_box: BoundingBox,
    attributes: DeepFashion2Attributes,
}

impl DeepFashion2Dataset {
    /// Reads all annotations of `split`, on all processors. Images are not looked at.
    ///
    /// # Errors
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(root, split, &mut strictly)
    }

    /// The images of `split` alone, with no sample: for splits that are published without
    /// annotations, as the test split, of which results are handed in.
    /// [`WithBoxes`](super::WithBoxes) makes samples of a detector's boxes.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if the folder of images is not there or has
    /// none, or one whose name is not a six-digit number; An [I/O error](crate::ErrorKind::Io) if
    /// it cannot be listed.
    pub fn open_unlabelled(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::list_images(root.as_ref(), split)
    }

    /// Only the items of one category, with only its landmarks ([`LandmarkSchema::deepfashion2`]): for networks that
    /// know one category.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if there are none.
    pub fn of_category(mut self, category: DeepFashion2Category) -> Result<Self, Error> {
        self.items.retain(|item| item.category == category);
        if self.items.is_empty() {
            let message = format!("no {category} in the split '{}'", self.split);
            return Err(dataset_error(&self.root)(message));
        }
        self.schema = LandmarkSchema::deepfashion2(category);
        self.single = true;
        Ok(self)
    }

    /// The folder that the dataset was opened from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The split that it was opened for.
    pub fn split(&self) -> Split {
        self.split
    }

    /// Item `index` as it was read, with its own category's landmarks.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length, as the methods below.
    pub fn item(&self, index: usize) -> DeepFashion2Item {
        let Stored { category, bounding_box, attributes, .. } = self.items[index];
        let landmarks = self.own_landmarks(index).to_vec();
        let segmentation = Vec::new();
        DeepFashion2Item { category, bounding_box, landmarks, attributes, segmentation }
    }

    /// What the dataset says of item `index` beside its landmarks.
    pub fn attributes(&self, index: usize) -> DeepFashion2Attributes {
        self.items[index].attributes
    }

    /// Who took the image of item `index`.
    pub fn source(&self, index: usize) -> Option<DeepFashion2Source> {
        self.labels(index).source
    }

    /// The number that images of the same clothes as item `index`'s image share.
    pub fn pair_id(&self, index: usize) -> Option<u64> {
        self.labels(index).pair_id
    }

    /// The file of item `index`'s image.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.root.join(self.name(index))
    }

    /// The same dataset, whose images' EXIF orientation is treated in another way.
    #[must_use]
    pub fn with_orientation(mut self, orientation: Orientation) -> Self {
        self.orientation = orientation;
        self
    }

    fn file_of(&self, image: &str) -> ImageFile {
        ImageFile { orientation: self.orientation, ..ImageFile::new(self.root.join(image)) }
    }

    fn labels(&self, index: usize) -> &Labels {
        &self.images[self.items[index].image as usize]
    }

    fn own_landmarks(&self, index: usize) -> &[Landmark] {
        let Stored { first, category, .. } = self.items[index];
        &self.landmarks[first as usize..][..category.landmarks().len()]
    }

    fn name(&self, index: usize) -> String {
        image_name(self.split, self.labels(index).number)
    }
}

impl LandmarkDataset for DeepFashion2Dataset {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let Stored { category, bounding_box, .. } = self.items[index];
        let own = self.own_landmarks(index);
        let landmarks = if self.single {
            own.to_vec()
        } else {
            let mut all = vec![Landmark::ABSENT; DeepFashion2Category::LANDMARKS];
            all[category.landmarks()].copy_from_slice(own);
            all
        };
        LandmarkSample {
            category: Some(if self.single { 0 } else { category as usize }),
            ..LandmarkSample::new(self.name(index), bounding_box, landmarks)
        }
    }

    /// The number in the image's name.
    fn image_id(&self, index: usize) -> Option<u64> {
        Some(self.labels(index).number.into())
    }

    /// All that have an annotation, whatever it holds; in a split opened without labels, all that are there.
    fn images(&self) -> Vec<DatasetImage> {
        let numbers = self.images.iter().map(|image| image.number);
        let image = |number: u32| DatasetImage {
            image: image_name(self.split, number),
            image_id: Some(number.into()),
        };
        numbers.map(image).collect()
    }

    fn image_file(&self, image: &str) -> Option<ImageFile> {
        Some(self.file_of(image))
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        self.file_of(image).read()
    }
}

/// Where image `number` is, relative to the root: `train/image/000017.jpg`.
pub fn image_name(split: Split, number: u32) -> String {
    format!("{}/{IMAGES}/{}", folder(split), file_name(number, "jpg"))
}

/// Where the annotation of image `number` is, relative to the root: `train/annos/000017.json`.
pub fn annotation_name(split: Split, number: u32) -> String {
    format!("{}/{ANNOTATIONS}/{}", folder(split), file_name(number, "json"))
}

/// An image's or annotation's name: six digits, or more where the number has more.
fn file_name(number: u32, extension: &str) -> String {
    format!("{number:06}.{extension}")
}
