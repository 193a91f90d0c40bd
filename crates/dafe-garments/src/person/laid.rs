//! How sleeves and legs lie without a wearer.
use super::{
    body::Build,
    chances,
    pose::{Arm, Display},
};
use crate::random::dice::Dice;

/// The position of a lying or hanging sleeve.
pub(super) fn arm(dice: &mut Dice, display: Display) -> Arm {
    if display == Display::Hanging {
        return Arm::Angles(dice.range(3.0, 20.0), dice.range(0.0, 15.0));
    }
    let [narrow, wide, spread, raised, across, bent, under] = chances::SLEEVES_LAID;
    let narrow = (narrow, Arm::Angles(dice.range(6.0, 22.0), dice.range(0.0, 18.0)));
    let wide = (wide, Arm::Angles(dice.range(22.0, 50.0), dice.range(12.0, 50.0)));
    let spread = (spread, Arm::Angles(dice.range(58.0, 90.0), dice.range(45.0, 100.0)));
    let raised = (raised, Arm::Angles(dice.range(95.0, 140.0), dice.range(80.0, 165.0)));
    // The forearm lies on the trunk, sticks up beside it, or is beneath it.
    let across = (across, Arm::Angles(dice.range(8.0, 38.0), -dice.range(25.0, 120.0)));
    let bent = (bent, Arm::Angles(dice.range(15.0, 60.0), dice.range(85.0, 160.0)));
    let under = (under, Arm::Under(dice.range(4.0, 25.0), -dice.range(20.0, 120.0)));
    dice.weighted(&[narrow, wide, spread, raised, across, bent, under])
}

/// Widens a figure to the width of clothes that lie flat: `broad` times, and less at neck and
/// shoulders.
pub(super) fn flatten(build: &mut Build, broad: f32) {
    for width in [&mut build.chest, &mut build.waist, &mut build.hip, &mut build.limbs] {
        *width *= broad;
    }
    // Lying flat, a waist is hardly narrower than a chest.
    build.waist += (build.chest - build.waist) * 0.4;
    build.shoulder *= 1.0 + 0.5 * (broad - 1.0);
}

/// The distance between the legs' ankles, and how far each knee is bent outwards, in centimeters.
pub(super) fn legs(dice: &mut Dice) -> (f32, [f32; 2]) {
    if dice.chance(chances::LEGS_LAID_EVENLY) {
        return (dice.range(0.5, 7.0), [dice.range(0.0, 0.5); 2]);
    }
    (dice.range(0.0, 20.0), [dice.bell(7.0), dice.bell(7.0)])
}
