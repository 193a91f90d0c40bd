//! Objects in front of the clothes, in pixels of the image.
mod bag;
mod objects;
mod piece;

use self::{
    bag::{bag, strap},
    objects::{branch, cup_or_book, passer_by, tag},
};
use crate::{
    annotation::landmarks,
    color::Color,
    drawing::{anchor::Anchor, placed::Placed},
    geometry::{
        lens::Lens,
        point::{Pt, pt},
    },
    person::body::{Body, level},
    random::dice::Dice,
};

/// Objects that may cover a landmark: a bag's strap across the wearer, or something small; mostly
/// none.
pub(crate) fn occluders(
    dice: &mut Dice,
    anchors: &[Anchor],
    lens: &Lens,
    size: (u32, u32),
    color: Color,
    worn: bool,
    body: &Body,
) -> Vec<Placed> {
    let frame = pt(size.0 as f32, size.1 as f32);
    let scale = lens.scale;
    if worn && dice.chance(0.07) {
        let s = dice.sign();
        let from = lens.apply(body.shoulder(s * body.build.shoulder * 0.6));
        let to = lens.apply(body.edge(-s, body.build.hip, level::HIP - 4.0));
        return strap(dice, from, to, scale, color);
    }
    if !dice.chance(if worn { 0.3 } else { 0.2 }) {
        return Vec::new();
    }
    let inside: Vec<Pt> = anchors
        .iter()
        .map(|a| lens.apply(a.at))
        .filter(|p| landmarks::on_pixel(*p, size))
        .collect();
    if inside.is_empty() {
        return Vec::new();
    }
    let at = dice.pick(&inside);
    over(dice, at, scale, color, worn, frame)
}

/// An object that covers `at`; `scale` is in pixels per centimeter, `from` is the position of the
/// wearer's shoulder or hand.
fn over(dice: &mut Dice, at: Pt, scale: f32, color: Color, worn: bool, size: Pt) -> Vec<Placed> {
    let off = pt(dice.bell(4.0), dice.bell(4.0)) * scale;
    let at = at + off;
    if worn {
        match dice.count(0, 19) {
            0..=8 => bag(dice, at, scale, color),
            9..=12 => branch(dice, at, scale, size),
            13 => passer_by(dice, at, scale, color, size),
            _ => cup_or_book(dice, at, scale, color),
        }
    } else {
        match dice.count(0, 3) {
            0 => tag(dice, at, scale),
            1 => branch(dice, at, scale, size),
            2 => cup_or_book(dice, at, scale, color),
            _ => bag(dice, at, scale, color),
        }
    }
}
