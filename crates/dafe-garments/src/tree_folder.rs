//! The folder of a tree of drawn pictures: begun, completed after an interruption, finished, and never mixed with others.
use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{atomic::write_atomically, error::Error};

/// The file that says a tree is finished, and of which config.
pub(super) const FINISHED: &str = "garments.json";
const BEGUN: &str = "garments.json.begun";

/// More pictures than anybody draws: their list alone would fill the memory.
const MOST_PICTURES: usize = 10_000_000;

/// Whether a tree can have so many pictures.
///
/// # Errors
/// [`Error::Config`] for none or too many.
pub(super) fn check_count(counts: [usize; 3]) -> Result<(), Error> {
    match counts.into_iter().fold(0, usize::saturating_add) {
        0 => Err(Error::Config("a tree of drawn garments needs at least one picture".into())),
        1..=MOST_PICTURES => Ok(()),
        count => Err(Error::Config(format!(
            "a tree of drawn garments has at most {MOST_PICTURES} pictures, not {count}"
        ))),
    }
}

/// A tree that is being written.
pub(super) struct TreeFolder {
    begun: PathBuf,
    finished: PathBuf,
}

impl TreeFolder {
    /// Begins the tree that `config` describes below `root`, or goes on with it: `None` if it is finished. `files` are those
    /// that it will have, relative to the root.
    ///
    /// # Errors
    /// A tree of another config, or another dataset, is there already, or the folder cannot be written.
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
                // Files that this module did not begin would be overwritten.
                if let Some(file) = files.find(|file| root.join(file).exists()) {
                    let message = "belongs to another dataset; choose another folder".into();
                    return Err(Error::Dataset { path: root.join(file), message });
                }
            }
        }
        fs::create_dir_all(root).map_err(Error::io("create", root))?;
        write_atomically(&folder.begun, |file| file.write_all(config.as_bytes()))?;
        Ok(Some(folder))
    }

    /// Says that all files are there.
    pub fn finish(self) -> Result<(), Error> {
        fs::rename(&self.begun, &self.finished).map_err(Error::io("write", &self.finished))
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn refuse_other(path: &Path, found: &str, wanted: &str) -> Result<(), Error> {
    if found == wanted {
        return Ok(());
    }
    let message = format!(
        "holds drawn garments of {}, not of {}; choose another folder",
        found.trim(),
        wanted.trim()
    );
    Err(Error::Dataset { path: path.to_path_buf(), message })
}
