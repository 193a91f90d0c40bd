//! Chooses cuts.
use super::{
    body::level,
    cut::{BottomCut, Cut, Drape, Front, Hem, Neck, SleeveCut, TopCut, Waist},
    dice::Dice,
    shape::mix,
};
use crate::landmark::ClothesType;

/// A cut for a garment of this kind.
pub(super) fn cut(dice: &mut Dice, kind: ClothesType) -> Cut {
    match kind {
        ClothesType::Upper => Cut::Top(top(dice, false)),
        ClothesType::Lower => Cut::Bottom(bottom(dice)),
        ClothesType::Full => full(dice),
    }
}

fn neckline(dice: &mut Dice) -> (Neck, f32, f32) {
    let neck = dice.weighted(&[
        (0.32, Neck::Round),
        (0.2, Neck::Vee),
        (0.08, Neck::Square),
        (0.1, Neck::Boat),
        (0.22, Neck::Shirt),
        (0.08, Neck::Turtle),
    ]);
    let (half, depth) = opening(dice, neck);
    (neck, half, depth)
}

/// Half the width and the depth of a neckline.
fn opening(dice: &mut Dice, neck: Neck) -> (f32, f32) {
    match neck {
        Neck::Round => (dice.range(7.5, 12.5), dice.range(5.0, 15.0)),
        Neck::Vee | Neck::Lapel => (dice.range(7.5, 11.0), dice.range(11.0, 22.0)),
        Neck::Square => (dice.range(8.5, 12.0), dice.range(7.0, 14.0)),
        Neck::Boat => (dice.range(11.0, 14.5), dice.range(3.0, 5.0)),
        Neck::Shirt => (dice.range(6.8, 7.6), dice.range(6.0, 11.0)),
        Neck::Turtle => (dice.range(6.6, 7.2), 4.0),
        Neck::Sling => (dice.range(8.5, 10.5), dice.range(9.0, 14.0)),
    }
}

/// A top. `outer` makes it an open jacket or cardigan.
pub(super) fn top(dice: &mut Dice, outer: bool) -> TopCut {
    let (mut neck, mut neck_half, mut neck_depth) = neckline(dice);
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
    let fitted = dice.chance(0.45) && !outer;
    let drape = Drape {
        ease: if fitted { dice.range(0.3, 1.5) } else { dice.range(1.5, 5.0) }
            + if outer { 2.0 } else { 0.0 },
        boxy: if fitted { dice.range(0.0, 0.4) } else { dice.range(0.4, 1.0) },
        flare: if dice.chance(0.3) { dice.range(5.0, 28.0) } else { 0.0 },
        flare_from: dice.range(25.0, 42.0),
    };
    let hem = dice.weighted(&[(0.6, Hem::Straight), (0.22, Hem::Tails), (0.18, Hem::Ribbed)]);
    let t = dice.range(0.0, 1.0);
    let hem_y = dice.weighted(&[
        (0.18, mix(38.0, 47.0, t)),
        (0.62, mix(54.0, 68.0, t)),
        (0.2, mix(68.0, 82.0, t)),
    ]);
    let sleeve = sleeve(dice, outer, matches!(neck, Neck::Boat));
    TopCut {
        neck,
        neck_half,
        neck_depth,
        strap: neck_half + dice.range(3.5, 8.5),
        sleeve,
        front,
        drape,
        hem,
        hem_y,
        pocket: dice.chance(0.25),
        motif: front == Front::Plain && dice.chance(0.35),
        yoke: dice.chance(0.12) && !outer,
    }
}

/// `top`, held by thin straps alone.
pub(super) fn sling(dice: &mut Dice, top: TopCut) -> TopCut {
    let (neck_half, neck_depth) = opening(dice, Neck::Sling);
    TopCut {
        neck: Neck::Sling,
        neck_half,
        neck_depth,
        strap: neck_half + dice.range(0.8, 1.6),
        sleeve: None,
        front: Front::Plain,
        pocket: false,
        yoke: false,
        ..top
    }
}

fn sleeve(dice: &mut Dice, long: bool, wide_neck: bool) -> Option<SleeveCut> {
    if !long && !wide_neck && dice.chance(0.2) {
        return None;
    }
    let length = if long {
        dice.range(0.85, 1.0)
    } else {
        let t = dice.range(0.0, 1.0);
        dice.weighted(&[
            (0.07, mix(0.16, 0.2, t)),
            (0.36, mix(0.24, 0.38, t)),
            (0.1, mix(0.42, 0.56, t)),
            (0.14, mix(0.66, 0.82, t)),
            (0.33, mix(0.93, 1.0, t)),
        ])
    };
    let (top, cuff, puff, drop) = dice.weighted(&[
        (0.4, (0.8, 0.8, 0.0, 0.0)),
        (0.32, (2.2, 2.0, 0.0, 1.5)),
        (0.12, (1.2, 5.0, 0.0, 0.0)),
        (0.1, (2.0, 0.8, 3.0, 0.0)),
        (0.06, (4.0, 1.5, 0.0, 12.0)),
    ]);
    Some(SleeveCut { length, ease: (top, cuff), puff, drop, cuff: dice.chance(0.45) })
}

/// A bottom.
pub(super) fn bottom(dice: &mut Dice) -> BottomCut {
    let legs = dice.chance(0.62);
    let waist_y = dice.range(38.0, 51.0);
    let t = dice.range(0.0, 1.0);
    let (length, ease) = if legs {
        let length = dice.weighted(&[
            (0.28, mix(0.12, 0.42, t)),
            (0.17, mix(0.58, 0.85, t)),
            (0.55, mix(0.93, 1.02, t)),
        ]);
        let ease = dice.weighted(&[
            (0.4, (0.3, 0.4)),
            (0.25, (1.2, 2.2)),
            (0.15, (3.0, 6.5)),
            (0.2, (0.6, 6.0)),
        ]);
        (length, (ease.0 + dice.range(0.0, 0.6), ease.1 + dice.range(0.0, 1.0)))
    } else {
        let length = dice.weighted(&[
            (0.4, mix(80.0, 95.0, t)),
            (0.35, mix(98.0, 118.0, t)),
            (0.25, mix(122.0, 147.0, t)),
        ]);
        (length, (0.0, 0.0))
    };
    let full = dice.range(0.0, 1.0);
    let drape = skirt_drape(dice, full, length, waist_y + 6.0);
    BottomCut {
        legs,
        waist_y,
        length,
        ease,
        drape,
        hem: if !legs && full > 0.5 { Hem::Wavy } else { Hem::Straight },
        pleats: !legs && full > 0.4 && dice.chance(0.5),
        pockets: dice.chance(if legs { 0.8 } else { 0.25 }),
        belt: dice.chance(0.2),
        jeans: legs && dice.chance(0.5),
    }
}

/// A skirt's fall: `full` 0 hugs the legs, 1 swings; the hem never gets wider than a wearer is tall.
fn skirt_drape(dice: &mut Dice, full: f32, hem_y: f32, from: f32) -> Drape {
    let width = if full < 0.3 { dice.range(-2.0, 1.0) } else { 4.0 + 22.0 * (full - 0.3) };
    let metres = ((hem_y - from) / 100.0).max(0.2);
    Drape { ease: 0.6, boxy: 0.0, flare: width * (0.6 + 0.5 * metres) / metres, flare_from: from }
}

fn full(dice: &mut Dice) -> Cut {
    let (mut bodice, waist_y, waist) = bodice(dice);
    if dice.chance(0.2) {
        let mut legs = bottom(dice);
        (legs.legs, legs.waist_y, legs.jeans, legs.belt) = (true, waist_y, false, false);
        legs.length = dice.weighted(&[(0.25, 0.2), (0.25, 0.75), (0.5, 0.98)]) + dice.bell(0.05);
        legs.ease = (dice.range(0.8, 2.5), dice.range(0.8, 6.0));
        bodice.hem_y = waist_y;
        return Cut::Jumpsuit(bodice, legs, waist);
    }
    Cut::Dress(with_skirt(dice, bodice, waist_y), waist_y, waist)
}

/// A dress; `sling` hangs it from thin straps.
pub(super) fn dress(dice: &mut Dice, sleeveless: bool, sling: bool) -> Cut {
    let (mut bodice, waist_y, waist) = bodice(dice);
    if sleeveless {
        bodice.sleeve = None;
    }
    if sling {
        bodice = self::sling(dice, bodice);
    }
    Cut::Dress(with_skirt(dice, bodice, waist_y), waist_y, waist)
}

/// The upper part of something for the whole body, and where and how its waist is.
fn bodice(dice: &mut Dice) -> (TopCut, f32, Waist) {
    let mut bodice = top(dice, false);
    let waist_y = dice.range(35.0, 44.0);
    bodice.hem = Hem::Straight;
    bodice.motif = false;
    bodice.drape = Drape {
        ease: dice.range(0.4, 1.6),
        boxy: dice.range(0.0, 0.3),
        flare: 0.0,
        flare_from: waist_y,
    };
    let waist = dice.weighted(&[(0.35, Waist::Seam), (0.4, Waist::Belt), (0.25, Waist::TwoCloths)]);
    (bodice, waist_y, waist)
}

/// `bodice` with a skirt below `waist_y`.
fn with_skirt(dice: &mut Dice, mut bodice: TopCut, waist_y: f32) -> TopCut {
    let t = dice.range(0.0, 1.0);
    bodice.hem_y = dice.weighted(&[
        (0.45, mix(78.0, 96.0, t)),
        (0.3, mix(98.0, 116.0, t)),
        (0.25, mix(122.0, 146.0, t)),
    ]);
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
    bodice
}
