//! Who wears what in a picture of several garments: one outfit for each figure, the innermost garment first.
use super::{
    cut::{Cut, Front, SleeveCut, TopCut},
    dice::Dice,
    pose::Display,
    tailor,
};

/// What goes onto one figure.
pub(super) type Outfit = Vec<Cut>;

/// The figures of a picture, from the front: one or two wearers, or up to three garments shown alone; never more than
/// four garments in all.
pub(super) fn outfits(dice: &mut Dice, display: Display) -> Vec<Outfit> {
    if display != Display::Worn {
        let count = dice.weighted(&[(0.2, 1), (0.45, 2), (0.35, 3)]);
        return (0..count).map(|_| vec![alone(dice, display)]).collect();
    }
    let first = match dice.weighted(&[(0.34, 0), (0.22, 1), (0.3, 2), (0.14, 3)]) {
        0 => vec![Cut::Bottom(tailor::bottom(dice)), Cut::Top(top(dice))],
        1 => vec![dress(dice)],
        2 => {
            let (bottom, jacket) = (tailor::bottom(dice), jacket(dice));
            vec![Cut::Bottom(bottom), Cut::Top(beneath(top(dice), &jacket)), Cut::Top(jacket)]
        }
        _ => {
            let jacket = jacket(dice);
            let dress = match dress(dice) {
                Cut::Dress(top, y, waist) => Cut::Dress(beneath(top, &jacket), y, waist),
                other => other,
            };
            vec![dress, Cut::Top(jacket)]
        }
    };
    let mut figures = vec![first];
    if dice.chance(0.3) {
        let room = figures[0].len() < 3;
        figures.push(if room && dice.chance(0.6) {
            vec![Cut::Bottom(tailor::bottom(dice)), Cut::Top(top(dice))]
        } else {
            vec![dress(dice)]
        });
    }
    figures
}

/// Whether a garment goes over the others of its outfit.
pub(super) fn is_outer(cut: &Cut) -> bool {
    matches!(cut, Cut::Top(top) if top.front == Front::Open)
}

fn alone(dice: &mut Dice, display: Display) -> Cut {
    // Hangers are for shoulders.
    let bottoms = if display == Display::Hanging { 0.0 } else { 0.35 };
    match dice.weighted(&[(0.35, 0), (bottoms, 1), (0.3, 2), (0.2, 3)]) {
        0 => Cut::Top(top(dice)),
        1 => Cut::Bottom(tailor::bottom(dice)),
        2 => dress(dice),
        _ => Cut::Top(jacket(dice)),
    }
}

fn top(dice: &mut Dice) -> TopCut {
    let mut top = tailor::top(dice, false);
    match dice.weighted(&[(0.74, 0), (0.1, 1), (0.16, 2)]) {
        1 => top.sleeve = None,
        2 => top = tailor::sling(dice, top),
        _ => {}
    }
    top
}

fn dress(dice: &mut Dice) -> Cut {
    let (sleeveless, sling) =
        dice.weighted(&[(0.5, (false, false)), (0.22, (true, false)), (0.28, (true, true))]);
    tailor::dress(dice, sleeveless, sling)
}

fn jacket(dice: &mut Dice) -> TopCut {
    let mut jacket = tailor::top(dice, true);
    if let (Some(sleeve), true) = (&mut jacket.sleeve, dice.chance(0.45)) {
        sleeve.length = dice.range(0.28, 0.5);
    }
    jacket
}

/// `top` with sleeves that go into a jacket's.
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
