//! What is written down about a picture: the box, and the landmarks with what is to be seen of them.
use super::{
    chances,
    dice::Dice,
    paint::Placed,
    piece::{Anchor, Owner, Part, Piece},
    shape::{Pt, bounds, clipped, contains, pt},
    stage::TARGET,
};
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

/// Whether skia's position `p` falls on a pixel of the picture.
pub(super) fn on_pixel(p: Pt, size: (u32, u32)) -> bool {
    p.x >= 0.0 && p.y >= 0.0 && p.x < size.0 as f32 && p.y < size.1 as f32
}

/// The smallest and largest corner of what lies of a garment in the picture; `None` if nothing does.
fn extent(owner: Owner, placed: &[Placed], size: (u32, u32)) -> Option<(Pt, Pt)> {
    let (low, high) = (Pt::default(), pt(size.0 as f32, size.1 as f32));
    let own = placed.iter().filter(|p| p.piece.owner == owner);
    let points: Vec<Pt> = own.flat_map(|p| clipped(&p.piece.outline, low, high)).collect();
    (!points.is_empty()).then(|| bounds(&points))
}

/// A box as DeepFashion2's: around what lies of a garment in the picture, hidden or not, in whole pixels; `None` if
/// that is nothing.
pub(super) fn tight_box(owner: Owner, placed: &[Placed], size: (u32, u32)) -> Option<BoundingBox> {
    let (low, high) = extent(owner, placed, size)?;
    let [x1, x2] = [low.x, high.x].map(|x| (x - 0.5).round().clamp(0.0, size.0 as f32 - 1.0));
    let [y1, y2] = [low.y, high.y].map(|y| (y - 0.5).round().clamp(0.0, size.1 as f32 - 1.0));
    BoundingBox::new(x1, y1, x2, y2)
}

/// A box as FLD's: what is seen of the garment, up to an eighth larger on each side, in whole pixels from 1.
pub(super) fn loose_box(dice: &mut Dice, placed: &[Placed], size: (u32, u32)) -> BoundingBox {
    let (w, h) = (size.0 as f32, size.1 as f32);
    let seen = extent(TARGET, placed, size).unwrap_or((Pt::default(), pt(w, h)));
    let extent = seen.1 - seen.0;
    let tight = dice.chance(chances::TIGHT_BOX);
    let mut slack = |length: f32| {
        let most = if tight || dice.chance(0.25) { 0.01 } else { 0.12 };
        length * dice.range(-0.005, most)
    };
    let side = |v: f32, limit: f32| v.round().clamp(1.0, limit);
    let x1 = side(seen.0.x - slack(extent.x), w - 2.0);
    let y1 = side(seen.0.y - slack(extent.y), h - 2.0);
    let x2 = side(seen.1.x + slack(extent.x), w).max(x1 + 1.0);
    let y2 = side(seen.1.y + slack(extent.y), h).max(y1 + 1.0);
    BoundingBox { x1, y1, x2, y2 }
}

/// `count` landmarks from their anchors in the picture: where each is, and what is to be seen of it; absent where no
/// anchor stands for it.
pub(super) fn landmarks(
    anchors: impl IntoIterator<Item = Anchor>,
    placed: &[Placed],
    size: (u32, u32),
    count: usize,
) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark::ABSENT; count];
    for anchor in anchors {
        let p = anchor.at;
        // Skia's pixels begin at whole numbers; the crate's are centred on them.
        let at = |visibility| Landmark::new(p.x - 0.5, p.y - 0.5, visibility);
        landmarks[anchor.slot] = if !on_pixel(p, size) {
            Landmark::new(0.0, 0.0, Visibility::Truncated)
        } else if placed.iter().any(|piece| hides(&piece.piece, &anchor, p)) {
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
    let other_part = piece.part != anchor.part && piece.part != Part::Trim;
    piece.owner != anchor.owner || (other_part && !anchor.joint)
}
