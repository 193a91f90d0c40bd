//! Refinements in files: as on command lines, "dark:11"; and as earlier versions wrote them.
use serde::{
    Deserialize, Serialize,
    de::{Deserializer, Error as _},
    ser::Serializer,
};

use super::Refinement;

impl Serialize for Refinement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Refinement {
    /// From a text as on command lines; or from a variant as Rust names it, its numbers in a map.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let refinement = match Saved::deserialize(deserializer)? {
            Saved::Text(text) => return text.parse().map_err(D::Error::custom),
            Saved::Plain(Plain::None) => Self::None,
            Saved::Plain(Plain::QuarterOffset) => Self::QuarterOffset,
            Saved::Plain(Plain::MmposeQuarterOffset) => Self::MmposeQuarterOffset,
            Saved::Numbers(Numbers::Dark { kernel }) => Self::Dark { kernel },
            Saved::Numbers(Numbers::MmposeDark { kernel }) => Self::MmposeDark { kernel },
            Saved::Numbers(Numbers::DarkUdp { kernel }) => Self::DarkUdp { kernel },
            Saved::Numbers(Numbers::SoftArgmax { temperature, window }) => {
                Self::SoftArgmax { temperature, window }
            }
        };
        refinement.validate().map_err(D::Error::custom)?;
        Ok(refinement)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a refinement, such as \"quarter-offset\" or \"dark:11\"")]
enum Saved {
    Plain(Plain),
    Numbers(Numbers),
    Text(String),
}

#[derive(Deserialize)]
enum Plain {
    None,
    QuarterOffset,
    MmposeQuarterOffset,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum Numbers {
    Dark {
        kernel: usize,
    },
    MmposeDark {
        kernel: usize,
    },
    DarkUdp {
        kernel: usize,
    },
    SoftArgmax {
        temperature: f64,
        /// `null` is the whole map; left out, it is the usual one, as in a text.
        #[serde(default = "usual_window")]
        window: Option<usize>,
    },
}

fn usual_window() -> Option<usize> {
    Some(Refinement::USUAL_WINDOW)
}
