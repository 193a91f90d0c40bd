//! One garment about to be sewn: whose it is, of what, and how far in front.
use super::panels::Panels;
use crate::{color::Color, drawing::piece::Owner};

/// One garment about to be sewn: whose it is, of what, and how far in front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer {
    pub owner: Owner,
    /// The scene's numbers of the main cloth and the second one, with the colors that they mostly
    /// show.
    pub cloth: [usize; 2],
    pub color: [Color; 2],
    /// Which of its parts are of what.
    pub panels: Panels,
    /// The order of its trunk.
    pub order: f32,
    /// Added to the ease of everything, for what is worn over something else.
    pub over: f32,
    /// Whether a jacket goes over it, sleeves and all.
    pub covered: bool,
    /// Where light comes from: −1 the image's left, 1 its right.
    pub light: f32,
    /// Whether somebody wears it.
    pub worn: bool,
}

impl Layer {
    /// How much light its folds catch: dark cloth looks chalky soon.
    pub fn gleam(&self) -> f32 {
        0.35 + 0.65 * (self.color[0].luma() / 110.0).min(1.0)
    }

    /// Dark lines and stitches on this garment.
    pub fn ink(&self) -> Color {
        let c = self.color[0];
        if c.luma() < 70.0 { c.lighter(0.28) } else { c.darker(0.5) }
    }
}
