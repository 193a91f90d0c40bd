//! The initial weights of a run.
use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    str::FromStr,
};

use dafe::prelude::*;

use crate::support::Outcome;

/// Initial weights from `--init`; `--pretrained` handles other files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Init {
    /// Random, by the seed
    Random,
    /// The bundled model
    Bundled,
    /// A model that a run wrote: its file, or the run's folder
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

    /// The value on the command line, if it comes with its own network.
    pub fn with_network(&self) -> Option<String> {
        match self {
            Self::Random => None,
            Self::Bundled => Some("bundled".into()),
            Self::Model(path) => Some(path.display().to_string()),
        }
    }

    /// Checks that the model exists, before the long work.
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
                "{shown} has no {}: it is not a run's folder, or no epoch is finished",
                LandmarkDetector::FILE
            )
            .into());
        }
        Ok(())
    }
}
