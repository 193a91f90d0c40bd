//! What of a step is computed twice to save memory.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use crate::backbone::Backbone;
use crate::{error::Error, named::by_name};

/// What of a training step's forward pass is computed again in its backward pass instead of kept in memory. It costs time
/// and changes no result: gradients differ by the rounding of sums taken in another order at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recompute {
    /// Nothing. The default.
    #[default]
    None,
    /// The backbone's stages, of which only the input is kept, and that of every second block
    /// ([`Backbone::segments`]; backbones without them are kept whole).
    Stages,
}

impl Recompute {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::None, Self::Stages];

    /// Its name in files and on command lines: "none", "stages".
    pub fn name(self) -> &'static str {
        ["none", "stages"][self as usize]
    }
}

impl fmt::Display for Recompute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Recompute {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name("recompute", Self::ALL, |recompute| recompute.name(), name)
    }
}
