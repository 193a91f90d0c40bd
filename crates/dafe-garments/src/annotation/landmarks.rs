//! Positions and visibilities of landmarks in the image.
use dafe::landmark::{Landmark, Visibility};

use crate::{
    drawing::{anchor::Anchor, placed::Placed},
    geometry::point::Pt,
};

/// Converts anchors in the image to `count` landmarks with position and visibility; landmarks
/// without an anchor are absent.
pub(crate) fn landmarks(
    anchors: impl IntoIterator<Item = Anchor>,
    placed: &[Placed],
    size: (u32, u32),
    count: usize,
) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark::ABSENT; count];
    for anchor in anchors {
        let p = anchor.at;
        // In skia, whole numbers are pixels' edges; in dafe, they are pixels' centers.
        let at = |visibility| Landmark::new(p.x - 0.5, p.y - 0.5, visibility);
        landmarks[anchor.slot] = if !on_pixel(p, size) {
            Landmark::new(0.0, 0.0, Visibility::Truncated)
        } else if placed.iter().any(|piece| anchor.is_hidden_by(&piece.piece, p)) {
            at(Visibility::Occluded)
        } else {
            at(Visibility::Visible)
        };
    }
    landmarks
}

/// Whether skia's position `p` falls on a pixel of the image.
pub(crate) fn on_pixel(p: Pt, size: (u32, u32)) -> bool {
    p.x >= 0.0 && p.y >= 0.0 && p.x < size.0 as f32 && p.y < size.1 as f32
}
