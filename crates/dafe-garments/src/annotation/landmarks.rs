//! Where landmarks are in the image, and what is to be seen of them.
use dafe::landmark::{Landmark, Visibility};

use crate::{
    drawing::{anchor::Anchor, placed::Placed},
    geometry::point::Pt,
};

/// `count` landmarks from their anchors in the image: where each is, and what is to be seen of it;
/// absent where no anchor stands for it.
pub(crate) fn landmarks(
    anchors: impl IntoIterator<Item = Anchor>,
    placed: &[Placed],
    size: (u32, u32),
    count: usize,
) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark::ABSENT; count];
    for anchor in anchors {
        let p = anchor.at;
        // Skia's pixels begin at whole numbers; the crate's are centerd on them.
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
