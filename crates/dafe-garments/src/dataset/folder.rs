//! The folder of a dataset of generated images: started, completed after an interruption, finished,
//! and never mixed with others.
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use dafe::{
    Error, ErrorKind,
    atomic::{create_folder, write_text},
};

/// The file that marks a dataset as finished and contains its configuration.
pub(crate) const FINISHED: &str = "garments.json";
const BEGUN: &str = "garments.json.begun";

/// The most images of a dataset: a list of many more would fill the memory.
const MOST_IMAGES: usize = 10_000_000;

/// Checks the numbers of images.
///
/// # Errors
/// A [configuration error](dafe::ErrorKind::Config) if there are none or too many.
pub(crate) fn check_count(counts: [usize; 3]) -> Result<(), Error> {
    match counts.into_iter().fold(0, usize::saturating_add) {
        0 => Err(Error::config("a dataset of generated garments needs at least one image")),
        1..=MOST_IMAGES => Ok(()),
        count => Err(Error::config(format!(
            "a dataset of generated garments has at most {MOST_IMAGES} images, not {count}"
        ))),
    }
}

/// A dataset that is being written.
pub(crate) struct DatasetFolder {
    begun: PathBuf,
    finished: PathBuf,
}

impl DatasetFolder {
    /// Starts the dataset with `config` below `root`, or resumes it. `None` if it is finished.
    /// `files` are the dataset's files, relative to the root.
    ///
    /// # Errors
    /// If another dataset or one with another configuration exists, or the folder cannot be
    /// written.
    pub fn begin(
        root: &Path,
        config: &str,
        mut files: impl Iterator<Item = String>,
    ) -> Result<Option<Self>, Error> {
        let folder = Self { begun: root.join(BEGUN), finished: root.join(FINISHED) };
        if let Some(found) = read_if_there(&folder.finished)? {
            refuse_other(&folder.finished, &found, config)?;
            return Ok(None);
        }
        match read_if_there(&folder.begun)? {
            Some(found) => refuse_other(&folder.begun, &found, config)?,
            None => {
                // Existing files that this module did not write would be overwritten.
                if let Some(file) = files.find(|file| root.join(file).exists()) {
                    let message = "belongs to another dataset; choose another folder";
                    return Err(Error::new(ErrorKind::Dataset, message).with_path(root.join(file)));
                }
            }
        }
        create_folder(root)?;
        write_text(&folder.begun, config)?;
        Ok(Some(folder))
    }

    /// Marks the dataset as finished.
    pub fn finish(self) -> Result<(), Error> {
        let path = self.finished;
        fs::rename(&self.begun, &path).map_err(Error::io("write", &path))
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::io("read", path)(source)),
    }
}

fn refuse_other(path: &Path, found: &str, wanted: &str) -> Result<(), Error> {
    if found == wanted {
        return Ok(());
    }
    let message = format!(
        "holds generated garments of {}, not of {}; choose another folder",
        found.trim(),
        wanted.trim()
    );
    Err(Error::new(ErrorKind::Dataset, message).with_path(path))
}
