//! The seams of padded jackets.
use super::layer::Layer;
use crate::{
    drawing::piece::{Part, Piece},
    geometry::{
        point::{Pt, pt},
        polygon::bounds,
    },
};

/// Pads a garment's parts, with a seam every `step` centimeters.
pub(crate) fn quilt(pieces: &mut [Piece], layer: &Layer, step: f32) {
    let own = |p: &&mut Piece| p.part != Part::Trim && p.owner == layer.owner;
    for piece in pieces.iter_mut().filter(own) {
        let (low, high) = bounds(&piece.outline);
        let reach = (high - low).length();
        // Seams run across the trunk, and around sleeves.
        let along = if piece.part == Part::Trunk { pt(0.0, 1.0) } else { piece.grain.unit() };
        let (across, origin) = (along.perp() * reach, piece.origin);
        let count = (reach / step) as i32;
        for i in -count..=count {
            let at = origin + along * (i as f32 * step);
            let line = |off: f32| -> Vec<Pt> {
                [-1.0, 0.0, 1.0].map(|t| at + across * t + along * off).to_vec()
            };
            piece.shade(line(0.0), 0.7, -0.5);
            piece.shade(line(-step * 0.2), step * 0.35, -0.16);
            piece.shade(line(step * 0.3), step * 0.35, 0.2 * layer.gleam());
        }
    }
}
