//! The files of a dataset: lists of all images, or files per split.
use std::path::{Path, PathBuf};

use super::{
    fine::FineFiles,
    format::{ANNOTATION_FOLDERS, FINE_FOLDER, LANDMARKS},
    tables::{Files, Listing},
};
use crate::{
    Error, ErrorKind,
    data::{Finding, FindingKind, ReadEvent, Split},
};

/// The files that a dataset is read from.
pub(super) enum Source {
    /// The lists, which take precedence, and a file that is ignored because of them.
    Lists(Files, Option<PathBuf>),
    Fine(FineFiles),
}

impl Source {
    pub(super) fn find(root: &Path) -> Result<Self, Error> {
        let wrong = |message| Error::new(ErrorKind::Dataset, message).with_path(root);
        if !root.is_dir() {
            return Err(wrong("there is no such folder".into()));
        }
        let has_lists =
            ANNOTATION_FOLDERS.iter().any(|folder| root.join(folder).join(LANDMARKS).is_file());
        if has_lists {
            return Ok(Self::Lists(Files::find(root)?, FineFiles::first(root)));
        }
        match FineFiles::find(root)? {
            Some(files) => Ok(Self::Fine(files)),
            None => {
                let lists = Files::find(root).map(|files| Self::Lists(files, None));
                let splits = Split::ALL.iter().map(|split| format!("{FINE_FOLDER}/{split}.txt"));
                let splits = splits.collect::<Vec<_>>().join(", ");
                lists.map_err(|error| wrong(format!("{} and {splits}", error.message())))
            }
        }
    }

    /// The samples of each split, in the order of the files. Progress in bytes and problems are
    /// reported to `on_event`; if reading continues, samples with problems are left out.
    pub(super) fn read(
        &self,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Listing, Error> {
        match self {
            Self::Lists(files, passed_over) => {
                if let Some(path) = passed_over {
                    let read = files.landmarks.display();
                    let message = format!(
                        "passed over, as are the files beside it: {read} is read; to read these, \
                         open a folder that has no {LANDMARKS}"
                    );
                    let finding = Finding::new(FindingKind::PassedOver, message);
                    on_event(ReadEvent::Finding(finding.at(|place| place.with_path(path))))?;
                }
                files.read(on_event)
            }
            Self::Fine(files) => files.read(on_event),
        }
    }

    /// The file that lists the images of the split.
    pub(super) fn split_file(&self, split: Split) -> PathBuf {
        match self {
            Self::Lists(files, _) => files.partition.clone(),
            Self::Fine(files) => files.folder.join(format!("{split}.txt")),
        }
    }
}
