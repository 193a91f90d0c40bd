//! YOLO-pose: landmarks in the form that Ultralytics trains on, read and written.
//!
//! ```text
//! data.yaml                           (also dataset.yaml, or any other name with .yaml or .yml)
//! images/train/…/0001.jpg             (any folders that data.yaml names)
//! labels/train/…/0001.txt             (beside images/; or beside the image)
//! ```
//!
//! | key of `data.yaml` | what is read of it |
//! |---|---|
//! | `path` | the dataset's folder, absolute or relative to the file. Where it isn't there, as on another machine, the file's own folder |
//! | `train`, `val` (`valid`, `validation`), `test` | a folder of images with all below it, a text file that lists images, or a list of these; `../` in front is passed over where only that finds it, as with Roboflow's files |
//! | `kpt_shape` | how many landmarks, and 2 or 3 numbers for each |
//! | `names`, `nc` | the classes, which become the schema's categories: a list, or a map from 0, 1, …; `nc` alone names them class_0, class_1, … |
//! | `flip_idx` | for each landmark the one that it becomes in a mirrored image. Without it, names pair: left with right, l with r |
//! | `kpt_names` | the landmarks' names: a list, or one for each class, which should be the same. Without it, they are "1" to "n" |
//! | `skeleton` | pairs of landmarks, counted from 1 if one is the last number, else from 0. Not Ultralytics' own |
//!
//! All other keys are passed over. A line of a label file is
//!
//! ```text
//! class cx cy width height  x y v  x y v  …
//! ```
//!
//! with one annotation: the class counted from 0, the box by its center, and the landmarks, all of
//! them as fractions of the image's width and height **as it is shown**, turned by its EXIF
//! orientation. So the headers of labeled images are read. A fraction `x` of a width `W` becomes
//! `x·W`, without a half pixel added or taken: Ultralytics makes these files from COCO's by
//! dividing, and COCO's coordinates are taken as written, too.
//!
//! | landmark | read as |
//! |---|---|
//! | `v` = 2 | visible |
//! | `v` = 1 | occluded; visible where a split has no 2 at all: then 1 says "labelled" |
//! | `v` = 0 | not labelled ([`Visibility::Truncated`]), wherever it is |
//! | `v` between 0 and 1 | visible: a network's confidence |
//! | without `v` | visible, unless it is at 0, 0 or at a negative place: then not labelled |
//! | at 0, 0 or NaN, with `v` other than 0 | not labelled |
//!
//! What is unusual about a file is a [finding](ReadEvent::Finding), so the second row's exception
//! and the last four. A box of no size is made from the landmarks. Images without a label file, or
//! with an empty one, have no samples and are listed by [`LandmarkDataset::images`] all the same.
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

/// One split of a dataset in Ultralytics' form: a sample for each line of its label files.
///
/// The form has no numbers of images: [`LandmarkDataset::image_id`] is an image's place in the
/// order of their names, from 1.
///
/// ```
/// use dafe::data::{LandmarkDataset, Split, YoloDataset};
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// # for below in ["images/train", "labels/train"] {
/// #     std::fs::create_dir_all(root.join(below))?;
/// # }
/// # std::fs::write(root.join("data.yaml"), "train: images/train\nval: images/val\n\
/// #     kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\nnames: {0: cat}\n\
/// #     kpt_names: {0: [nose, left ear, right ear]}\n")?;
/// # let pixels = dafe::image::RgbImage::new(200, 100);
/// # dafe::data::image::write_png(root.join("images/train/tom.png"), &pixels)?;
/// # std::fs::write(root.join("labels/train/tom.txt"),
/// #     "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.45 0.3 1 0 0 0\n")?;
/// let cats = YoloDataset::open(root, Split::Train)?;
/// assert_eq!(cats.schema().names(), ["nose", "left ear", "right ear"]);
/// assert_eq!(cats.schema().mirror(), [0, 2, 1]);
/// let tom = cats.sample(0);
/// assert_eq!(tom.image, "images/train/tom.png");
/// assert_eq!([tom.landmarks[0].x, tom.landmarks[0].y], [100.0, 40.0], "of 200 × 100 pixels");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct YoloDataset {
    split: Split,
    labels: LabeledImages,
}

impl YoloDataset {
    /// Reads the annotations of `split`; `path` is the YAML file, or the folder that has it.
    ///
    /// # Errors
    /// As [`Self::open_with`], the first problem among them.
    pub fn open(path: impl AsRef<Path>, split: Split) -> Result<Self, Error> {
        Self::open_with(path, split, &ReadOptions::default(), &mut strictly)
    }

    /// Reads the annotations of `split` and tells `on_event` of each image that is done, each
    /// problem and each finding, in the images' order. A handler that returns `Ok` for a problem
    /// has the line at fault left out, or the image.
    ///
    /// Problems are an [annotation error](crate::ErrorKind::Annotation) with file and line for what
    /// is no line of this form, an [image](crate::ErrorKind::Image) or [I/O
    /// error](crate::ErrorKind::Io) for labeled images whose header can't be read, and a [dataset
    /// error](crate::ErrorKind::Dataset) for a list's image that is not there or outside of the
    /// dataset's folder.
    ///
    /// # Errors
    /// The handler's; an [annotation error](crate::ErrorKind::Annotation) with the line for what is
    /// no YAML or not of this form; a [dataset error](crate::ErrorKind::Dataset) for values in it
    /// that can't be, for a split that it doesn't name or that is not there, and if there are
    /// no images or no labels; a [configuration error](crate::ErrorKind::Config) if the given
    /// schema can't work; an [I/O error](crate::ErrorKind::Io) if a folder or file cannot be
    /// read.
    pub fn open_with(
        path: impl AsRef<Path>,
        split: Split,
        options: &ReadOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        reader::read(path.as_ref(), split, options, on_event)
    }

    /// The splits that the YAML file names and that are there.
    ///
    /// # Errors
    /// As [`Self::open_with`], where the YAML file can't be read.
    pub fn splits(path: impl AsRef<Path>) -> Result<Vec<Split>, Error> {
        let config = config::Config::open(path.as_ref())?;
        let is_there = |split: &Split| images::is_there(&config, *split);
        Ok(Split::ALL.iter().copied().filter(is_there).collect())
    }

    /// Only the samples of which at least one landmark is labelled: nothing can be learned from the
    /// others.
    #[must_use]
    pub fn labelled_only(mut self) -> Self {
        self.labels.items = self.labels.items.labelled_only();
        self
    }

    /// The folder that the images' names are relative to: the dataset's, or the one that has both
    /// it and the images.
    pub fn root(&self) -> &Path {
        &self.labels.root
    }

    /// The split that it was opened for.
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
