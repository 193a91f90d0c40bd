//! Styles of images: the garments, cloth and places they may show.
use serde::{Deserialize, Serialize};

/// The style of an image: the garments, cloth and places it may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// The generator's usual garments, for training and for testing on similar images.
    #[default]
    Usual,
    /// Cloth, backgrounds and cuts that no [usual](Self::Usual) image shows. They test how a
    /// network trained on usual images generalizes.
    Unlike,
}

impl Style {
    /// The name: "usual" or "unlike".
    pub fn name(self) -> &'static str {
        ["usual", "unlike"][self as usize]
    }
}
