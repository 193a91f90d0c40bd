//! `config.yaml`, as far as it concerns labels.
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    Error,
    data::yaml::{Lenient, read_yaml},
};

/// The keys that are read; all empty if the file does not exist.
#[derive(Default, Deserialize)]
pub(super) struct Config {
    pub(super) scorer: Option<String>,
    /// "MULTI!" in projects with several animals.
    bodyparts: Option<Lenient<Vec<String>>>,
    multianimalbodyparts: Option<Lenient<Vec<String>>>,
    uniquebodyparts: Option<Lenient<Vec<String>>>,
    pub(super) skeleton: Option<Vec<Vec<String>>>,
    /// The file's path.
    #[serde(skip)]
    pub(super) file: PathBuf,
}

impl Config {
    /// Reads the project's file, if it exists.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let file = root.join("config.yaml");
        match file.is_file() {
            true => Ok(Self { file: file.clone(), ..read_yaml(&file)? }),
            false => Ok(Self { file, ..Self::default() }),
        }
    }

    /// The names of an animal's landmarks, followed by those of the unique body parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        [&self.multianimalbodyparts, &self.bodyparts, &self.uniquebodyparts]
            .into_iter()
            .flat_map(list)
    }
}

fn list(names: &Option<Lenient<Vec<String>>>) -> &[String] {
    match names {
        Some(Lenient::As(names)) => names,
        _ => &[],
    }
}
