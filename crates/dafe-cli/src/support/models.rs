//! The models of commands: files of this crate and of MMPose, and the bundled model.
use std::path::Path;

use dafe::{Error, landmark::DeepFashion2Category, prelude::*};

/// Where a model comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A file or folder that `dafe train` wrote, or an MMPose file.
    File(&'a Path),
    /// The bundled model.
    Bundled,
}

impl Source<'_> {
    /// The name in results and messages.
    pub fn shown(self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Bundled => concat!("bundled with dafe ", env!("CARGO_PKG_VERSION")).into(),
        }
    }

    /// Whether it is treated as an MMPose file: its name is not one of this crate's models.
    pub fn is_mmpose(self) -> bool {
        let Self::File(path) = self else { return false };
        path.is_file() && path.extension().is_none_or(|ending| ending != "safetensors")
    }

    /// Loads the model; an MMPose file for DeepFashion2 needs a category.
    pub fn detector(
        self,
        category: Option<DeepFashion2Category>,
        device: &Device,
    ) -> Result<LandmarkDetector, Error> {
        match self {
            Self::File(path) if self.is_mmpose() => {
                LandmarkDetector::load_mmpose(path, category, device)
            }
            Self::File(path) => LandmarkDetector::load(path, device),
            Self::Bundled => Ok(LandmarkDetector::bundled(device)),
        }
    }
}
