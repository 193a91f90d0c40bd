//! Probabilities of cuts: the place to tune them, as `pattern` is for cloth and `panels` for the
//! cloth of a garment's parts.
use super::{
    cut::{Hem, Neck},
    dresses::Silhouette,
};
use crate::{random::dice::Dice, style::Style};

/// Probabilities of a hood on a top without a collar, and of a breast pocket, a print and a band
/// across a top.
pub(crate) const HOOD: f32 = 0.08;
pub(crate) const POCKET: f32 = 0.2;
pub(crate) const MOTIF: f32 = 0.25;
pub(crate) const YOKE: f32 = 0.05;
/// Probabilities of a fitted top and of one without sleeves. The latter are more frequent than at
/// home (1 % of the training split of the open clothing benchmark), as shops sell more of them.
pub(crate) const FITTED: f32 = 0.45;
pub(crate) const SLEEVELESS: f32 = 0.07;
/// Probability of a visible shirt beneath a neckline.
pub(crate) const BENEATH: f32 = 0.07;
/// Probabilities of a top tucked into the garment below it, of an open jacket as long as a coat,
/// and of a closed coat as the only top.
pub(crate) const TUCKED: f32 = 0.22;
pub(crate) const LONG_COAT: f32 = 0.35;
pub(crate) const CLOSED_COAT: f32 = 0.07;
/// Probability of a labeled garment in the color of the background.
pub(crate) const LIKE_GROUND: f32 = 0.07;
/// Probabilities of sleeves with a ruffle and of tiered sleeves in usual images, and of hairy or
/// padded tops and open jackets.
pub(crate) const RUFFLE: f32 = 0.08;
pub(crate) const TIERS: f32 = 0.05;
pub(crate) const FUR: [f32; 2] = [0.015, 0.07];
pub(crate) const QUILTED: [f32; 2] = [0.01, 0.16];
/// Probabilities of another hem below a top's, and of a coat or jacket over a dress or over other
/// garments.
pub(crate) const UNDER_HEM: f32 = 0.08;
pub(crate) const JACKET: [f32; 2] = [0.17, 0.11];
/// Probabilities of a companion garment in the same cloth, as in a suit, or in nearly the same
/// color.
pub(crate) const MATCHING: f32 = 0.09;
pub(crate) const SIMILAR: f32 = 0.1;
/// Probabilities of a dress with thin straps, and of one without sleeves in addition to the
/// sleeveless tops. Together they match the training split of the open clothing benchmark, where 58
/// % of dresses have cuffs at the shoulder.
pub(crate) const SLIP: f32 = 0.12;
pub(crate) const SLEEVELESS_DRESS: f32 = 0.46;
/// How far short sleeves of dresses stick out relative to those of tops, by the same labels.
pub(crate) const STICK_OF_DRESSES: f32 = 0.55;
/// Probabilities of sloping hems in usual and unlike images, and of a peplum on tops in unlike
/// images.
const SLOPE: [f32; 2] = [0.12, 0.37];
pub(crate) const PEPLUM: f32 = 0.4;

/// Ranges of lengths with their probabilities.
pub(crate) type Lengths = &'static [(f32, (f32, f32))];

/// Where tops end, in centimeters below the hollow of the neck: cropped, usual, long. Nearly all
/// tops in the training split of the open clothing benchmark are usual.
pub(crate) const TOPS: Lengths = &[(0.2, (36.0, 48.0)), (0.66, (52.0, 68.0)), (0.14, (68.0, 88.0))];
/// How far sleeves reach along the arm: cap, short, elbow, three quarters, long. Of the tops in the
/// training split of the open clothing benchmark, 36 % have short sleeves, 5 % medium and 57 % long
/// ones.
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
/// The drapes of dresses.
pub(crate) const SILHOUETTES: &[(f32, Silhouette)] = &[
    (0.52, Silhouette::Waisted),
    (0.07, Silhouette::Empire),
    (0.07, Silhouette::Dropped),
    (0.12, Silhouette::Sheath),
    (0.14, Silhouette::Shift),
    (0.08, Silhouette::Tent),
];
/// How far legs reach in usual images: shorts, three quarters, long.
pub(crate) const LEGS: Lengths =
    &[(0.26, (0.12, 0.42)), (0.15, (0.55, 0.86)), (0.59, (0.92, 1.03))];
/// Where skirts end, in centimeters below the hollow of the neck: mini, knee, maxi.
pub(crate) const SKIRTS: Lengths =
    &[(0.4, (77.0, 95.0)), (0.35, (98.0, 118.0)), (0.25, (122.0, 147.0))];

/// The ease of legs at thigh and hem in usual images: skinny, straight, wide, flared, tapered.
pub(crate) const USUAL_LEGS: &[(f32, (f32, f32))] = &[
    (0.36, (0.1, 0.1)),
    (0.22, (1.0, 1.8)),
    (0.14, (3.2, 7.0)),
    (0.14, (0.4, 5.5)),
    (0.14, (2.6, 1.2)),
];
/// A length of legs, and their ease at that length.
pub(crate) type Legs = (f32, (f32, f32));
/// Lengths with ease in unlike images: culottes, harem trousers, bells, shorts.
pub(crate) const UNLIKE_LEGS: &[(f32, Legs)] = &[
    (0.36, (0.64, (4.0, 11.0))),
    (0.2, (0.96, (7.0, 0.4))),
    (0.22, (1.0, (0.5, 11.0))),
    (0.22, (0.4, (2.0, 4.0))),
];

/// Necklines with their probabilities.
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
        // The others are as usual: there are only so many necklines.
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

/// Hems of tops with their probabilities.
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

/// Sleeves with their probabilities: ease at top and cuff, bulge between, and how far below the
/// armpit they start.
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

/// A length from one of the ranges, chosen by probability.
pub(crate) fn length(dice: &mut Dice, choices: &[(f32, (f32, f32))]) -> f32 {
    let (low, high) = dice.weighted(choices);
    dice.range(low, high)
}

/// How much lower a hem's right end is than its middle, in centimeters: up to `most` in unlike
/// images, half of that in usual ones, and mostly 0.
pub(crate) fn slope(dice: &mut Dice, most: f32) -> f32 {
    let (chance, most) = match dice.style {
        Style::Usual => (SLOPE[0], most * 0.5),
        Style::Unlike => (SLOPE[1], most),
    };
    if dice.chance(chance) { dice.range(-most, most) } else { 0.0 }
}
