//! Chooses the cuts of full-body garments.
use super::{
    bottoms::{bottom, skirt_drape},
    chances,
    cut::{Cut, Hem, TopCut, Waist},
    drape::Drape,
    tops::{self, top},
};
use crate::{person::body::level, random::dice::Dice, style::Style};

/// The silhouette of a dress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silhouette {
    /// Fitted down to a waist that is marked by a seam, a belt or another cloth.
    Waisted,
    /// Flared from a seam below the bust.
    Empire,
    /// Flared from a seam at the hips.
    Dropped,
    /// Fitted, without a seam.
    Sheath,
    /// Straight, like a long T-shirt or shirt.
    Shift,
    /// Widening from the chest down.
    Tent,
}

/// A dress or a jumpsuit.
pub(crate) fn full(dice: &mut Dice) -> Cut {
    if dice.chance(0.17) {
        let (mut bodice, waist_y, waist) = bodice(dice, Silhouette::Waisted);
        let mut legs = bottom(dice);
        (legs.legs, legs.waist_y, legs.jeans, legs.belt) = (true, waist_y, false, false);
        legs.length = dice.weighted(&[(0.25, 0.2), (0.25, 0.75), (0.5, 0.98)]) + dice.bell(0.05);
        legs.ease = (dice.range(0.5, 2.5), dice.range(0.5, 7.0));
        bodice.hem_y = waist_y;
        return Cut::Jumpsuit(bodice, legs, waist);
    }
    let sling = dice.chance(chances::SLIP);
    let sleeveless = sling || dice.chance(chances::SLEEVELESS_DRESS);
    dress(dice, sleeveless, sling)
}

/// A dress; with `sling`, it hangs from thin straps.
pub(crate) fn dress(dice: &mut Dice, sleeveless: bool, sling: bool) -> Cut {
    let silhouette = dice.weighted(chances::SILHOUETTES);
    let (mut bodice, waist_y, waist) = bodice(dice, silhouette);
    if sleeveless {
        bodice.sleeve = None;
    }
    if sling {
        bodice = tops::sling(dice, bodice);
    }
    Cut::Dress(with_skirt(dice, bodice, waist_y, silhouette), waist_y, waist)
}

/// The upper part of a full-body garment, and the height and kind of its waist.
fn bodice(dice: &mut Dice, silhouette: Silhouette) -> (TopCut, f32, Waist) {
    let mut bodice = top(dice, false);
    let waist_y = match silhouette {
        Silhouette::Waisted => dice.range(33.0, 45.0),
        Silhouette::Empire => dice.range(23.0, 30.0),
        Silhouette::Dropped => dice.range(48.0, 58.0),
        Silhouette::Sheath | Silhouette::Shift | Silhouette::Tent => level::WAIST,
    };
    let waist = match silhouette {
        Silhouette::Waisted | Silhouette::Dropped => {
            dice.weighted(&[(0.38, Waist::Seam), (0.3, Waist::Belt), (0.32, Waist::TwoCloths)])
        }
        Silhouette::Empire => {
            dice.weighted(&[(0.6, Waist::Seam), (0.2, Waist::Belt), (0.2, Waist::TwoCloths)])
        }
        _ => Waist::Unmarked,
    };
    let (ease, boxy) = match silhouette {
        Silhouette::Waisted | Silhouette::Sheath => (dice.range(0.3, 1.8), dice.range(0.0, 0.35)),
        Silhouette::Empire => (dice.range(0.3, 1.8), dice.range(0.7, 1.0)),
        Silhouette::Dropped => (dice.range(0.5, 3.0), dice.range(0.5, 1.0)),
        Silhouette::Shift | Silhouette::Tent => (dice.range(0.5, 5.5), dice.range(0.8, 1.0)),
    };
    bodice.drape = Drape { ease, boxy, flare: 0.0, flare_from: waist_y };
    if silhouette != Silhouette::Shift {
        bodice.hem = Hem::Straight;
        (bodice.motif, bodice.hood) = (false, false);
    }
    bodice.tilt = 0.0;
    if let Some(sleeve) = &mut bodice.sleeve {
        sleeve.stick *= chances::STICK_OF_DRESSES;
    }
    (bodice, waist_y, waist)
}

/// `bodice` with a skirt below `waist_y`.
fn with_skirt(dice: &mut Dice, mut bodice: TopCut, waist_y: f32, silhouette: Silhouette) -> TopCut {
    bodice.hem_y = chances::length(dice, chances::DRESSES);
    let full = match silhouette {
        Silhouette::Sheath | Silhouette::Shift => dice.range(0.0, 0.3),
        Silhouette::Tent => dice.range(0.3, 0.75),
        Silhouette::Empire => dice.range(0.2, 1.0),
        Silhouette::Waisted | Silhouette::Dropped => dice.range(0.0, 1.0),
    };
    let from = if silhouette == Silhouette::Tent { level::ARMPIT + 4.0 } else { waist_y + 2.0 };
    bodice.drape = Drape {
        ease: bodice.drape.ease,
        boxy: bodice.drape.boxy,
        ..skirt_drape(dice, full, bodice.hem_y, from)
    };
    if silhouette != Silhouette::Shift {
        bodice.hem = if full > 0.5 { Hem::Wavy } else { Hem::Straight };
    }
    if dice.style == Style::Unlike {
        bodice.hem = dice.weighted(chances::hems(Style::Unlike));
    }
    bodice.tilt = chances::slope(dice, 9.0);
    bodice
}
