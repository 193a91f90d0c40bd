//! Framing: how large the garment is in the image, and what is cut off.
use dafe::landmark::VariationType;

use super::chances;
use crate::{
    drawing::{
        anchor::Anchor,
        piece::{Owner, Piece},
    },
    geometry::{
        lens::Lens,
        point::{Pt, pt},
        polygon::bounds,
    },
    person::pose::Display,
    random::dice::Dice,
};

/// An image's size in pixels.
pub(crate) fn size(dice: &mut Dice) -> (u32, u32) {
    let (across, down) = dice.weighted(&[
        // Upright product images, mostly 2:3.
        (0.5, ([190, 226], [280, 310])),
        (0.12, ([215, 235], [280, 310])),
        (0.12, ([170, 200], [260, 320])),
        (0.15, ([236, 260], [236, 260])),
        (0.05, ([290, 310], [290, 310])),
        (0.03, ([270, 310], [190, 230])),
        // Thumbnails.
        (0.03, ([140, 180], [180, 240])),
        // Large ones, in which garments may be small.
        (0.04, ([385, 430], [450, 540])),
    ]);
    (dice.count(across[0], across[1]) as u32, dice.count(down[0], down[1]) as u32)
}

/// The size in pixels of an image of `figures` wearers or garments side by side.
pub(crate) fn broad_size(dice: &mut Dice, figures: usize) -> (u32, u32) {
    let (long, short) = (dice.count(400, 480) as u32, dice.count(300, 380) as u32);
    if figures > 1 && dice.chance(0.7) { (long, short) } else { (short, long) }
}

/// The shorter side from which on an image is large.
const LARGE: f32 = 385.0;

/// The framing of a garment that is visible as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    AsItComes,
    /// Up to the image's very edges.
    ToTheEdges,
    Small,
    /// Much smaller than the image.
    Tiny,
    /// Like models in a catalogue: cut off somewhere at the head and somewhere at the legs.
    Catalogue,
}

/// The vertical extent of a standing wearer: above the hair, and below the shoes.
const CROWN: f32 = -36.0;
const SOLES: f32 = 160.0;

/// How the body is bent, turned and viewed.
pub(crate) fn lens(
    dice: &mut Dice,
    variation: VariationType,
    lively: f32,
    display: Display,
    pivot: f32,
) -> Lens {
    let degrees = match variation {
        VariationType::Normal => 3.0,
        VariationType::MediumPose => 9.0,
        VariationType::LargePose => 20.0,
        VariationType::MediumZoomIn | VariationType::LargeZoomIn => 7.0,
    };
    if display == Display::Alone {
        return above(dice, variation, degrees, pivot);
    }
    let still = if display == Display::Worn { 1.0 } else { 0.35 };
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

/// The maximum rotation of clothes by a trembling hand, with the distribution of `Dice::bell`.
const LAID_DEGREES: f32 = 10.0;

/// The view of lying clothes by a photographer who stands at one end of them.
fn above(dice: &mut Dice, variation: VariationType, degrees: f32, pivot: f32) -> Lens {
    let lively = matches!(variation, VariationType::MediumPose | VariationType::LargePose);
    let roll = if lively && dice.chance(chances::SIDEWAYS) {
        90.0 * dice.sign() + dice.bell(15.0)
    } else if dice.chance(chances::TURNED) {
        dice.range(-30.0, 30.0)
    } else {
        dice.bell(degrees.min(LAID_DEGREES))
    };
    Lens {
        bend: [dice.bell(0.002), dice.bell(0.0015)],
        pivot,
        squash: 1.0 - dice.range(0.0, 0.2),
        taper: if dice.chance(0.5) { dice.bell(0.0006) } else { dice.bell(0.0025) },
        roll: roll.to_radians(),
        scale: 1.0,
        place: Pt::default(),
    }
}

/// Scales and moves `lens` so that the box from `low` to `high` (in its own pixels) is framed as
/// `variation` asks; `marks` are the landmarks in it, and whether they are hidden.
pub(crate) fn frame(
    dice: &mut Dice,
    lens: Lens,
    variation: VariationType,
    worn: bool,
    image: (u32, u32),
    garment: (Pt, Pt),
    marks: &[(Pt, bool)],
) -> Lens {
    let (w, h) = (image.0 as f32, image.1 as f32);
    let (low, high) = garment;
    let extent = high - low;
    let fit = (w / extent.x).min(h / extent.y);
    let placed = |scale: f32, at: Pt| Lens { scale, place: at - low * scale, ..lens };
    let (fraction, closer, cut) = match variation {
        VariationType::MediumZoomIn => ((0.55, 0.9), (1.0, 1.6), 1),
        VariationType::LargeZoomIn => ((0.25, 0.6), (1.3, 2.6), 2),
        _ => {
            let (scale, at) = whole(dice, &lens, worn, pt(w, h), garment);
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
        let miss = (fraction.0 - part).max(part - fraction.1).max(0.0)
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

/// Pixels per unit of `lens`, and the position of the upper left corner of a garment that is
/// visible as a whole.
fn whole(dice: &mut Dice, lens: &Lens, worn: bool, image: Pt, garment: (Pt, Pt)) -> (f32, Pt) {
    let (low, high) = garment;
    let extent = high - low;
    let fit = (image.x / extent.x).min(image.y / extent.y);
    let kind = if worn { 0 } else { 1 };
    let framing = dice.weighted(&[
        (chances::AS_IT_COMES, Framing::AsItComes),
        (chances::TO_THE_EDGES[kind], Framing::ToTheEdges),
        (chances::SMALL[kind], Framing::Small),
        (chances::TINY[usize::from(image.x.min(image.y) < LARGE)], Framing::Tiny),
        (if worn { chances::CATALOGUE } else { 0.0 }, Framing::Catalogue),
    ]);
    let middling = |dice: &mut Dice, scale: f32, spread: f32| {
        let room = image - extent * scale;
        pt(room.x * (0.5 + dice.bell(spread)), room.y * (0.5 + dice.bell(spread)))
    };
    // The distance of a level of the body from the garment's upper edge.
    let level = |y: f32| lens.apply(pt(0.0, y)).y - low.y;
    match framing {
        Framing::AsItComes => {
            let scale = fit * dice.range(0.55, 0.96);
            (scale, middling(dice, scale, 0.33))
        }
        Framing::ToTheEdges => {
            let scale = fit * dice.range(0.95, 1.015);
            (scale, middling(dice, scale, 0.33))
        }
        Framing::Small | Framing::Tiny => {
            let (low, high) = if framing == Framing::Tiny { (0.15, 0.32) } else { (0.3, 0.55) };
            let scale = fit * dice.range(low, high);
            let mut at = middling(dice, scale, 0.25);
            let (up, down) = (level(CROWN), level(SOLES));
            if worn && (down - up) * scale < image.y {
                at.y = (image.y - (down - up) * scale) * dice.range(0.2, 0.8) - up * scale;
            }
            (scale, at)
        }
        Framing::Catalogue => {
            let up = level(dice.pick(&[CROWN - 4.0, CROWN, -24.0, -16.0, -9.0]));
            let down = level(dice.pick(&[75.0, 90.0, 100.0, 115.0, SOLES]));
            let margin = extent.y * dice.range(0.01, 0.06);
            let (up, down) = (up.min(-margin), down.max(extent.y + margin));
            let scale = (image.y / (down - up)).min(fit * 0.98);
            (scale, pt(middling(dice, scale, 0.2).x, -up * scale))
        }
    }
}

/// Scales and moves `lens` so that the labeled garments are framed as `variation` asks.
pub(crate) fn framed(
    dice: &mut Dice,
    lens: Lens,
    variation: VariationType,
    worn: bool,
    size: (u32, u32),
    pieces: &[Piece],
    anchors: &[Anchor],
) -> Lens {
    let labeled = |p: &&Piece| matches!(p.owner, Owner::Garment(_));
    let outline: Vec<Pt> = pieces
        .iter()
        .filter(labeled)
        .flat_map(|p| p.outline.iter().map(|q| lens.apply(*q)))
        .collect();
    // Bending and zooming don't change visibilities.
    let marks: Vec<(Pt, bool)> = anchors
        .iter()
        .map(|a| (lens.apply(a.at), pieces.iter().any(|p| a.is_hidden_by(p, a.at))))
        .collect();
    frame(dice, lens, variation, worn, size, bounds(&outline), &marks)
}
