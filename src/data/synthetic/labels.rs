//! What is written down about a picture: the box, and the landmarks with what is to be seen of them.
use super::{
    dice::Dice,
    lens::Lens,
    paint::Placed,
    piece::{Anchor, Owner, Part, Piece},
    shape::{Pt, bounds, bounds_within, contains, pt},
};
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

/// Whether skia's position `p` falls on a pixel of the picture.
pub(super) fn on_pixel(p: Pt, size: (u32, u32)) -> bool {
    p.x >= 0.0 && p.y >= 0.0 && p.x < size.0 as f32 && p.y < size.1 as f32
}

/// A box as FLD's: what is seen of the garment, up to an eighth larger on each side, in whole pixels from 1.
pub(super) fn loose_box(dice: &mut Dice, placed: &[Placed], size: (u32, u32)) -> BoundingBox {
    let (w, h) = (size.0 as f32, size.1 as f32);
    let frame = (Pt::default(), pt(w, h));
    let target = placed.iter().filter(|p| p.piece.owner == Owner::Target);
    let parts = target.filter_map(|p| bounds_within(&p.piece.outline, frame.0, frame.1));
    let corners: Vec<Pt> = parts.flat_map(|(low, high)| [low, high]).collect();
    let seen = if corners.is_empty() { frame } else { bounds(&corners) };
    let extent = seen.1 - seen.0;
    let mut slack = |length: f32| {
        let most = if dice.chance(0.25) { 0.02 } else { 0.12 };
        length * dice.range(-0.005, most)
    };
    let side = |v: f32, limit: f32| v.round().clamp(1.0, limit);
    let x1 = side(seen.0.x - slack(extent.x), w - 2.0);
    let y1 = side(seen.0.y - slack(extent.y), h - 2.0);
    let x2 = side(seen.1.x + slack(extent.x), w).max(x1 + 1.0);
    let y2 = side(seen.1.y + slack(extent.y), h).max(y1 + 1.0);
    BoundingBox { x1, y1, x2, y2 }
}

/// The eight slots: where each landmark is, and what is to be seen of it.
pub(super) fn landmarks(
    anchors: &[Anchor],
    lens: &Lens,
    placed: &[Placed],
    size: (u32, u32),
) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark::ABSENT; 8];
    for anchor in anchors {
        let p = lens.apply(anchor.at);
        // Skia's pixels begin at whole numbers; the crate's are centred on them.
        let at = |visibility| Landmark::new(p.x - 0.5, p.y - 0.5, visibility);
        landmarks[anchor.slot] = if !on_pixel(p, size) {
            Landmark::new(0.0, 0.0, Visibility::Truncated)
        } else if placed.iter().any(|piece| hides(&piece.piece, anchor, p)) {
            at(Visibility::Occluded)
        } else {
            at(Visibility::Visible)
        };
    }
    landmarks
}

/// Whether a piece is painted over a landmark. A garment hides its own landmarks only with another of its parts: a
/// sleeve before the hem, the trunk before a sleeve held behind it.
pub(super) fn hides(piece: &Piece, anchor: &Anchor, at: Pt) -> bool {
    if piece.order <= anchor.order || !contains(&piece.outline, at) {
        return false;
    }
    if piece.owner != Owner::Target {
        return true;
    }
    let other_part = piece.part != anchor.part && piece.part != Part::Trim;
    other_part && anchor.slot >= 2
}
