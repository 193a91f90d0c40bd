//! The splits of a dataset.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::annotation::shortened;
use crate::error::Error;

/// Which part of a dataset an image belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// Images to learn from.
    Train,
    /// Images to choose by.
    Val,
    /// Images to report on.
    Test,
}

impl Split {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Train, Self::Val, Self::Test];

    /// Its name, as in the files: "train", "val", "test".
    pub fn name(self) -> &'static str {
        ["train", "val", "test"][self as usize]
    }

    /// The split of that name, or a message that shows the name.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|split| split.name() == text)
            .ok_or_else(|| format!("split '{}' is not train, val or test", shortened(text)))
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(Error::Config)
    }
}
