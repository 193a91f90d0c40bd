//! Polygons and tones as types of the rasterizer.
use tiny_skia::{Path, PathBuilder};

use crate::geometry::point::Pt;

/// The closed path of a polygon.
pub(crate) fn path(points: &[Pt]) -> Option<Path> {
    let mut builder = PathBuilder::with_capacity(points.len() + 2, points.len() + 1);
    let (first, rest) = points.split_first()?;
    builder.move_to(first.x, first.y);
    for p in rest {
        builder.line_to(p.x, p.y);
    }
    builder.close();
    builder.finish()
}

/// The open path of a line.
pub(crate) fn open_path(points: &[Pt]) -> Option<Path> {
    let mut builder = PathBuilder::with_capacity(points.len() + 1, points.len());
    let (first, rest) = points.split_first()?;
    builder.move_to(first.x, first.y);
    for p in rest {
        builder.line_to(p.x, p.y);
    }
    builder.finish()
}

/// Black or white with an opacity, from a tone.
pub(crate) fn tone(tone: f32) -> tiny_skia::Color {
    let value = if tone < 0.0 { 0.0 } else { 1.0 };
    tiny_skia::Color::from_rgba(value, value, value, tone.abs().min(1.0))
        .unwrap_or(tiny_skia::Color::TRANSPARENT)
}
