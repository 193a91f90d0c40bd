//! Poses: how a body stands, leans, turns and holds its arms, by FLD's variation types.
use dafe::landmark::VariationType;

use super::{
    body::{Body, Build, sign},
    chances, laid,
};
use crate::{
    geometry::{
        limb::Limb,
        point::{Pt, pt},
    },
    random::dice::Dice,
};

/// How the clothes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Display {
    /// On a person.
    Worn,
    /// Without a wearer: as on an invisible figure, laid flat, or on a hanger.
    Alone,
    /// Without a wearer, on a hanger.
    Hanging,
}

/// The liveliness of a pose, 0 (still) to 1 (wild).
pub(crate) fn liveliness(variation: VariationType, dice: &mut Dice) -> f32 {
    match variation {
        VariationType::Normal => dice.range(0.0, 0.3),
        VariationType::MediumPose => dice.range(0.4, 0.65),
        VariationType::LargePose => dice.range(0.8, 1.0),
        VariationType::MediumZoomIn | VariationType::LargeZoomIn => dice.range(0.0, 0.5),
    }
}

const UPPER_ARM: f32 = 28.0;
const FOREARM: f32 = 25.0;

/// Chooses a body with a pose of liveliness `lively`.
pub(crate) fn body(dice: &mut Dice, display: Display, lively: f32) -> Body {
    let worn = display == Display::Worn;
    let mut build = build(dice);
    let mut broad = 1.0;
    if !worn && dice.chance(chances::FLAT) {
        broad = dice.range(1.1, 1.45);
        laid::flatten(&mut build, broad);
    }
    let yaw = if !worn {
        0.0
    } else if dice.chance(chances::THREE_QUARTER) {
        dice.sign() * dice.range(0.5, 1.15)
    } else {
        dice.sign() * lively * dice.range(0.25, 0.85)
    };
    let shoulders = [0, 1].map(|side| {
        let turned = sign(side) * (build.shoulder - 3.2) * yaw.cos();
        pt(turned, 8.0)
    });
    let mut body = Body {
        build,
        yaw,
        from_behind: false,
        pull: [0.0; 2],
        arms: [Limb { joints: [Pt::default(); 3] }; 2],
        arm_behind: [false; 2],
        arm_over_head: [false; 2],
        hand_in_pocket: [false; 2],
        legs: [Limb { joints: [Pt::default(); 3] }; 2],
        head: pt(1.5 * yaw.sin() + dice.bell(2.0 * lively), -19.4),
        head_yaw: (yaw * 1.2 + dice.bell(0.3)).clamp(-0.9, 0.9),
    };
    // Clothes that lie flat are mostly laid out symmetrically.
    let even = if worn { 0.35 } else { chances::LAID_EVENLY };
    let first = if worn { arm_pose(dice, lively) } else { laid::arm(dice, display) };
    let second = match (dice.chance(even), worn) {
        (true, _) => first,
        (false, true) => arm_pose(dice, lively),
        (false, false) => laid::arm(dice, display),
    };
    let folded = worn && dice.chance(chances::FOLDED_ARMS);
    let [first, second] = if folded { [Arm::Folded; 2] } else { [first, second] };
    for (side, pose) in [first, second].into_iter().enumerate() {
        place_arm(dice, &mut body, side, pose, shoulders[side]);
    }
    if let Some(far) = body.far_side() {
        body.arm_behind[far] =
            !matches!([first, second][far], Arm::Across | Arm::Head | Arm::Folded);
    }
    place_legs(dice, &mut body, lively, worn);
    for joint in body.legs.iter_mut().flat_map(|leg| &mut leg.joints) {
        joint.x *= broad;
    }
    if !worn && dice.chance(chances::SPREAD_HEM) {
        body.pull[dice.count(0, 1)] = dice.range(-3.0, 16.0);
    }
    body
}

fn build(dice: &mut Dice) -> Build {
    let broad = dice.range(0.0, 1.0);
    let full = dice.bell(1.0);
    Build {
        neck: 5.2 + broad * 1.5,
        shoulder: 17.0 + broad * 4.0 + dice.bell(0.8),
        chest: 14.2 + broad * 2.6 + full * 1.2,
        waist: 11.8 + broad * 3.0 + full * 1.6,
        hip: 16.4 + full * 1.5 + dice.bell(0.8),
        limbs: 0.95 + 0.12 * broad + 0.1 * full,
    }
}

/// The pose of an arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Arm {
    /// The angles of the upper arm from straight down and of the forearm, in degrees outwards.
    Angles(f32, f32),
    /// The same, beneath the trunk.
    Under(f32, f32),
    /// The hand on the hip.
    Hip,
    /// The hand on the thigh.
    Thigh,
    /// The hand in a pocket.
    Pocket,
    /// The hand at the other arm's elbow, in front of the chest.
    Folded,
    /// The hand in front of the other side of the belly.
    Across,
    /// The hand at head or hair.
    Head,
    /// The hand behind the back.
    Back,
    /// The hand holds a skirt out.
    Hold,
}

fn arm_pose(dice: &mut Dice, lively: f32) -> Arm {
    let hang = Arm::Angles(dice.range(4.0, 13.0), dice.range(-2.0, 14.0));
    let away = Arm::Angles(dice.range(18.0, 40.0), dice.range(5.0, 48.0));
    let up = Arm::Angles(dice.range(95.0, 150.0), dice.range(120.0, 185.0));
    let out = Arm::Angles(dice.range(50.0, 90.0), dice.range(45.0, 140.0));
    let l = lively;
    dice.weighted(&[
        (1.2 - l, hang),
        (0.6, away),
        (0.35 + 0.4 * l, Arm::Hip),
        (0.25, Arm::Thigh),
        (chances::POCKET, Arm::Pocket),
        (0.18 + 0.35 * l, Arm::Across),
        (0.1 + 0.35 * l, Arm::Head),
        (0.12, Arm::Back),
        (chances::HOLD, Arm::Hold),
        (0.06 + 0.65 * l * l, up),
        (0.15 + 0.55 * l, out),
    ])
}

fn place_arm(dice: &mut Dice, body: &mut Body, side: usize, pose: Arm, shoulder: Pt) {
    let s = sign(side);
    let squeeze = (0.55 + 0.45 * body.yaw.cos()).min(1.0);
    let aim = |degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        pt(s * sin * squeeze, cos)
    };
    // Hands are placed at the turned body's hips, belly and head.
    let hip = body.seen(body.build.hip);
    let (hand, behind) = match pose {
        Arm::Angles(upper, fore) => {
            let shoulder = if upper > 90.0 { shoulder + pt(-s * 1.0, -4.0) } else { shoulder };
            let elbow = shoulder + aim(upper) * UPPER_ARM;
            body.arms[side].joints = [shoulder, elbow, elbow + aim(fore) * FOREARM];
            body.arm_over_head[side] = upper > 90.0;
            return;
        }
        Arm::Under(upper, fore) => {
            let elbow = shoulder + aim(upper) * UPPER_ARM;
            body.arms[side].joints = [shoulder, elbow, elbow + aim(fore) * FOREARM];
            body.arm_behind[side] = true;
            return;
        }
        Arm::Hip => (pt(s * (hip + 1.0), dice.range(46.0, 53.0)), false),
        Arm::Thigh => (pt(s * (hip - 0.5), dice.range(57.0, 62.0)), false),
        Arm::Pocket => (pt(s * (hip - 2.5), dice.range(55.0, 59.0)), false),
        Arm::Folded => (pt(-s * dice.range(8.0, 12.0), dice.range(26.0, 33.0)), false),
        Arm::Across => (pt(-s * dice.range(-3.0, 9.0), dice.range(28.0, 50.0)), false),
        Arm::Head => (pt(body.head.x + s * dice.range(5.0, 9.0), dice.range(-27.0, -12.0)), false),
        Arm::Hold => (pt(s * (hip + dice.range(6.0, 15.0)), dice.range(50.0, 60.0)), false),
        Arm::Back => (pt(-s * dice.range(0.0, 6.0), dice.range(46.0, 58.0)), true),
    };
    body.arms[side].joints = reach(shoulder, hand, s, dice.range(0.9, 1.0));
    body.arm_behind[side] |= behind;
    if pose == Arm::Hold {
        body.pull[side] = dice.range(6.0, 24.0);
    }
    body.hand_in_pocket[side] = pose == Arm::Pocket;
}

/// The arm from `shoulder` to `hand`, elbow out; `length` below 1 foreshortens it.
fn reach(shoulder: Pt, hand: Pt, side: f32, length: f32) -> [Pt; 3] {
    let (a, b) = (UPPER_ARM * length, FOREARM * length);
    let way = hand - shoulder;
    let distance = way.length().clamp(8.0, (a + b) * 0.995);
    let hand = shoulder + way.unit() * distance;
    let along = (a * a - b * b + distance * distance) / (2.0 * distance);
    let out = (a * a - along * along).max(0.0).sqrt();
    let fold = way.unit().perp() * out;
    let outwards = if fold.x * side > 0.0 { fold } else { -fold };
    let elbow = shoulder + way.unit() * along + outwards;
    [shoulder, elbow, hand]
}

fn place_legs(dice: &mut Dice, body: &mut Body, lively: f32, worn: bool) {
    let turned = 0.6 + 0.4 * body.yaw.cos();
    let (spread, bent) = if !worn {
        laid::legs(dice)
    } else if dice.chance(chances::FEET_TOGETHER) {
        (-dice.range(1.0, 6.0), [0.0; 2])
    } else {
        (dice.range(1.0, 5.0 + 8.0 * lively), [0.0; 2])
    };
    // A foot lifted behind the wearer.
    let mut up = [0.0; 2];
    if worn && dice.chance(chances::LIFTED_FOOT) {
        up[dice.count(0, 1)] = dice.range(10.0, 24.0);
    }
    let step = if worn { dice.bell(3.0 + 7.0 * lively) } else { 0.0 };
    for side in [0, 1] {
        let s = sign(side);
        let own = if worn { dice.range(0.0, 4.0 * lively + 0.5) } else { bent[side] };
        // A turned seat is behind the feet.
        let back = -body.yaw.sin();
        let hip = pt(s * 7.9 * turned + 2.5 * back, 66.0);
        let knee = pt(s * (8.4 + spread * 0.6 + own) * turned + step * 0.4 + 1.5 * back, 108.0);
        let ankle = pt(s * (8.2 + spread) * turned + step + back, 147.0 - own * 0.8);
        body.legs[side] = Limb { joints: [hip, knee, ankle - pt(0.0, up[side])] };
    }
}
