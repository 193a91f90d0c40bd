//! COCO's keypoint annotations: landmarks of anything, with names, mirror pairs and skeleton from
//! the file; read and written.
//!
//! | key | what is read of it |
//! |---|---|
//! | `images` | `id`; `file_name`, a path below the folder of images; `width` and `height`, which tell which way up the image was labelled |
//! | `annotations` | `id`, `image_id`, `category_id`, `bbox`, `keypoints`; for OKS, `area` and `iscrowd` |
//! | `bbox` | `[x, y, width, height]`: the box `(x, y)` to `(x + width, y + height)`. Where it is missing, empty or null, it is made from the landmarks |
//! | `keypoints` | `x, y, v` for each of the category's keypoints, or for each of the schema's, flat or a list for each; `v` as [`VisibilityCode`] says |
//! | `area` | where it is missing, 0 or no number, OKS goes by the box's area |
//! | `categories` | `id`, `name`, `keypoints` (names), `skeleton` (pairs of numbers) |
//! | `flip_pairs` of a category | pairs of names or numbers. Not COCO's own |
//! | `flip_idx` of a category | Ultralytics' form of the same: for each keypoint its mirror image, from 0 |
//! | `sigmas` or `keypoint_oks_sigmas` of a category | OKS's constants. Not COCO's own; COCO's 17 keypoints of a person have COCO's |
//! | `landmark_schema` | this crate's own, for what the categories can't tell: landmarks that several categories share |
//! | `visibility_code` | this crate's own: a [`VisibilityCode`], where keypoints might be taken for ones in another |
//!
//! All other keys are passed over. Without `flip_pairs` and `flip_idx`, names pair: left with
//! right, `l` with `r`, `LHem` with `RHem`, `hemL` with `hemR`. Numbers of landmarks count from 1,
//! unless the category's pairs have a 0.
//!
//! Files are read as tools write them: identifiers may be texts, numbers may be texts, `NaN` stands
//! for null, a byte-order mark and backslashes in names are passed over. One entry that can't be
//! read is a problem of that entry alone.
//!
//! MMPose's FLD files (`fld_upper_train.json`, …) are of this form, with one category of FLD's
//! names and no skeleton: [`LandmarkSchema::fld_of`] has one. The usual conversions of DeepFashion2
//! have its 13 categories and name the landmarks of each '1' to '294', which tells neither mirror
//! pairs nor whose they are. Give these the schema: `CocoDataset::open_with_schema(path, folder,
//! LandmarkSchema::deepfashion2_all())`.
//!
//! A landmark that its category has but nobody labelled is [`Visibility::Truncated`]; one that it
//! lacks is absent.
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
    annotation::unlabelled,
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

/// The annotations of a COCO-keypoints file that have landmarks: a sample for each, in the file's order.
///
/// ```
/// use dafe::data::{CocoDataset, LandmarkDataset};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("cats.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 4, "file_name": "tom.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 4, "category_id": 1, "bbox": [5, 6, 70, 80],
/// #                      "keypoints": [40, 20, 2, 20, 10, 2, 0, 0, 0]}],
/// #     "categories": [{"id": 1, "name": "cat", "keypoints": ["nose", "left ear", "right ear"],
/// #                     "skeleton": [[1, 2], [1, 3]]}]
/// # }"#)?;
/// let cats = CocoDataset::open(&path, "images")?;
/// assert_eq!(cats.schema().names(), ["nose", "left ear", "right ear"]);
/// assert_eq!(cats.schema().mirror(), [0, 2, 1], "from the names");
/// assert_eq!(cats.sample(0).image, "tom.jpg");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CocoDataset {
    folder: PathBuf,
    schema: LandmarkSchema,
    /// Landmarks whose names say a side and that have no partner.
    unpaired: Vec<usize>,
    images: Vec<StoredImage>,
    /// The images' indices, by their names.
    by_name: Vec<u32>,
    items: Vec<Stored>,
    /// All items' labelled landmarks, and their places in the schema, one item after another.
    labeled: Vec<(u32, Landmark)>,
    without_keypoints: usize,
    unlabeled: usize,
    orientation: Orientation,
    visibility_code: Option<VisibilityCode>,
}

/// An image as the file lists it.
#[derive(Debug, Clone)]
struct StoredImage {
    id: u64,
    /// Relative to the folder.
    name: String,
    /// `[width, height]`, where the file has them.
    size: Option<[u32; 2]>,
}

/// An annotation without its landmarks.
#[derive(Debug, Clone)]
struct Stored {
    /// Index of its image.
    image: u32,
    category: Option<usize>,
    bounding_box: BoundingBox,
    annotation: CocoAnnotation,
    /// Where its landmarks begin.
    first: usize,
}

/// What an annotation has beside box and landmarks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CocoAnnotation {
    /// Its number.
    pub id: u64,
    /// Its category's number in the file.
    pub category_id: u64,
    /// The thing's area in square pixels, which OKS goes by: of its outline, where the file has that, not of its box.
    pub area: Option<f32>,
    /// Whether it is about many things at once.
    pub is_crowd: bool,
    /// How many landmarks are labelled, as counted here.
    pub num_keypoints: u32,
}

impl CocoDataset {
    /// Reads the file `path`; the images' names are relative to `folder`. The images are not looked
    /// at.
    ///
    /// # Errors
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(path: impl AsRef<Path>, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, folder, &CocoOptions::default(), &mut strictly)
    }

    /// [`Self::open`] with another schema than the file's, as [`CocoOptions::schema`] says.
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

    /// Only the samples of which at least one landmark is labelled: nothing can be learned from the others, though a
    /// metric may want them, so as not to count a detection of them as wrong.
    pub fn labelled_only(mut self) -> Self {
        // The landmarks of the others take no room.
        self.items.retain(|item| item.annotation.num_keypoints > 0);
        self
    }

    /// How many samples were read of which no landmark is labelled.
    pub fn unlabeled(&self) -> usize {
        self.unlabeled
    }

    /// How many annotations were left out because they, or their categories, have no keypoints.
    pub fn without_keypoints(&self) -> usize {
        self.without_keypoints
    }

    /// What sample `index`'s annotation has beside box and landmarks.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length, as [`Self::image_path`].
    pub fn annotation(&self, index: usize) -> CocoAnnotation {
        self.items[index].annotation
    }

    /// The file of sample `index`'s image.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.folder.join(&self.entry(index).name)
    }

    /// The folder that the images' names are relative to: the given one, or one of
    /// [`CocoOptions::other_folders`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The code of the file's visibilities, where its keypoints tell, or it was given.
    pub fn visibility_code(&self) -> Option<VisibilityCode> {
        self.visibility_code
    }

    /// How the images' EXIF orientation is treated: [`Orientation::Upright`], too, where landmarks
    /// tell that sizes mislead.
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
        let mut landmarks = unlabelled(&self.schema, category);
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

    /// All that the file lists, as COCO's evaluation counts detections in all of them.
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
