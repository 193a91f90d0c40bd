//! Pieces of occluders.
use crate::{
    color::Color,
    drawing::{
        piece::{Fill, Owner, Piece},
        placed::Placed,
    },
    geometry::point::Pt,
};

/// The order from which on pieces are occluders.
const ORDER: f32 = 80.0;

/// A piece without details; `scale` is in pixels per centimeter.
pub(crate) fn placed(outline: Vec<Pt>, fill: Fill, scale: f32) -> Placed {
    let piece = Piece::new(ORDER, Owner::Occluder, outline, fill).raised(0.4, 0.5);
    Placed { piece, scale, weave: tiny_skia::Transform::from_scale(scale, scale) }
}

/// A line as a piece of its own, so that occlusion can be tested.
pub(crate) fn band(line: &[Pt], width: f32, color: Color, scale: f32) -> Placed {
    let side = |i: usize| {
        let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
        (b - a).unit().perp() * (width / 2.0)
    };
    let mut outline: Vec<Pt> = (0..line.len()).map(|i| line[i] + side(i)).collect();
    outline.extend((0..line.len()).rev().map(|i| line[i] - side(i)));
    placed(outline, Fill::Plain(color), scale)
}
