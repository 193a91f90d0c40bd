//! What a run's weights are before it.
use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    str::FromStr,
};

use dafe::prelude::*;

use crate::support::Outcome;

/// Initial weights, but for files that are no models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Init {
    /// Sampled by the seed
    Random,
    /// Those of the model in the program
    Bundled,
    /// Those of a model that a run wrote: its file, or the run's folder
    Model(PathBuf),
}

impl FromStr for Init {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "random" => Self::Random,
            "bundled" => Self::Bundled,
            path => Self::Model(path.into()),
        })
    }
}

impl Init {
    /// The model's path, if it is in a file.
    pub fn model(&self) -> Option<&Path> {
        match self {
            Self::Model(path) => Some(path),
            Self::Random | Self::Bundled => None,
        }
    }

    /// As it is written on the command line, if it brings its own network.
    pub fn with_network(&self) -> Option<String> {
        match self {
            Self::Random => None,
            Self::Bundled => Some("bundled".into()),
            Self::Model(path) => Some(path.display().to_string()),
        }
    }

    /// Whether the model is there, before the long work.
    pub fn check(&self) -> Outcome<()> {
        let Some(path) = self.model() else { return Ok(()) };
        let shown = path.display();
        if !path.exists() {
            return Err(format!(
                "there is no {shown}: --init takes random, bundled, a run's folder or a model's \
                 file"
            )
            .into());
        }
        if path.is_dir() && !path.join(LandmarkDetector::FILE).is_file() {
            return Err(format!(
                "{shown} has no {}: it is no run's folder, or none of the run's epochs is done",
                LandmarkDetector::FILE
            )
            .into());
        }
        Ok(())
    }
}
