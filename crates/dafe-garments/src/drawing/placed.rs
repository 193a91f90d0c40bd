//! Pieces in the image.
use tiny_skia::Transform;

use super::piece::Piece;
use crate::geometry::{lens::Lens, point::pt};

/// A piece in pixels, with the transform from its cloth to the image.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub piece: Piece,
    /// Pixels per centimeter.
    pub scale: f32,
    /// From centimeters of cloth to pixels.
    pub weave: Transform,
}

impl Placed {
    /// Maps a piece into the image.
    pub fn new(mut piece: Piece, lens: &Lens) -> Self {
        let scale = lens.scale_at(piece.origin);
        let across = pt(piece.grain.y, -piece.grain.x);
        let origin = lens.apply(piece.origin);
        let x = lens.apply(piece.origin + across) - origin;
        let y = lens.apply(piece.origin + piece.grain) - origin;
        let weave = Transform::from_row(x.x, x.y, y.x, y.y, origin.x, origin.y);
        piece.each_line(|line| line.iter_mut().for_each(|p| *p = lens.apply(*p)));
        Self { piece, scale, weave }
    }
}
