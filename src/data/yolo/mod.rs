//! YOLO-pose: landmarks in the format of Ultralytics, read and written.
//!
//! ```
//! use dafe::data::{LandmarkDataset, Split, YoloDataset};
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # for below in ["images/train", "labels/train"] {
//! #     std::fs::create_dir_all(root.join(below))?;
//! # }
//! # std::fs::write(root.join("data.yaml"), "train: images/train\nval: images/val\n\
//! #     kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\nnames: {0: cat}\n\
//! #     kpt_names: {0: [nose, left ear, right ear]}\n")?;
//! # let pixels = dafe::image::RgbImage::new(200, 100);
//! # dafe::data::image::write_png(root.join("images/train/tom.png"), &pixels)?;
//! # std::fs::write(root.join("labels/train/tom.txt"),
//! #     "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.45 0.3 1 0 0 0\n")?;
//! let cats = YoloDataset::open(root, Split::Train)?;
//! assert_eq!(cats.schema().names(), ["nose", "left ear", "right ear"]);
//! assert_eq!(cats.schema().mirror(), [0, 2, 1]);
//! let tom = cats.sample(0);
//! assert_eq!(tom.image, "images/train/tom.png");
//! assert_eq!([tom.landmarks[0].x, tom.landmarks[0].y], [100.0, 40.0], "of 200 × 100 pixels");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! data.yaml                           (also dataset.yaml, or any other name with .yaml or .yml)
//! images/train/…/0001.jpg             (any folders that data.yaml names)
//! labels/train/…/0001.txt             (beside images/; or beside the image)
//! ```
//!
//! | key of `data.yaml` | meaning |
//! |---|---|
//! | `path` | the dataset's folder, absolute or relative to the file. If it does not exist, as on another machine, the file's own folder is used |
//! | `train`, `val` (`valid`, `validation`), `test` | a folder of images including subfolders, a text file that lists images, or a list of these; leading `../` are dropped if only that finds the folder, as in Roboflow's files |
//! | `kpt_shape` | the number of landmarks, and 2 or 3 numbers for each |
//! | `names`, `nc` | the classes, which become the schema's categories: a list, or a map from 0, 1, …; with `nc` only, they are named class_0, class_1, … |
//! | `flip_idx` | the mirror partner of each landmark. Without it, mirror pairs are derived from the names: left and right, l and r |
//! | `kpt_names` | the landmarks' names: a list, or one for each class, which should be the same. Without it, they are "1" to "n" |
//! | `skeleton` | pairs of landmarks, counted from 1 if one is the last number, otherwise from 0. Not part of Ultralytics' format |
//!
//! All other keys are ignored. A line of a label file is
//!
//! ```text
//! class cx cy width height  x y v  x y v  …
//! ```
//!
//! with one annotation: the class counted from 0, the box by its center, and the landmarks. All are
//! fractions of the width and height of the **upright** image, rotated by its EXIF orientation, so
//! the headers of labeled images are read. A fraction `x` of a width `W` becomes `x·W`, without a
//! half-pixel offset: Ultralytics creates these files from COCO's by division, and COCO's
//! coordinates are used as written.
//!
//! | landmark | read as |
//! |---|---|
//! | `v` = 2 | visible |
//! | `v` = 1 | occluded; visible if a split contains no 2 at all, because 1 then means "labeled" |
//! | `v` = 0 | not labeled ([`Visibility::Truncated`]), regardless of its position |
//! | `v` between 0 and 1 | visible: a network's confidence |
//! | without `v` | visible, unless it is at 0, 0 or has a negative coordinate: then not labeled |
//! | at 0, 0 or NaN, with `v` other than 0 | not labeled |
//!
//! Unusual data is reported as a [finding](ReadEvent::Finding), including the exception in the
//! second row and the last four rows. A box without size is derived from the landmarks. Images
//! without a label file, or with an empty one, have no samples but are listed by
//! [`LandmarkDataset::images`].
use std::path::{Path, PathBuf};

pub use self::writer::{YoloImage, write_yolo};
use super::{
    LandmarkDataset, ReadEvent, ReadOptions, Split,
    dataset::{images_of, samples_of},
    event::strictly,
    labeled_images::LabeledImages,
};
#[cfg(doc)]
use crate::landmark::Visibility;
use crate::{Error, landmark::LandmarkSchema};

mod config;
mod images;
mod labels;
mod line;
mod lists;
mod reader;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

/// One split of a dataset in Ultralytics' format, with one sample per line of its label files.
///
/// The format does not number images: [`LandmarkDataset::image_id`] is an image's position in the
/// order of names, from 1.
///
/// ```
/// use dafe::{
///     data::{Split, YoloDataset},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// # std::fs::create_dir_all(root.join("images/train"))?;
/// # std::fs::write(root.join("data.yaml"),
/// #     "train: images/train\nval: images/val\nkpt_shape: [1, 3]\nnames: [kite]\n")?;
/// # for name in ["empty", "kite"] {
/// #     let path = root.join(format!("images/train/{name}.png"));
/// #     dafe::data::image::write_png(path, &image::RgbImage::new(200, 100))?;
/// # }
/// # std::fs::create_dir_all(root.join("labels/train"))?;
/// # std::fs::write(root.join("labels/train/kite.txt"), "0 0.5 0.5 0.4 0.6 0.5 0.4 2\n")?;
/// assert_eq!(YoloDataset::splits(root)?, [Split::Train]);
/// let train = YoloDataset::open(root, Split::Train)?;
/// // A kite in one of two images.
/// assert_eq!((train.len(), train.images().len()), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct YoloDataset {
    split: Split,
    labels: LabeledImages,
}

impl YoloDataset {
    /// Reads the annotations of `split`; `path` is the YAML file or its folder.
    ///
    /// # Errors
    /// The first problem or error of [`Self::open_with`].
    pub fn open(path: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(path, split, &ReadOptions::default(), &mut strictly)
    }

    /// Reads the annotations of `split` and reports finished images, problems and findings to
    /// `on_event`, in the images' order.
    ///
    /// If the handler returns `Ok` for a problem, the affected line or image is left out. Problems
    /// are an [annotation error](crate::ErrorKind::Annotation) with file and line for invalid
    /// lines, an [image](crate::ErrorKind::Image) or [I/O error](crate::ErrorKind::Io) for labeled
    /// images whose header can't be read, and a [dataset error](crate::ErrorKind::Dataset) for
    /// listed images that do not exist or are outside the dataset's folder.
    ///
    /// # Errors
    /// The handler's error; an [annotation error](crate::ErrorKind::Annotation) with the line if
    /// the file is not YAML of this form; a [dataset error](crate::ErrorKind::Dataset) for invalid
    /// values in it, for a split that it does not name or that does not exist, and if there are no
    /// images or no labels; a [configuration error](crate::ErrorKind::Config) if the given schema
    /// does not fit; an [I/O error](crate::ErrorKind::Io) if a folder or file cannot be read.
    pub fn open_with(
        path: impl AsRef<Path>,
        split: Split,
        options: &ReadOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        reader::read(path.as_ref(), split, options, on_event)
    }

    /// The splits that the YAML file names and that exist.
    ///
    /// # Errors
    /// As [`Self::open_with`], if the YAML file can't be read.
    pub fn splits(path: impl AsRef<Path>) -> Result<Vec<Split>, Error> {
        let config = config::Config::open(path.as_ref())?;
        let is_there = |split: &Split| images::is_there(&config, *split);
        Ok(Split::ALL.iter().copied().filter(is_there).collect())
    }

    /// Keeps only samples with at least one labeled landmark; nothing can be learned from the
    /// others.
    #[must_use]
    pub fn labeled_only(mut self) -> Self {
        self.labels.items = self.labels.items.labeled_only();
        self
    }

    /// The folder that image names are relative to: the dataset's folder, or a folder that contains
    /// both it and the images.
    pub fn root(&self) -> &Path {
        &self.labels.root
    }

    /// The opened split.
    pub fn split(&self) -> Split {
        self.split
    }

    /// The file of sample `index`'s image.
    ///
    /// # Panics
    /// If `index` is not below the dataset's length.
    pub fn image_path(&self, index: usize) -> PathBuf {
        self.labels.image_path(index)
    }
}

impl LandmarkDataset for YoloDataset {
    fn schema(&self) -> &LandmarkSchema {
        self.labels.schema()
    }

    samples_of!(labels);
    images_of!(labels);
}
