//! Landmarks before and after projection into the image.
use super::piece::{Owner, Part, Piece};
use crate::geometry::{lens::Lens, point::Pt, polygon::contains};

/// A landmark with what is needed to determine its visibility.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor {
    /// FLD's slot, 0 to 7, or the landmark's number in its DeepFashion2 category.
    pub slot: usize,
    /// The garment that it belongs to.
    pub owner: Owner,
    pub at: Pt,
    /// The order of the last piece that it is part of; only later pieces can hide it.
    pub order: f32,
    /// The part that it lies on.
    pub part: Part,
    /// Whether parts of its garment meet there, so that none of them hides it.
    pub joint: bool,
}

impl Anchor {
    /// The anchor in the image.
    pub fn placed(&self, lens: &Lens) -> Self {
        Self { at: lens.apply(self.at), ..*self }
    }

    /// Whether a piece covers it at position `at`. A garment hides its own landmarks only with
    /// another of its parts, such as a sleeve in front of the hem, or the trunk in front of a
    /// sleeve.
    pub fn is_hidden_by(&self, piece: &Piece, at: Pt) -> bool {
        if piece.order <= self.order || !contains(&piece.outline, at) {
            return false;
        }
        let other_part = piece.part != self.part && piece.part != Part::Trim;
        piece.owner != self.owner || (other_part && !self.joint)
    }
}
