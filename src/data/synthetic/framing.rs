//! Where the picture's edges are: how large the garment is seen, and what is cut off.
use super::{
    dice::Dice,
    lens::Lens,
    shape::{Pt, pt},
};
use crate::landmark::VariationType;

/// A picture's size in pixels.
pub(super) fn size(dice: &mut Dice) -> (u32, u32) {
    match dice.count(0, 5) {
        0 => (dice.count(236, 260) as u32, dice.count(236, 260) as u32),
        1 => (dice.count(170, 200) as u32, dice.count(260, 320) as u32),
        _ => (dice.count(190, 226) as u32, dice.count(280, 310) as u32),
    }
}

/// The size in pixels of a picture of so many wearers or garments side by side.
pub(super) fn broad_size(dice: &mut Dice, figures: usize) -> (u32, u32) {
    let (long, short) = (dice.count(400, 480) as u32, dice.count(300, 380) as u32);
    if figures > 1 && dice.chance(0.7) { (long, short) } else { (short, long) }
}

/// How the body bends, turns and is looked at.
pub(super) fn lens(
    dice: &mut Dice,
    variation: VariationType,
    lively: f32,
    worn: bool,
    pivot: f32,
) -> Lens {
    let degrees = match variation {
        VariationType::Normal => 3.0,
        VariationType::MediumPose => 9.0,
        VariationType::LargePose => 20.0,
        VariationType::MediumZoomIn | VariationType::LargeZoomIn => 7.0,
    };
    let still = if worn { 1.0 } else { 0.35 };
    Lens {
        bend: [dice.bell(0.0075 * lively * still), dice.bell(0.0035 * lively * still)],
        pivot,
        squash: 1.0 - dice.range(0.0, 0.04 + 0.16 * lively),
        taper: dice.bell(0.0007 + 0.0012 * lively) * still,
        roll: dice.bell(degrees).to_radians(),
        scale: 1.0,
        place: Pt::default(),
    }
}

/// Scales and moves `lens` so that what lies between `low` and `high` (in its own pixels) is framed as `variation`
/// asks; `marks` are the landmarks there, and whether something hides them.
pub(super) fn frame(
    dice: &mut Dice,
    lens: Lens,
    variation: VariationType,
    picture: (u32, u32),
    garment: (Pt, Pt),
    marks: &[(Pt, bool)],
) -> Lens {
    let (w, h) = (picture.0 as f32, picture.1 as f32);
    let (low, high) = garment;
    let extent = high - low;
    let fit = (w / extent.x).min(h / extent.y);
    let placed = |scale: f32, at: Pt| Lens { scale, place: at - low * scale, ..lens };
    let (share, closer, cut) = match variation {
        VariationType::MediumZoomIn => ((0.55, 0.9), (1.0, 1.6), 1),
        VariationType::LargeZoomIn => ((0.25, 0.6), (1.3, 2.6), 2),
        _ => {
            let scale = fit * dice.range(0.55, 0.96);
            let room = pt(w - extent.x * scale, h - extent.y * scale);
            let at = pt(room.x * (0.5 + dice.bell(0.33)), room.y * (0.5 + dice.bell(0.33)));
            return placed(scale, at);
        }
    };
    let mut best = (f32::MAX, placed(fit, Pt::default()));
    for _ in 0..40 {
        let scale = fit * dice.range(closer.0, closer.1);
        let room = pt(w - extent.x * scale, h - extent.y * scale);
        let at = pt(
            room.x * dice.range(-0.1, 1.1) + dice.bell(0.1) * w,
            room.y * dice.range(-0.1, 1.1) + dice.bell(0.1) * h,
        );
        let end = at + extent * scale;
        let seen = pt(end.x.min(w) - at.x.max(0.0), end.y.min(h) - at.y.max(0.0));
        let part = (seen.x.max(0.0) * seen.y.max(0.0)) / (extent.x * extent.y * scale * scale);
        let candidate = placed(scale, at);
        let inside = |mark: &Pt| {
            let p = at + (*mark - low) * scale;
            p.x > 0.0 && p.y > 0.0 && p.x < w && p.y < h
        };
        let gone = marks.iter().filter(|m| !inside(&m.0)).count();
        let left = marks.iter().filter(|m| !m.1 && inside(&m.0)).count();
        let miss = (share.0 - part).max(part - share.1).max(0.0)
            + if gone < cut { 1.0 } else { 0.0 }
            + match left {
                0 => 3.0,
                1 => 0.3,
                _ => 0.0,
            };
        if miss < best.0 {
            best = (miss, candidate);
        }
        if miss <= 0.0 {
            break;
        }
    }
    best.1
}
