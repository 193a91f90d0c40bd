//! The decoders by name: the paper's DAFE modules, and the alternatives in their place.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{error::Error, named::by_name};

/// What brings the backbone's coarsest map to the heatmaps' size, in three stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decoder {
    /// DAFE modules: spatial attentive upsampling, then channel-wise attentive selection. The paper's, the default.
    #[default]
    Dafe,
    /// DAFE modules without their channel-wise attentive selection.
    DafeWithoutSelection,
    /// Transposed convolutions alone (SimpleBaseline): of the backbone, only the coarsest map is used. Has batch
    /// normalisation whether or not the configuration asks for `norm`.
    TransposedConvolution,
    /// Top-down addition (FPN), which has no normalisation; the last stage's sum is smoothed by a 3×3 convolution.
    FeaturePyramid,
    /// The upsampling of DAFE without its attention, then a global context block (GCNet).
    GlobalContext,
    /// The upsampling of DAFE without its attention, then, in the two coarser stages, a non-local block. At the last
    /// stage's size it would need a weight for each of 41 million pairs of positions (320×320 pictures).
    NonLocal,
}

impl Decoder {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Dafe,
        Self::DafeWithoutSelection,
        Self::TransposedConvolution,
        Self::FeaturePyramid,
        Self::GlobalContext,
        Self::NonLocal,
    ];

    /// Stages with a non-local block, counted from the coarsest.
    pub(super) const NON_LOCAL_STAGES: usize = 2;

    /// Its name in files and on command lines: "dafe", "transposed-convolution", …
    pub fn name(self) -> &'static str {
        match self {
            Self::Dafe => "dafe",
            Self::DafeWithoutSelection => "dafe-without-selection",
            Self::TransposedConvolution => "transposed-convolution",
            Self::FeaturePyramid => "feature-pyramid",
            Self::GlobalContext => "global-context",
            Self::NonLocal => "non-local",
        }
    }
}

impl fmt::Display for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Decoder {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name("decoder", Self::ALL, |decoder| decoder.name(), name)
    }
}
