//! FLD and DeepFashion-C, read and written: two forms of one text format. All files are checked
//! against each other when reading.
//!
//! ```
//! use dafe::{landmark::Visibility, prelude::*};
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # for (file, text) in [
//! #     ("Anno/list_landmarks.txt", "2 0 40 60 0 80 60 1 35 140 2 0 0"),
//! #     ("Anno/list_bbox.txt", "030 050 090 150"),
//! #     ("Eval/list_eval_partition.txt", "train"),
//! # ] {
//! #     std::fs::create_dir_all(root.join(file).parent().unwrap())?;
//! #     std::fs::write(root.join(file), format!("1\nimage_name …\nimg/skirt.jpg {text}\n"))?;
//! # }
//! let train = FldDataset::open(root, Split::Train)?;
//! let skirt = &train.samples()[0];
//! // FLD's left collar, left waistline and right hem: a skirt has no collar.
//! let visibility = [0, 4, 7].map(|slot| skirt.landmarks[slot].visibility);
//! assert_eq!(visibility, [Visibility::Absent, Visibility::Visible, Visibility::Truncated]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```text
//! Anno/list_landmarks.txt             (also Anno_coarse/, Anno_fine/)
//! Anno/list_bbox.txt                  (likewise)
//! Eval/list_eval_partition.txt        (or beside the other two)
//! img/…                               the images (also Img/img/…)
//! ```
//!
//! In each of the three files, line 1 is the number of rows, line 2 names the columns, and each row
//! describes one image. Numbers may be zero-padded, negative or fractional, line endings `\n` or
//! `\r\n`, and blank lines may follow the last row. Coordinates are used as written, as pixels of
//! the upright image.
//!
//! DeepFashion-C's fine annotations are in other files, which are read if there is no
//! `list_landmarks.txt`. Each available split (`train`, `val`, `test`) has
//!
//! ```text
//! Anno_fine/train.txt                 the images' names
//! Anno_fine/train_bbox.txt            left, top, right, bottom
//! Anno_fine/train_landmarks.txt       x and y of all eight landmarks, 0 0 for those without
//! Anno_fine/train_cate.txt            the category, from 1 on
//! ```
//!
//! without headings; rows are matched by row number. A garment has the landmarks of its category's
//! clothes type. Of the 50 categories, 1 to 20 are upper, 21 to 36 lower and 37 to 50 full clothes,
//! unless `list_category_cloth.txt` in `Anno_fine/`, `Anno_coarse/` or `Anno/` says otherwise.
//! Without `train_cate.txt`, the type is inferred from the landmarks that have positions. **These
//! files don't say which landmarks are occluded:** every landmark with a position counts as
//! visible. A landmark of the type at 0 0 is not labeled (truncated), and positions of landmarks
//! that the type lacks are ignored. Missing visibility, ignored positions and inferred types are
//! reported as [findings](crate::data::ReadEvent::Finding).
use std::path::{Path, PathBuf};

use image::RgbImage;

use self::{source::Source, tables::Listing};
use super::{
    LandmarkDataset, ReadEvent, Split,
    event::strictly,
    image::{ImageFile, Orientation},
};
use crate::{
    Error, ErrorKind,
    landmark::{ClothesType, LandmarkSample, LandmarkSchema},
};

mod fine;
mod format;
mod rows;
mod source;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

pub use self::{format::FldFormat, writer::write_annotations};

/// One split of a dataset in FLD's format.
///
/// ```
/// use dafe::{
///     data::{
///         Split,
///         fld::{FldDataset, FldFormat, write_annotations},
///     },
///     geometry::BoundingBox,
///     landmark::{ClothesType, Landmark, LandmarkSample, Visibility},
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// let mut landmarks = vec![Landmark::ABSENT; 8];
/// for (at, &slot) in ClothesType::Lower.slots().iter().enumerate() {
///     landmarks[slot] = Landmark::new(40.0 + at as f32, 60.0, Visibility::Visible);
/// }
/// let bounding_box = BoundingBox::new(30.0, 50.0, 90.0, 150.0).unwrap();
/// let skirt = LandmarkSample {
///     category: Some(ClothesType::Lower as usize),
///     ..LandmarkSample::new("img/skirt.jpg", bounding_box, landmarks)
/// };
/// write_annotations(root, FldFormat::DeepFashionC, &[(Split::Train, skirt.clone())])?;
///
/// let dataset = FldDataset::open(root, Split::Train)?;
/// assert_eq!(dataset.samples(), [skirt]);
/// assert!(FldDataset::open(root, Split::Test).is_err(), "no image is in that split");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct FldDataset {
    root: PathBuf,
    format: FldFormat,
    split: Split,
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    orientation: Orientation,
}

impl FldDataset {
    /// Reads the annotations of the images in `split`.
    ///
    /// All files are checked completely, for any split. Images are not read.
    ///
    /// # Errors
    /// - a [dataset error](crate::ErrorKind::Dataset) if a file is missing (with the paths that
    ///   were tried), an image with landmarks has no box or no split, or the split has no images;
    /// - an [annotation error](crate::ErrorKind::Annotation) with file and line if a row is
    ///   malformed, a box is empty, an image appears twice or in one file only, its name leads
    ///   outside the root, or the number of rows differs from that in line 1 or from that of
    ///   another file of the split;
    /// - an [I/O error](crate::ErrorKind::Io) if a file cannot be read.
    pub fn open(root: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        let root = root.as_ref();
        let source = Source::find(root)?;
        let Listing { format, mut samples } = source.read(&mut strictly)?;
        let samples = std::mem::take(&mut samples[split as usize]);
        if samples.is_empty() {
            let message = format!("no image is in the split '{split}'");
            return Err(Error::new(ErrorKind::Dataset, message).with_path(source.split_file(split)));
        }
        let (root, schema) = (root.into(), LandmarkSchema::fld());
        Ok(Self { root, format, split, schema, samples, orientation: Orientation::Auto })
    }

    /// Reads the annotations of all splits and reports progress in bytes and problems to
    /// `on_event`.
    ///
    /// If the handler returns `Ok` for a problem, the affected image is left out, or the split if
    /// its files have different numbers of rows. Splits without images are left out.
    ///
    /// # Errors
    /// The handler's error; as [`Self::open`], if a file is missing, cannot be read at all, has a
    /// line of more than 64 KiB, or lists no images.
    pub fn open_all(
        root: impl AsRef<Path>,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Vec<Self>, Error> {
        let root = root.as_ref();
        let Listing { format, samples } = Source::find(root)?.read(on_event)?;
        let datasets = Split::ALL.iter().copied().zip(samples).map(|(split, samples)| Self {
            root: root.into(),
            format,
            split,
            schema: LandmarkSchema::fld(),
            samples,
            orientation: Orientation::Auto,
        });
        Ok(datasets.filter(|dataset| !dataset.samples.is_empty()).collect())
    }

    /// A split whose images are always read upright.
    #[cfg(feature = "clothing")]
    pub(super) fn upright(root: &Path, split: Split, samples: Vec<LandmarkSample>) -> Self {
        let (root, format, schema) = (root.into(), FldFormat::DeepFashionC, LandmarkSchema::fld());
        Self { root, format, split, schema, samples, orientation: Orientation::Upright }
    }

    /// Keeps only the garments of one clothes type, with only its landmarks
    /// ([`LandmarkSchema::fld_of`]), for networks of a single type such as MMPose's.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if there are none.
    pub fn of_type(mut self, kind: ClothesType) -> Result<Self, Error> {
        self.samples.retain(|sample| sample.category == Some(kind as usize));
        if self.samples.is_empty() {
            let message = format!("no {} clothes in the split '{}'", kind.name(), self.split);
            return Err(Error::new(ErrorKind::Dataset, message).with_path(self.root));
        }
        for sample in &mut self.samples {
            sample.landmarks = kind.slots().iter().map(|&slot| sample.landmarks[slot]).collect();
            sample.category = Some(0);
        }
        self.schema = LandmarkSchema::fld_of(kind);
        Ok(self)
    }

    /// The schema of the landmarks: FLD's eight, or those of the chosen clothes type.
    pub fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    /// The split's samples, each with an entry for each landmark of the schema, in the order of
    /// `list_landmarks.txt` or of the split's own file.
    pub fn samples(&self) -> &[LandmarkSample] {
        &self.samples
    }

    /// The path of the sample's image: below `Img/` if it exists there and not directly below the
    /// root.
    pub fn image_path(&self, sample: &LandmarkSample) -> PathBuf {
        self.path_of(&sample.image)
    }

    /// Sets how the images' EXIF orientation is treated.
    #[must_use]
    pub fn with_orientation(mut self, orientation: Orientation) -> Self {
        self.orientation = orientation;
        self
    }

    fn file_of(&self, image: &str) -> ImageFile {
        ImageFile { orientation: self.orientation, ..ImageFile::new(self.path_of(image)) }
    }

    fn path_of(&self, image: &str) -> PathBuf {
        let direct = self.root.join(image);
        if direct.exists() {
            return direct;
        }
        let nested = self.root.join("Img").join(image);
        if nested.exists() { nested } else { direct }
    }

    /// The dataset's root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The format of the dataset.
    pub fn format(&self) -> FldFormat {
        self.format
    }

    /// The opened split.
    pub fn split(&self) -> Split {
        self.split
    }
}

impl LandmarkDataset for FldDataset {
    fn schema(&self) -> &LandmarkSchema {
        FldDataset::schema(self)
    }

    fn len(&self) -> usize {
        self.samples().len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.samples()[index].clone()
    }

    fn image_file(&self, image: &str) -> Option<ImageFile> {
        Some(self.file_of(image))
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        self.file_of(image).read()
    }
}
