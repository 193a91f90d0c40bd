//! A garment to sew: its owner, its cloth, and its depth.
use super::panels::Panels;
use crate::{color::Color, drawing::piece::Owner};

/// A garment to sew: its owner, its cloth, and its depth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer {
    pub owner: Owner,
    /// The scene's numbers of the main and the second cloth, and their main colors.
    pub cloth: [usize; 2],
    pub color: [Color; 2],
    /// The cloth of each part.
    pub panels: Panels,
    /// The order of its trunk.
    pub order: f32,
    /// Extra ease of all parts, for a garment worn over another.
    pub over: f32,
    /// Whether a jacket is worn over it, including the sleeves.
    pub covered: bool,
    /// The direction of light: −1 from the image's left, 1 from its right.
    pub light: f32,
    /// Whether it is worn.
    pub worn: bool,
}

impl Layer {
    /// The strength of highlights on folds: on dark cloth, strong ones look chalky.
    pub fn gleam(&self) -> f32 {
        0.35 + 0.65 * (self.color[0].luma() / 110.0).min(1.0)
    }

    /// The color of dark lines and stitches on this garment.
    pub fn ink(&self) -> Color {
        let c = self.color[0];
        if c.luma() < 70.0 { c.lighter(0.28) } else { c.darker(0.5) }
    }
}
