//! What garments, cloth and places an image may show.
use serde::{Deserialize, Serialize};

/// What garments, cloth and places an image may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// The generator's usual ones: to train on, and to test on what is like that.
    #[default]
    Usual,
    /// Others, none of which a [usual](Self::Usual) image shows: other cloth, other backgrounds,
    /// other cuts. A network that was trained on usual images shows here how it takes to what it
    /// doesn't know.
    Unlike,
}

impl Style {
    /// Its name: "usual" or "unlike".
    pub fn name(self) -> &'static str {
        ["usual", "unlike"][self as usize]
    }
}
