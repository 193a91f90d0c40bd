//! Chooses the cuts of tops.
use super::{
    chances::{self, length},
    cut::{Face, Front, Hem, Neck, SleeveCut, TopCut},
    drape::Drape,
};
use crate::{person::body::level, random::dice::Dice, style::Style};

/// Half the width, and the depth of a neckline.
fn opening(dice: &mut Dice, neck: Neck) -> (f32, f32) {
    let (narrow, wide, shallow, deep) = match neck {
        Neck::Round => {
            dice.weighted(&[(0.6, (7.2, 10.5, 4.5, 10.0)), (0.4, (9.0, 14.5, 8.0, 18.0))])
        }
        Neck::Vee | Neck::Lapel => (7.0, 11.5, 10.0, 25.0),
        Neck::Square => (8.0, 13.5, 6.0, 16.0),
        Neck::Boat => (11.0, 15.0, 2.5, 5.5),
        Neck::Shirt => (6.6, 8.0, 3.0, 12.0),
        Neck::Turtle => (6.5, 7.6, 4.0, 4.0),
        // How far below the shoulder it runs.
        Neck::OffShoulder => (17.0, 18.0, 3.0, 8.0),
        Neck::Sling => (8.0, 11.0, 8.0, 15.0),
        Neck::Cowl => (8.5, 12.5, 8.0, 15.0),
        Neck::Heart => (9.5, 13.5, 11.0, 17.0),
    };
    (dice.range(narrow, wide), dice.range(shallow, deep))
}

/// A top; with `outer`, an open jacket or cardigan.
pub(crate) fn top(dice: &mut Dice, outer: bool) -> TopCut {
    let mut neck = dice.weighted(chances::necks(dice.style));
    let (mut neck_half, mut neck_depth) = opening(dice, neck);
    if outer {
        neck = dice.pick(&[Neck::Lapel, Neck::Vee]);
        (neck_half, neck_depth) = (dice.range(7.5, 9.5), dice.range(16.0, 30.0));
    }
    let front = match neck {
        _ if outer => Front::Open,
        Neck::Shirt => dice.weighted(&[(0.8, Front::Buttons), (0.2, Front::Zip)]),
        Neck::Round | Neck::Vee => {
            dice.weighted(&[(0.8, Front::Plain), (0.12, Front::Buttons), (0.08, Front::Zip)])
        }
        _ => Front::Plain,
    };
    let long = outer && dice.chance(chances::LONG_COAT);
    let hem_y = length(dice, if long { chances::COATS } else { chances::TOPS });
    let drape = drape(dice, outer, hem_y);
    let hem = dice.weighted(chances::hems(dice.style));
    let sleeve = sleeve(dice, outer, matches!(neck, Neck::Boat | Neck::OffShoulder));
    let strap = if dice.chance(0.4) { dice.range(2.0, 4.5) } else { dice.range(4.5, 9.5) };
    TopCut {
        neck,
        neck_half,
        neck_depth,
        strap: neck_half + strap,
        sleeve,
        front,
        drape,
        hem: if outer { Hem::Straight } else { hem },
        hem_y,
        tilt: if outer { 0.0 } else { chances::slope(dice, 7.0) },
        hood: matches!(neck, Neck::Round | Neck::Vee | Neck::Lapel) && dice.chance(chances::HOOD),
        pocket: dice.chance(chances::POCKET),
        motif: front == Front::Plain && dice.chance(chances::MOTIF),
        yoke: dice.chance(chances::YOKE) && !outer && neck != Neck::OffShoulder,
        face: face(dice, outer),
    }
}

/// The outside of a top, mostly plain cloth.
fn face(dice: &mut Dice, outer: bool) -> Face {
    let kind = usize::from(outer);
    if dice.style == Style::Unlike {
        Face::Cloth
    } else if dice.chance(chances::FUR[kind]) {
        Face::Fur(dice.range(0.4, 1.8))
    } else if dice.chance(chances::QUILTED[kind]) {
        Face::Quilted(dice.range(4.0, 11.0))
    } else {
        Face::Cloth
    }
}

/// The drape of a top: fitted, loose, swinging, or (only in unlike images) with a peplum.
fn drape(dice: &mut Dice, outer: bool, hem_y: f32) -> Drape {
    let fitted = dice.chance(chances::FITTED) && !outer;
    let more = if outer { 2.0 } else { 0.0 };
    let drape = if fitted {
        Drape {
            ease: dice.range(0.2, 1.4),
            boxy: dice.range(0.0, 0.4),
            flare: 0.0,
            flare_from: 30.0,
        }
    } else {
        let (ease, boxy) = (dice.range(1.5, 6.5) + more, dice.range(0.4, 1.0));
        Drape { ease, boxy, flare: 0.0, flare_from: dice.range(22.0, 42.0) }
    };
    let below = hem_y - level::WAIST;
    if dice.style == Style::Unlike && !outer && below > 8.0 && dice.chance(chances::PEPLUM) {
        let flare = dice.range(45.0, 80.0);
        return Drape { ease: 0.6, boxy: 0.0, flare, flare_from: level::WAIST - 2.0 };
    }
    Drape { flare: if dice.chance(0.3) { dice.range(5.0, 30.0) } else { 0.0 }, ..drape }
}

/// A closed coat: long sleeves, buttons or a zip, and a loose fit.
pub(crate) fn coat(dice: &mut Dice) -> TopCut {
    let mut coat = top(dice, false);
    let neck = dice.pick(&[Neck::Shirt, Neck::Shirt, Neck::Turtle, Neck::Round, Neck::Vee]);
    (coat.neck, (coat.neck_half, coat.neck_depth)) = (neck, opening(dice, neck));
    coat.sleeve = sleeve(dice, true, false);
    coat.face = face(dice, true);
    coat.front = dice.pick(&[Front::Buttons, Front::Zip]);
    coat.hem_y = length(dice, chances::COATS);
    let (ease, boxy) = (dice.range(2.0, 6.0), dice.range(0.6, 1.0));
    let flare = if dice.chance(0.4) { dice.range(4.0, 22.0) } else { 0.0 };
    coat.drape = Drape { ease, boxy, flare, flare_from: dice.range(24.0, 42.0) };
    (coat.hem, coat.tilt, coat.motif, coat.yoke) = (Hem::Straight, 0.0, false, false);
    coat.hood = neck != Neck::Shirt && neck != Neck::Turtle && dice.chance(0.4);
    coat
}

/// `top` tucked into a waistband at `waist_y`.
pub(crate) fn tucked(top: TopCut, waist_y: f32) -> TopCut {
    let drape = Drape { flare: 0.0, ..top.drape };
    TopCut { drape, hem: Hem::Tucked, hem_y: waist_y + 0.6, tilt: 0.0, ..top }
}

/// `top`, held by thin straps only.
pub(crate) fn sling(dice: &mut Dice, top: TopCut) -> TopCut {
    let (neck_half, neck_depth) = opening(dice, Neck::Sling);
    TopCut {
        neck: Neck::Sling,
        neck_half,
        neck_depth,
        strap: neck_half + dice.range(0.8, 1.6),
        sleeve: None,
        front: Front::Plain,
        hood: false,
        pocket: false,
        yoke: false,
        ..top
    }
}

fn sleeve(dice: &mut Dice, long: bool, wide_neck: bool) -> Option<SleeveCut> {
    if !long && !wide_neck && dice.chance(chances::SLEEVELESS) {
        return None;
    }
    let length = if long { dice.range(0.85, 1.0) } else { self::length(dice, chances::SLEEVES) };
    let (top, cuff, puff, drop) = dice.weighted(chances::sleeves(dice.style));
    let vary = |dice: &mut Dice, v: f32| v * dice.range(0.7, 1.3);
    // A short sleeve that is wide or starts low would end within the trunk.
    let fraction = (length / 0.4).min(1.0);
    let (mut ruffle, mut tiers) = (0.0, 0);
    if dice.style == Style::Usual && !long && length > 0.21 {
        if dice.chance(chances::TIERS) {
            (ruffle, tiers) = (dice.range(2.0, 4.5) * fraction, dice.count(2, 3));
        } else if dice.chance(chances::RUFFLE) {
            ruffle = dice.range(1.5, 6.0) * fraction;
        }
    }
    Some(SleeveCut {
        length,
        ease: (vary(dice, top), vary(dice, cuff) * fraction),
        puff: vary(dice, puff) * fraction.sqrt(),
        drop: vary(dice, drop) * fraction,
        // Fitted to the labels of the training split of the open clothing benchmark.
        stick: dice.range(0.55, 1.3),
        cuff: dice.chance(0.4) && ruffle == 0.0 && tiers == 0,
        ruffle,
        tiers,
    })
}
