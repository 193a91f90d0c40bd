//! How often what is cut how: the place to turn cuts up and down in, as `pattern` is for cloth and
//! `panels` for what parts are made of.
use super::{
    cut::{Hem, Neck},
    dresses::Silhouette,
};
use crate::{random::dice::Dice, style::Style};

/// How often a top without a collar has a hood, a top a breast pocket or something printed on it,
/// and a band across it.
pub(crate) const HOOD: f32 = 0.08;
pub(crate) const POCKET: f32 = 0.2;
pub(crate) const MOTIF: f32 = 0.25;
pub(crate) const YOKE: f32 = 0.05;
/// How often a top is fitted, and has no sleeves: more often than at home (1 % of the training split
/// of the open clothing benchmark), as shops sell more of these.
pub(crate) const FITTED: f32 = 0.45;
pub(crate) const SLEEVELESS: f32 = 0.07;
/// How often a shirt beneath shows in a neckline.
pub(crate) const BENEATH: f32 = 0.07;
/// How often a top is tucked into what is worn below it, and an open jacket is as long as a coat;
/// how often the only top is a closed coat.
pub(crate) const TUCKED: f32 = 0.22;
pub(crate) const LONG_COAT: f32 = 0.35;
pub(crate) const CLOSED_COAT: f32 = 0.07;
/// How often the labelled garment is of the color behind it.
pub(crate) const LIKE_GROUND: f32 = 0.07;
/// How often usual sleeves end in a ruffle, and are made of tiers; how often tops and open jackets
/// are hairy or padded.
pub(crate) const RUFFLE: f32 = 0.08;
pub(crate) const TIERS: f32 = 0.05;
pub(crate) const FUR: [f32; 2] = [0.015, 0.07];
pub(crate) const QUILTED: [f32; 2] = [0.01, 0.16];
/// How often another hem shows below a top's, and a coat or jacket is worn over a dress or over
/// something else.
pub(crate) const UNDER_HEM: f32 = 0.08;
pub(crate) const JACKET: [f32; 2] = [0.17, 0.11];
/// How often what goes with a garment is of its very cloth, as of a suit, or nearly of its color.
pub(crate) const MATCHING: f32 = 0.09;
pub(crate) const SIMILAR: f32 = 0.1;
/// How often a dress hangs from thin straps, and has no sleeves besides those that a top may lack:
/// together as in the training split of the open clothing benchmark, where cuffs of 58 % are at the
/// shoulder.
pub(crate) const SLIP: f32 = 0.12;
pub(crate) const SLEEVELESS_DRESS: f32 = 0.46;
/// How far dresses' short sleeves stick out against those of tops, by the same labels.
pub(crate) const STICK_OF_DRESSES: f32 = 0.55;
/// How often hems slope in usual and unlike images, and unlike ones' tops have a peplum.
const SLOPE: [f32; 2] = [0.12, 0.37];
pub(crate) const PEPLUM: f32 = 0.4;

/// Choices by chance: lengths between two bounds.
pub(crate) type Lengths = &'static [(f32, (f32, f32))];

/// Where tops end, in centimeters below the hollow of the neck: cropped, usual, long. In the
/// training split of the open clothing benchmark nearly all are usual ones.
pub(crate) const TOPS: Lengths = &[(0.2, (36.0, 48.0)), (0.66, (52.0, 68.0)), (0.14, (68.0, 88.0))];
/// How far sleeves reach along the arm: cap, short, elbow, three quarters, long. Of the tops in the
/// training split of the open clothing benchmark, 36 % have short sleeves, 5 % middling ones and
/// 57 % long ones.
pub(crate) const SLEEVES: Lengths = &[
    (0.05, (0.185, 0.22)),
    (0.29, (0.22, 0.4)),
    (0.04, (0.42, 0.58)),
    (0.05, (0.62, 0.85)),
    (0.57, (0.92, 1.02)),
];
/// Where coats end.
pub(crate) const COATS: Lengths = &[(0.5, (74.0, 95.0)), (0.5, (95.0, 125.0))];
/// Where dresses end: mini, knee, maxi.
pub(crate) const DRESSES: Lengths =
    &[(0.36, (70.0, 94.0)), (0.38, (94.0, 118.0)), (0.26, (118.0, 147.0))];
/// How dresses fall.
pub(crate) const SILHOUETTES: &[(f32, Silhouette)] = &[
    (0.52, Silhouette::Waisted),
    (0.07, Silhouette::Empire),
    (0.07, Silhouette::Dropped),
    (0.12, Silhouette::Sheath),
    (0.14, Silhouette::Shift),
    (0.08, Silhouette::Tent),
];
/// How far usual legs reach: shorts, three quarters, long.
pub(crate) const LEGS: Lengths =
    &[(0.26, (0.12, 0.42)), (0.15, (0.55, 0.86)), (0.59, (0.92, 1.03))];
/// Where skirts end, in centimeters below the hollow of the neck: mini, knee, maxi.
pub(crate) const SKIRTS: Lengths =
    &[(0.4, (77.0, 95.0)), (0.35, (98.0, 118.0)), (0.25, (122.0, 147.0))];

/// How far usual legs stand off at thigh and hem: skinny, straight, wide, flared, tapered.
pub(crate) const USUAL_LEGS: &[(f32, (f32, f32))] = &[
    (0.36, (0.1, 0.1)),
    (0.22, (1.0, 1.8)),
    (0.14, (3.2, 7.0)),
    (0.14, (0.4, 5.5)),
    (0.14, (2.6, 1.2)),
];
/// A length, and how far legs of it stand off.
pub(crate) type Legs = (f32, (f32, f32));
/// Unlike ones' lengths with that: culottes, harem trousers, bells, shorts.
pub(crate) const UNLIKE_LEGS: &[(f32, Legs)] = &[
    (0.36, (0.64, (4.0, 11.0))),
    (0.2, (0.96, (7.0, 0.4))),
    (0.22, (1.0, (0.5, 11.0))),
    (0.22, (0.4, (2.0, 4.0))),
];

/// Necklines by chance.
pub(crate) fn necks(style: Style) -> &'static [(f32, Neck)] {
    match style {
        Style::Usual => &[
            (0.34, Neck::Round),
            (0.2, Neck::Vee),
            (0.07, Neck::Square),
            (0.1, Neck::Boat),
            (0.06, Neck::OffShoulder),
            (0.21, Neck::Shirt),
            (0.08, Neck::Turtle),
        ],
        // The others are as usual: only so many lines go around a neck.
        Style::Unlike => &[
            (0.3, Neck::Cowl),
            (0.28, Neck::Heart),
            (0.14, Neck::Round),
            (0.12, Neck::Vee),
            (0.1, Neck::Shirt),
            (0.06, Neck::Turtle),
        ],
    }
}

/// Hems of tops by chance.
pub(crate) fn hems(style: Style) -> &'static [(f32, Hem)] {
    match style {
        Style::Usual => {
            &[(0.58, Hem::Straight), (0.2, Hem::Tails), (0.16, Hem::Ribbed), (0.06, Hem::Wavy)]
        }
        Style::Unlike => {
            &[(0.3, Hem::Scallops), (0.22, Hem::Points), (0.18, Hem::Petals), (0.3, Hem::Straight)]
        }
    }
}

/// Sleeves by chance: how far they stand off at top and cuff, how far they bulge between, how low
/// they leave the trunk.
pub(crate) type Sleeves = &'static [(f32, (f32, f32, f32, f32))];

pub(crate) fn sleeves(style: Style) -> Sleeves {
    match style {
        // Close, easy, loose, bell, puff, balloon, batwing.
        Style::Usual => &[
            (0.3, (0.4, 0.4, 0.0, 0.0)),
            (0.2, (1.2, 1.0, 0.0, 0.5)),
            (0.22, (2.4, 2.4, 0.0, 2.0)),
            (0.1, (1.2, 5.5, 0.0, 0.0)),
            (0.1, (2.0, 0.8, 3.2, 0.0)),
            (0.05, (2.2, 0.5, 5.2, 0.0)),
            (0.08, (4.0, 1.5, 0.0, 12.0)),
        ],
        // Kimono, cape, bishop, trumpet, plain.
        Style::Unlike => &[
            (0.26, (3.5, 8.0, 0.0, 9.0)),
            (0.18, (5.0, 13.0, 0.0, 4.0)),
            (0.22, (1.5, 1.0, 6.5, 1.0)),
            (0.16, (0.4, 10.0, 0.0, 0.0)),
            (0.18, (0.8, 0.8, 0.0, 0.0)),
        ],
    }
}

/// A length between one pair of bounds, these by chance.
pub(crate) fn length(dice: &mut Dice, choices: &[(f32, (f32, f32))]) -> f32 {
    let (low, high) = dice.weighted(choices);
    dice.range(low, high)
}

/// How much lower a hem's right end is than its middle, in centimeters: up to `most` in unlike
/// images, half of that in usual ones, and mostly nothing.
pub(crate) fn slope(dice: &mut Dice, most: f32) -> f32 {
    let (chance, most) = match dice.style {
        Style::Usual => (SLOPE[0], most * 0.5),
        Style::Unlike => (SLOPE[1], most),
    };
    if dice.chance(chance) { dice.range(-most, most) } else { 0.0 }
}
