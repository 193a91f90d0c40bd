//! COCO keypoint annotations: landmarks of any object, with names, mirror pairs and skeleton from
//! the file; read and written.
//!
//! ```
//! use dafe::data::{CocoDataset, LandmarkDataset};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("cats.json");
//! # std::fs::write(&path, r#"{
//! #     "images": [{"id": 4, "file_name": "tom.jpg"}],
//! #     "annotations": [{"id": 1, "image_id": 4, "category_id": 1, "bbox": [5, 6, 70, 80],
//! #                      "keypoints": [40, 20, 2, 20, 10, 2, 0, 0, 0]}],
//! #     "categories": [{"id": 1, "name": "cat", "keypoints": ["nose", "left ear", "right ear"],
//! #                     "skeleton": [[1, 2], [1, 3]]}]
//! # }"#)?;
//! let cats = CocoDataset::open(&path, "images")?;
//! assert_eq!(cats.schema().names(), ["nose", "left ear", "right ear"]);
//! assert_eq!(cats.schema().mirror(), [0, 2, 1], "from the names");
//! assert_eq!(cats.sample(0).image, "tom.jpg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | key | meaning |
//! |---|---|
//! | `images` | `id`; `file_name`, a path below the folder of images; `width` and `height`, which determine the orientation in which the image was labeled |
//! | `annotations` | `id`, `image_id`, `category_id`, `bbox`, `keypoints`; for OKS, `area` and `iscrowd` |
//! | `bbox` | `[x, y, width, height]`: the box `(x, y)` to `(x + width, y + height)`. If missing, empty or null, it is derived from the landmarks |
//! | `keypoints` | `x, y, v` for each of the category's keypoints, or for each of the schema's, flat or as a list of triplets; see [`VisibilityCode`] for `v` |
//! | `area` | if missing, 0 or not a number, OKS uses the box's area |
//! | `categories` | `id`, `name`, `keypoints` (names), `skeleton` (pairs of numbers) |
//! | `flip_pairs` of a category | pairs of names or numbers. Not part of COCO |
//! | `flip_idx` of a category | Ultralytics' version of `flip_pairs`: the mirror partner of each keypoint, from 0 |
//! | `sigmas` or `keypoint_oks_sigmas` of a category | the constants of OKS. Not part of COCO; COCO's values are used for its 17 keypoints of a person |
//! | `landmark_schema` | a key of this crate, for landmarks that several categories share |
//! | `visibility_code` | a key of this crate: a [`VisibilityCode`], if the code would be ambiguous |
//!
//! All other keys are ignored. Without `flip_pairs` and `flip_idx`, mirror pairs are derived from
//! the names: left and right, `l` and `r`, `LHem` and `RHem`, `hemL` and `hemR`. Landmark numbers
//! count from 1, unless the category's pairs contain a 0.
//!
//! Files are read as common tools write them: identifiers and numbers may be strings, `NaN` means
//! null, byte-order marks are skipped, and backslashes in names are accepted. An invalid entry is a
//! problem of that entry only.
//!
//! MMPose's FLD files (`fld_upper_train.json`, …) have this format, with one category of FLD's
//! names and no skeleton; [`LandmarkSchema::fld_of`] has one. The usual conversions of DeepFashion2
//! have its 13 categories and name the landmarks of each '1' to '294', so neither mirror pairs nor
//! the landmarks of each category are known. Provide the schema for these:
//! `CocoDataset::open_with_schema(path, folder, LandmarkSchema::deepfashion2_all())`.
//!
//! An unlabeled landmark of the annotation's category is [`Visibility::Truncated`]; a landmark that
//! the category lacks is absent.
use std::path::{Path, PathBuf};

use image::RgbImage;

pub use self::{
    json::MAX_COCO_BYTES,
    layout::{CocoLayout, CocoPlace},
    options::{CocoOptions, VisibilityCode},
    schema_file::{read_schema, write_schema},
    writer::{CocoImage, write_coco},
};
use super::{
    DatasetImage, LandmarkDataset,
    annotation::unlabeled,
    event::strictly,
    image::{ImageFile, Orientation},
};
#[cfg(doc)]
use crate::landmark::Visibility;
use crate::{
    Error,
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSample, LandmarkSchema},
};

mod annotation;
mod categories;
mod images;
pub(super) mod json;
mod layout;
mod loose;
mod numbers;
mod options;
mod reader;
mod schema;
mod schema_file;
mod sizes;
#[cfg(test)]
pub(crate) mod tests;
mod visibility;
mod writer;

/// The annotations of a COCO keypoints file that have landmarks, with one sample per annotation in
/// the file's order.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("cats.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 4, "file_name": "tom.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 4, "category_id": 1, "bbox": [5, 6, 70, 80],
/// #                      "keypoints": [40, 20, 2, 20, 10, 1, 0, 0, 0]}],
/// #     "categories": [{"id": 1, "name": "cat", "keypoints": ["nose", "left ear", "right ear"]}]
/// # }"#)?;
/// // "keypoints": [40, 20, 2, 20, 10, 1, 0, 0, 0]
/// let cats = CocoDataset::open(&path, "images")?;
/// let tom = cats.sample(0);
/// assert_eq!(tom.landmarks[0], Landmark::new(40.0, 20.0, Visibility::Visible));
/// assert_eq!(tom.landmarks[1].visibility, Visibility::Occluded);
/// assert_eq!(tom.landmarks[2].visibility, Visibility::Truncated); // Not labeled.
/// assert_eq!(cats.annotation(0).num_keypoints, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CocoDataset {
    folder: PathBuf,
    schema: LandmarkSchema,
    /// Landmarks whose names contain a side but that have no mirror partner.
    unpaired: Vec<usize>,
    images: Vec<StoredImage>,
    /// The images' indices, sorted by name.
    by_name: Vec<u32>,
    items: Vec<Stored>,
    /// The labeled landmarks of all items and their indices in the schema, item after item.
    labeled: Vec<(u32, Landmark)>,
    without_keypoints: usize,
    unlabeled: usize,
    orientation: Orientation,
    visibility_code: Option<VisibilityCode>,
}

/// An image listed in the file.
#[derive(Debug, Clone)]
struct StoredImage {
    id: u64,
    /// Relative to the folder.
    name: String,
    /// `[width, height]`, if the file has them.
    size: Option<[u32; 2]>,
}

/// An annotation without its landmarks.
#[derive(Debug, Clone)]
struct Stored {
    /// Index of the image.
    image: u32,
    category: Option<usize>,
    bounding_box: BoundingBox,
    annotation: CocoAnnotation,
    /// Index of the first landmark.
    first: usize,
}

/// An annotation's fields besides box and landmarks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CocoAnnotation {
    /// The annotation's number.
    pub id: u64,
    /// The category's number in the file.
    pub category_id: u64,
    /// The object's area in square pixels, used by OKS. If the file has an outline, this is its
    /// area rather than the box's.
    pub area: Option<f32>,
    /// Whether the annotation covers a crowd of objects.
    pub is_crowd: bool,
    /// The number of labeled landmarks, as counted by the reader.
    pub num_keypoints: u32,
}

impl CocoDataset {
    /// Reads the file `path`, with image names relative to `folder`. Images are not decoded.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(path: impl AsRef<Path>, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, folder, &CocoOptions::default(), &mut strictly)
    }

    /// [`Self::open`] with a schema that replaces the file's, as described in
    /// [`CocoOptions::schema`].
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_schema(
        path: impl AsRef<Path>,
        folder: impl AsRef<Path>,
        schema: LandmarkSchema,
    ) -> Result<Self, Error> {
        let options = CocoOptions::default().with_schema(Some(schema));
        Self::open_with(path, folder, &options, &mut strictly)
    }

    /// Keeps only samples with at least one labeled landmark. Nothing can be learned from the
    /// others, but metrics may need them so as not to count their detections as false positives.
    pub fn labeled_only(mut self) -> Self {
        // The removed samples have no stored landmarks.
        self.items.retain(|item| item.annotation.num_keypoints > 0);
        self
    }

    /// The number of samples read without labeled landmarks.
    pub fn unlabeled(&self) -> usize {
        self.unlabeled
    }

    /// The number of annotations left out because they, or their categories, have no keypoints.
    pub fn without_keypoints(&self) -> usize {
        self.without_keypoints
    }

    /// The fields of sample `index`'s annotation besides box and landmarks.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length. The same applies to [`Self::image_path`].
    pub fn annotation(&self, index: usize) -> CocoAnnotation {
        self.items[index].annotation
    }

    /// The file of sample `index`'s image.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.folder.join(&self.entry(index).name)
    }

    /// The folder that image names are relative to: the given one, or one of
    /// [`CocoOptions::other_folders`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The code of the file's visibilities, if it was given or is clear from the keypoints.
    pub fn visibility_code(&self) -> Option<VisibilityCode> {
        self.visibility_code
    }

    /// How the images' EXIF orientation is treated. [`Orientation::Upright`] is also used if
    /// landmarks show that the image sizes in the file are misleading.
    pub fn orientation(&self) -> Orientation {
        self.orientation
    }

    fn empty(
        schema: LandmarkSchema,
        unpaired: Vec<usize>,
        folder: PathBuf,
        images: Vec<StoredImage>,
    ) -> Self {
        let mut by_name: Vec<u32> = (0..images.len() as u32).collect();
        by_name.sort_by(|&a, &b| images[a as usize].name.cmp(&images[b as usize].name));
        Self {
            folder,
            schema,
            unpaired,
            images,
            by_name,
            items: Vec::new(),
            labeled: Vec::new(),
            without_keypoints: 0,
            unlabeled: 0,
            orientation: Orientation::Auto,
            visibility_code: None,
        }
    }

    fn entry(&self, index: usize) -> &StoredImage {
        &self.images[self.items[index].image as usize]
    }

    fn file_of(&self, image: &str) -> ImageFile {
        let name = |&index: &u32| self.images[index as usize].name.as_str();
        let place = self.by_name.partition_point(|index| name(index) < image);
        let index = self.by_name.get(place).filter(|index| name(index) == image);
        ImageFile {
            labeled_size: index.and_then(|&index| self.images[index as usize].size),
            orientation: self.orientation,
            ..ImageFile::new(self.folder.join(image))
        }
    }
}

impl LandmarkDataset for CocoDataset {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let Stored { category, bounding_box, first, ref annotation, .. } = self.items[index];
        let mut landmarks = unlabeled(&self.schema, category);
        for (slot, landmark) in &self.labeled[first..][..annotation.num_keypoints as usize] {
            landmarks[*slot as usize] = *landmark;
        }
        LandmarkSample {
            category,
            area: annotation.area,
            crowd: annotation.is_crowd,
            ..LandmarkSample::new(self.entry(index).name.clone(), bounding_box, landmarks)
        }
    }

    fn image_id(&self, index: usize) -> Option<u64> {
        Some(self.entry(index).id)
    }

    /// All images in the file, because COCO's evaluation counts detections in all of them.
    fn images(&self) -> Vec<DatasetImage> {
        let image = |image: &StoredImage| DatasetImage {
            image: image.name.clone(),
            image_id: Some(image.id),
        };
        self.images.iter().map(image).collect()
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
