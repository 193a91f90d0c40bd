//! The outfits in an image of several garments.
use super::{
    bottoms,
    cut::{BottomCut, Cut, SleeveCut, TopCut},
    drape::Drape,
    dresses, tops,
};
use crate::{person::pose::Display, random::dice::Dice};

/// A garment of an outfit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Garment {
    pub cut: Cut,
    /// The order of its trunk.
    pub order: f32,
    /// Whether it is worn open over the others.
    pub outer: bool,
}

/// The garments of one figure, a jacket last.
pub(crate) type Outfit = Vec<Garment>;

/// The figures of an image, front to back: one or two wearers, or up to three garments without
/// wearers; at most four garments in all.
pub(crate) fn outfits(dice: &mut Dice, display: Display) -> Vec<Outfit> {
    if display != Display::Worn {
        let count = dice.weighted(&[(0.2, 1), (0.45, 2), (0.35, 3)]);
        return (0..count).map(|_| vec![alone(dice, display)]).collect();
    }
    let first = match dice.weighted(&[(0.34, 0), (0.22, 1), (0.3, 2), (0.14, 3)]) {
        0 => separates(dice),
        1 => vec![whole(dress(dice))],
        2 => {
            let jacket = jacket(dice);
            vec![lower(bottoms::bottom(dice)), upper(beneath(top(dice), &jacket)), outer(jacket)]
        }
        _ => {
            let jacket = jacket(dice);
            let dress = match dress(dice) {
                Cut::Dress(top, y, waist) => Cut::Dress(beneath(top, &jacket), y, waist),
                other => other,
            };
            vec![whole(dress), outer(jacket)]
        }
    };
    let room = first.len() < 3;
    let mut figures = vec![first];
    if dice.chance(0.3) {
        let pair = room && dice.chance(0.6);
        figures.push(if pair { separates(dice) } else { vec![whole(dress(dice))] });
    }
    figures
}

fn lower(cut: BottomCut) -> Garment {
    Garment { cut: Cut::Bottom(cut), order: 20.0, outer: false }
}

fn upper(cut: TopCut) -> Garment {
    Garment { cut: Cut::Top(cut), order: 24.0, outer: false }
}

fn whole(cut: Cut) -> Garment {
    Garment { cut, order: 22.0, outer: false }
}

fn outer(cut: TopCut) -> Garment {
    Garment { cut: Cut::Top(cut), order: 30.0, outer: true }
}

fn alone(dice: &mut Dice, display: Display) -> Garment {
    // Hangers are for tops.
    let bottoms = if display == Display::Hanging { 0.0 } else { 0.35 };
    match dice.weighted(&[(0.35, 0), (bottoms, 1), (0.3, 2), (0.2, 3)]) {
        0 => upper(top(dice)),
        1 => lower(bottoms::bottom(dice)),
        2 => whole(dress(dice)),
        _ => outer(jacket(dice)),
    }
}

/// A top with a bottom; some tops are tucked in.
fn separates(dice: &mut Dice) -> Outfit {
    let (bottom, top) = (bottoms::bottom(dice), top(dice));
    if !dice.chance(0.4) {
        return vec![lower(bottom), upper(top)];
    }
    // No cloth may stick out beside the waistband.
    let drape = Drape { ease: 0.4, boxy: 0.0, flare: 0.0, ..top.drape };
    let hem_y = bottom.waist_y + dice.range(4.0, 9.0);
    vec![Garment { order: 18.0, ..upper(TopCut { drape, hem_y, ..top }) }, lower(bottom)]
}

fn top(dice: &mut Dice) -> TopCut {
    let mut top = tops::top(dice, false);
    match dice.weighted(&[(0.74, 0), (0.1, 1), (0.16, 2)]) {
        1 => top.sleeve = None,
        2 => top = tops::sling(dice, top),
        _ => {}
    }
    top
}

fn dress(dice: &mut Dice) -> Cut {
    let (sleeveless, sling) =
        dice.weighted(&[(0.64, (false, false)), (0.14, (true, false)), (0.22, (true, true))]);
    dresses::dress(dice, sleeveless, sling)
}

fn jacket(dice: &mut Dice) -> TopCut {
    let mut jacket = tops::top(dice, true);
    if let (Some(sleeve), true) = (&mut jacket.sleeve, dice.chance(0.45)) {
        sleeve.length = dice.range(0.28, 0.5);
    }
    jacket
}

/// `top` with sleeves that fit into a jacket's.
fn beneath(top: TopCut, jacket: &TopCut) -> TopCut {
    let room = jacket.sleeve.map_or(0.0, |sleeve| sleeve.length - 0.06);
    let fitted = |sleeve: SleeveCut| SleeveCut {
        length: sleeve.length.min(room),
        ease: (sleeve.ease.0.min(1.0), sleeve.ease.1.min(1.0)),
        puff: 0.0,
        ..sleeve
    };
    TopCut { sleeve: top.sleeve.filter(|_| room > 0.16).map(fitted), ..top }
}
