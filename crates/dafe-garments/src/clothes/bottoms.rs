//! Chooses the cuts of trousers and skirts.
use super::{
    chances::{self, length},
    cut::{BottomCut, Hem},
    drape::Drape,
};
use crate::{person::body::level, random::dice::Dice, style::Style};

/// A bottom.
pub(crate) fn bottom(dice: &mut Dice) -> BottomCut {
    let unlike = dice.style == Style::Unlike;
    let legs = dice.chance(0.62);
    let waist_y = dice.range(35.0, 54.0);
    let (length, ease) = if legs { self::legs(dice) } else { (skirt_length(dice), (0.0, 0.0)) };
    let full = dice.range(0.0, 1.0);
    let mut drape = skirt_drape(dice, full, length, waist_y + 6.0);
    let mut hem = if !legs && full > 0.5 { Hem::Wavy } else { Hem::Straight };
    let tulip = unlike && full < 0.35;
    if tulip {
        // Wide at the hips, narrow at the hem.
        drape =
            Drape { ease: dice.range(3.0, 6.0), boxy: 0.0, flare: -7.0, flare_from: level::HIP };
        hem = Hem::Petals;
    } else if unlike && !legs {
        hem = dice.weighted(chances::hems(Style::Unlike));
    }
    BottomCut {
        legs,
        waist_y,
        length,
        ease,
        drape,
        hem,
        tilt: if legs { 0.0 } else { chances::slope(dice, 9.0) },
        pleats: !legs && full > 0.4 && dice.chance(0.45),
        pockets: dice.chance(if legs { 0.75 } else { 0.25 }),
        belt: dice.chance(0.18),
        jeans: legs && dice.chance(0.5),
    }
}

/// The length of legs, and their ease at thigh and hem.
fn legs(dice: &mut Dice) -> (f32, (f32, f32)) {
    let (length, ease) = match dice.style {
        Style::Usual => (length(dice, chances::LEGS), dice.weighted(chances::USUAL_LEGS)),
        Style::Unlike => dice.weighted(chances::UNLIKE_LEGS),
    };
    (length + dice.bell(0.03), (ease.0 + dice.range(0.0, 0.7), ease.1 + dice.range(0.0, 1.1)))
}

/// The end of a skirt, in centimeters below the hollow of the neck.
fn skirt_length(dice: &mut Dice) -> f32 {
    length(dice, chances::SKIRTS)
}

/// A skirt's drape: `full` 0 hugs the legs, 1 swings. The hem is never wider than the wearer's
/// height.
pub(crate) fn skirt_drape(dice: &mut Dice, full: f32, hem_y: f32, from: f32) -> Drape {
    let width = if full < 0.3 { dice.range(-2.0, 1.0) } else { 4.0 + 25.0 * (full - 0.3) };
    let meters = ((hem_y - from) / 100.0).max(0.2);
    Drape { ease: 0.6, boxy: 0.0, flare: width * (0.6 + 0.5 * meters) / meters, flare_from: from }
}
