//! DeepFashion2: all 13 categories with their 294 landmarks and several garments per image, read
//! and written.
//!
//! ```
//! use dafe::{landmark::DeepFashion2Category, prelude::*};
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # std::fs::create_dir_all(root.join("validation/annos"))?;
//! # std::fs::write(root.join("validation/annos/000017.json"), r#"{"item1": {"category_id": 9,
//! #     "category_name": "skirt", "bounding_box": [30, 50, 90, 150], "landmarks": [40, 60, 2,
//! #     60, 61, 2, 80, 60, 2, 35, 99, 1, 32, 140, 2, 60, 145, 2, 88, 140, 2, 0, 0, 0]}}"#)?;
//! let val = DeepFashion2Dataset::open(root, Split::Val)?;
//! let skirt = val.item(0);
//! assert_eq!(skirt.category, DeepFashion2Category::Skirt);
//! // Its eight landmarks, and where they are among the 294 of all categories.
//! assert_eq!(val.sample(0).landmarks[skirt.category.landmarks()], skirt.landmarks);
//! assert_eq!(skirt.category.landmarks(), 182..190);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```text
//! train/annos/000001.json             (also validation/, test/)
//! train/image/000001.jpg
//! ```
//!
//! | key | meaning |
//! |---|---|
//! | `source`, `pair_id` | who took the image, "user" or "shop"; the number shared by images of the same clothes. Optional |
//! | `item1`, `item2`, … | the garments; any other key is ignored |
//! | `category_id` | 1 to 13, as [`DeepFashion2Category::ALL`] |
//! | `bounding_box` | left, top, right, bottom |
//! | `landmarks` | `x, y, v` for each landmark of the category; `v` is 2 for visible, 1 for occluded, 0 for not labeled |
//! | `style`, `scale`, `occlusion`, `zoom_in`, `viewpoint` | [`DeepFashion2Attributes`]. Optional |
//!
//! A sample has an entry for each of the 294 landmarks. Landmarks of other categories are absent.
//! Unlabeled landmarks of the sample's own category are [`Visibility::Truncated`], because the
//! dataset does not distinguish truncated from unlabeled.
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

/// The folder of a split.
fn folder(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Val => "validation",
        Split::Test => "test",
    }
}

/// One split of DeepFashion2, with one sample per garment.
///
/// Only the garments' own landmarks are stored, about 90 MB for the 312,186 garments of the
/// training split. The other entries are added when a sample is requested.
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
    /// Whether the schema is that of a single category.
    single: bool,
    images: Vec<Labels>,
    items: Vec<Stored>,
    /// All garments' own landmarks, one garment after another.
    landmarks: Vec<Landmark>,
    orientation: Orientation,
}

/// An image's labels besides its garments.
#[derive(Debug, Clone, Copy)]
struct Labels {
    number: u32,
    source: Option<DeepFashion2Source>,
    pair_id: Option<u64>,
}

/// A garment without its landmarks.
#[derive(Debug, Clone, Copy)]
struct Stored {
    /// Index of the image.
    image: u32,
    /// Index of the first landmark.
    first: u32,
    category: DeepFashion2Category,
    bounding_box: BoundingBox,
    attributes: DeepFashion2Attributes,
}

impl DeepFashion2Dataset {
    /// Reads all annotations of `split`, on all processors. Images are not read.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(root, split, &mut strictly)
    }

    /// Opens the images of `split` without any samples, for splits published without annotations,
    /// such as the test split of the challenge. [`WithBoxes`](super::WithBoxes) adds samples for a
    /// detector's boxes.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if the folder of images is missing or empty, or
    /// contains an image whose name is not a six-digit number; an [I/O error](crate::ErrorKind::Io)
    /// if it cannot be listed.
    pub fn open_unlabeled(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::list_images(root.as_ref(), split)
    }

    /// Keeps only the garments of one category, with only its landmarks
    /// ([`LandmarkSchema::deepfashion2`]), for networks of a single category.
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

    /// The dataset's root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The opened split.
    pub fn split(&self) -> Split {
        self.split
    }

    /// Garment `index` as read, with its own category's landmarks.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length. The same applies to the methods below.
    pub fn item(&self, index: usize) -> DeepFashion2Item {
        let Stored { category, bounding_box, attributes, .. } = self.items[index];
        let landmarks = self.own_landmarks(index).to_vec();
        let segmentation = Vec::new();
        DeepFashion2Item { category, bounding_box, landmarks, attributes, segmentation }
    }

    /// The labels of garment `index` besides its landmarks.
    pub fn attributes(&self, index: usize) -> DeepFashion2Attributes {
        self.items[index].attributes
    }

    /// Who took the image of garment `index`.
    pub fn source(&self, index: usize) -> Option<DeepFashion2Source> {
        self.labels(index).source
    }

    /// The number shared by images of the same clothes as in garment `index`'s image.
    pub fn pair_id(&self, index: usize) -> Option<u64> {
        self.labels(index).pair_id
    }

    /// The file of garment `index`'s image.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.root.join(self.name(index))
    }

    /// Sets how the images' EXIF orientation is treated.
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

    /// All images with an annotation file, even an empty one. In a split opened without labels, all
    /// images in the folder.
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

/// The path of image `number` relative to the root: `train/image/000017.jpg`.
pub fn image_name(split: Split, number: u32) -> String {
    format!("{}/{IMAGES}/{}", folder(split), file_name(number, "jpg"))
}

/// The path of the annotation of image `number` relative to the root: `train/annos/000017.json`.
pub fn annotation_name(split: Split, number: u32) -> String {
    format!("{}/{ANNOTATIONS}/{}", folder(split), file_name(number, "json"))
}

/// The name of an image or annotation file: the number in six digits, or more if needed.
fn file_name(number: u32, extension: &str) -> String {
    format!("{number:06}.{extension}")
}
