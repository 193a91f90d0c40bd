//! The datasets of a command line, opened.
use std::{path::Path, sync::Arc};

use dafe::{
    Error, ErrorKind,
    data::{CocoDataset, DeepFashion2Dataset, ReadEvent},
    prelude::*,
};

use super::{DatasetArgs, Form};
use crate::support::{Progress, output};

/// A split that was opened: the one that was asked for, or the one that stands in for it.
#[derive(Clone)]
pub struct OpenSplit {
    /// Which of the two.
    pub split: Split,
    /// Its samples.
    pub dataset: Arc<dyn LandmarkDataset>,
}

/// What a training run takes.
pub struct Splits {
    /// Samples to train on.
    pub train: Arc<dyn LandmarkDataset>,
    /// Samples that the best epoch is chosen by.
    pub val: Arc<dyn LandmarkDataset>,
    /// Samples to evaluate on.
    pub test: OpenSplit,
}

/// How many problems are shown while there are more of them.
const SHOWN: usize = 10;

impl DatasetArgs {
    /// The split of the dataset below `root`, with progress. Where there is no labelled test split,
    /// as in DeepFashion2 as it is published, the validation split stands in.
    ///
    /// # Errors
    /// For a file that cannot be read, and for an annotation that cannot be used unless those are
    /// left out.
    pub fn open(&self, root: &Path, split: Split) -> Result<OpenSplit, Error> {
        let split = self.labelled(root, split);
        let dataset: Arc<dyn LandmarkDataset> = match self.form {
            Form::Fld | Form::DeepfashionC => {
                let [dataset] = self.open_fld(root, [split])?;
                dataset
            }
            Form::Deepfashion2 => Arc::new(self.read(&format!("reading {split}"), |on_event| {
                DeepFashion2Dataset::open_with(root, split, on_event)
            })?),
            Form::Coco => {
                let (path, images) =
                    (self.annotations_of(root, split), self.images_of(root, split));
                let dataset = self.read(&format!("reading {split}"), |on_event| {
                    CocoDataset::open_with(path, images, self.schema(), on_event)
                })?;
                // Nothing can be learned from a garment without labelled landmarks; average
                // precision has to ignore it.
                match split {
                    Split::Train => Arc::new(dataset.labelled_only()),
                    Split::Val | Split::Test => Arc::new(dataset),
                }
            }
        };
        Ok(OpenSplit { split, dataset })
    }

    /// All that a run needs, with no file read twice.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_all(&self, root: &Path) -> Result<Splits, Error> {
        if self.form.is_fld() {
            let [train, val, dataset] =
                self.open_fld(root, [Split::Train, Split::Val, Split::Test])?;
            return Ok(Splits { train, val, test: OpenSplit { split: Split::Test, dataset } });
        }
        let train = self.open(root, Split::Train)?.dataset;
        let val = self.open(root, Split::Val)?;
        let test = match self.labelled(root, Split::Test) {
            Split::Val => val.clone(),
            split => self.open(root, split)?,
        };
        Ok(Splits { train, val: val.dataset, test })
    }

    /// The split that stands in for `split`: mostly itself.
    fn labelled(&self, root: &Path, split: Split) -> Split {
        match split {
            Split::Test if !self.form.is_fld() && !self.annotations_of(root, split).exists() => {
                Split::Val
            }
            _ => split,
        }
    }

    /// Some splits of FLD's form, whose files are about all of them.
    fn open_fld<const N: usize>(
        &self,
        root: &Path,
        splits: [Split; N],
    ) -> Result<[Arc<dyn LandmarkDataset>; N], Error> {
        let mut opened =
            self.read("reading annotations", |on_event| FldDataset::open_all(root, on_event))?;
        let mut datasets = Vec::with_capacity(N);
        for split in splits {
            let at = opened.iter().position(|dataset| dataset.split() == split);
            let at = at.ok_or_else(|| {
                Error::new(ErrorKind::Dataset, format!("no image is in the split '{split}'"))
                    .with_path(root)
            })?;
            datasets.push(Arc::new(opened.swap_remove(at)) as Arc<dyn LandmarkDataset>);
        }
        Ok(datasets.try_into().unwrap_or_else(|_| unreachable!("one for each")))
    }

    /// What `open` reads, with progress. Problems end it, or are named, as was asked for.
    fn read<T>(
        &self,
        what: &str,
        open: impl FnOnce(&mut dyn FnMut(ReadEvent) -> Result<(), Error>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let progress = Progress::new(what, 1);
        let mut left_out = Vec::new();
        let opened = open(&mut |event| {
            match event {
                ReadEvent::Progress { done, total } => progress.update(done, total, ""),
                ReadEvent::Problem(problem) if self.skip_bad_annotations => left_out.push(problem),
                ReadEvent::Problem(problem) => return Err(problem),
                _ => (),
            }
            Ok(())
        })?;
        progress.done();
        for problem in left_out.iter().take(SHOWN) {
            output::tell(format_args!("left out: {problem:#}"));
        }
        if left_out.len() > SHOWN {
            let more = left_out.len() - SHOWN;
            output::tell(format_args!("left out: {more} more; dafe check shows all"));
        }
        Ok(opened)
    }
}
