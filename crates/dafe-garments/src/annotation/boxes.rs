//! Bounding boxes: as tight as DeepFashion2's, or as loose as FLD's.
use dafe::geometry::BoundingBox;

use crate::{
    drawing::{
        piece::{Owner, TARGET},
        placed::Placed,
    },
    geometry::{
        point::{Pt, pt},
        polygon::{bounds, clipped},
    },
    random::dice::Dice,
};

/// The probability of a tight box, rather than one as loose as FLD's.
const TIGHT_BOX: f32 = 0.35;

/// The smallest and largest corner of the part of a garment inside the image; `None` if it is
/// outside.
fn extent(owner: Owner, placed: &[Placed], size: (u32, u32)) -> Option<(Pt, Pt)> {
    let (low, high) = (Pt::default(), pt(size.0 as f32, size.1 as f32));
    let own = placed.iter().filter(|p| p.piece.owner == owner);
    let points: Vec<Pt> = own.flat_map(|p| clipped(&p.piece.outline, low, high)).collect();
    (!points.is_empty()).then(|| bounds(&points))
}

/// A box like DeepFashion2's: around the part of a garment inside the image, hidden or not, in
/// whole pixels; `None` if the garment is outside.
pub(crate) fn tight_box(owner: Owner, placed: &[Placed], size: (u32, u32)) -> Option<BoundingBox> {
    let (low, high) = extent(owner, placed, size)?;
    let [x1, x2] = [low.x, high.x].map(|x| (x - 0.5).round().clamp(0.0, size.0 as f32 - 1.0));
    let [y1, y2] = [low.y, high.y].map(|y| (y - 0.5).round().clamp(0.0, size.1 as f32 - 1.0));
    BoundingBox::new(x1, y1, x2, y2)
}

/// A box like FLD's: around the visible part of the garment, up to an eighth larger on each side,
/// in whole pixels from 1.
pub(crate) fn loose_box(dice: &mut Dice, placed: &[Placed], size: (u32, u32)) -> BoundingBox {
    let (w, h) = (size.0 as f32, size.1 as f32);
    let seen = extent(TARGET, placed, size).unwrap_or((Pt::default(), pt(w, h)));
    let extent = seen.1 - seen.0;
    let tight = dice.chance(TIGHT_BOX);
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
