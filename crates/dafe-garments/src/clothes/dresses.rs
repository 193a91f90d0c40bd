//! Chooses the cuts of what covers the whole body.
use super::{
    bottoms::{bottom, skirt_drape, skirt_length},
    chances,
    cut::{Cut, Hem, TopCut, Waist},
    drape::Drape,
    tops::{self, top},
};
use crate::{person::body::level, random::dice::Dice, style::Style};

/// A dress or a jumpsuit.
pub(crate) fn full(dice: &mut Dice) -> Cut {
    let (mut bodice, waist_y, waist) = bodice(dice);
    if dice.chance(0.2) {
        let mut legs = bottom(dice);
        (legs.legs, legs.waist_y, legs.jeans, legs.belt) = (true, waist_y, false, false);
        legs.length = dice.weighted(&[(0.25, 0.2), (0.25, 0.75), (0.5, 0.98)]) + dice.bell(0.05);
        legs.ease = (dice.range(0.5, 2.5), dice.range(0.5, 7.0));
        bodice.hem_y = waist_y;
        return Cut::Jumpsuit(bodice, legs, waist);
    }
    Cut::Dress(with_skirt(dice, bodice, waist_y), waist_y, waist)
}

/// A dress; `sling` hangs it from thin straps.
pub(crate) fn dress(dice: &mut Dice, sleeveless: bool, sling: bool) -> Cut {
    let (mut bodice, waist_y, waist) = bodice(dice);
    if sleeveless {
        bodice.sleeve = None;
    }
    if sling {
        bodice = tops::sling(dice, bodice);
    }
    Cut::Dress(with_skirt(dice, bodice, waist_y), waist_y, waist)
}

/// The upper part of something for the whole body, and where and how its waist is.
fn bodice(dice: &mut Dice) -> (TopCut, f32, Waist) {
    let mut bodice = top(dice, false);
    let waist_y = dice.range(33.0, 45.0);
    bodice.hem = Hem::Straight;
    (bodice.motif, bodice.tilt, bodice.hood) = (false, 0.0, false);
    bodice.drape = Drape {
        ease: dice.range(0.3, 1.8),
        boxy: dice.range(0.0, 0.35),
        flare: 0.0,
        flare_from: waist_y,
    };
    let waist =
        dice.weighted(&[(0.38, Waist::Seam), (0.37, Waist::Belt), (0.25, Waist::TwoCloths)]);
    (bodice, waist_y, waist)
}

/// `bodice` with a skirt below `waist_y`.
fn with_skirt(dice: &mut Dice, mut bodice: TopCut, waist_y: f32) -> TopCut {
    bodice.hem_y = skirt_length(dice);
    let full = dice.range(0.0, 1.0);
    bodice.drape = Drape {
        ease: bodice.drape.ease,
        boxy: bodice.drape.boxy,
        ..skirt_drape(dice, full, bodice.hem_y, waist_y + 2.0)
    };
    bodice.hem = if full > 0.5 { Hem::Wavy } else { Hem::Straight };
    if level::KNEE < bodice.hem_y && full < 0.3 {
        bodice.hem = Hem::Straight;
    }
    if dice.style == Style::Unlike {
        bodice.hem = dice.weighted(chances::hems(Style::Unlike));
        if dice.chance(chances::SLOPE) {
            bodice.tilt = dice.range(-9.0, 9.0);
        }
    }
    bodice
}
