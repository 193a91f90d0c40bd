//! The models that commands take: the program's own and MMPose's, from files, and the bundled one.
use std::path::Path;

use dafe::{Error, landmark::DeepFashion2Category, prelude::*};

/// Where a model comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A file or folder that `dafe train` wrote, or a file of MMPose's.
    File(&'a Path),
    /// The program itself.
    Bundled,
}

impl Source<'_> {
    /// What it is called in results and messages.
    pub fn shown(self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Bundled => concat!("bundled with dafe ", env!("CARGO_PKG_VERSION")).into(),
        }
    }

    /// Whether it is taken for a file of MMPose's: one that is not called as our own are.
    pub fn is_mmpose(self) -> bool {
        let Self::File(path) = self else { return false };
        path.is_file() && path.extension().is_none_or(|ending| ending != "safetensors")
    }

    /// The model; of MMPose's for DeepFashion2, that of a category.
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
