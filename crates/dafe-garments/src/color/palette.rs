//! Palettes of clothes, skin, hair and mannequins.
use super::{Color, WHITE, hex};
use crate::{random::dice::Dice, style::Style};

/// Skin tones, fair to dark.
const SKIN: [Color; 10] = [
    hex(0xf6dccb),
    hex(0xf0cdb5),
    hex(0xe8bd9f),
    hex(0xdfae8c),
    hex(0xcf9a75),
    hex(0xb9825c),
    hex(0x9c6846),
    hex(0x7d5036),
    hex(0x5f3b29),
    hex(0x49301f),
];

const HAIR: [Color; 9] = [
    hex(0x15110f),
    hex(0x2a1c15),
    hex(0x402a1c),
    hex(0x5e3d25),
    hex(0x7d5430),
    hex(0xa87b48),
    hex(0xd0ac74),
    hex(0x8c3f22),
    hex(0x8b8681),
];

/// Colors of clothes in shops; common ones occur several times.
const CLOTH: [Color; 40] = [
    hex(0x16171b),
    hex(0x1d1d20),
    hex(0x26282e),
    hex(0xf4f3ef),
    hex(0xf0ece2),
    hex(0xe9e2d2),
    hex(0x1f2a48),
    hex(0x27365c),
    hex(0x2f4a80),
    hex(0x3b3e46),
    hex(0x6d7078),
    hex(0x9a9ca1),
    hex(0xc6c7c9),
    hex(0xa81f2d),
    hex(0xd2333b),
    hex(0x6b1a2b),
    hex(0xe0356f),
    hex(0xf3bcc6),
    hex(0xe9cfc8),
    hex(0xf08066),
    hex(0xe88b2e),
    hex(0xd9a32b),
    hex(0xf2d35e),
    hex(0x6b6b3a),
    hex(0x87835a),
    hex(0x2e5740),
    hex(0x1d6a5c),
    hex(0x2d8f86),
    hex(0xa9d6c4),
    hex(0x8fb9e0),
    hex(0x4f8ccb),
    hex(0x2b5fb4),
    hex(0xb9a6d8),
    hex(0x68418a),
    hex(0xb98a5a),
    hex(0xc9a67c),
    hex(0xdcc8a8),
    hex(0x6a4630),
    hex(0x8b3f2a),
    hex(0x4c3a35),
];

/// The number of neutral colors at the start: black, white, navy and gray.
const NEUTRAL: usize = 13;

/// Colors of clothes in unlike images: dusty, jewel and fluorescent tones.
const UNLIKE: [Color; 28] = [
    hex(0x2a2326),
    hex(0x39352f),
    hex(0xe6e0ea),
    hex(0xd9dccf),
    hex(0x5a5f73),
    hex(0x7c8a86),
    hex(0xb1a8b0),
    hex(0x44233f),
    hex(0x7a1f4c),
    hex(0xb5179e),
    hex(0x4b2a8c),
    hex(0x2e1b52),
    hex(0x0b3c49),
    hex(0x136f63),
    hex(0x5fa777),
    hex(0xa4d65e),
    hex(0xc6ff4d),
    hex(0xfff04d),
    hex(0xff9f1c),
    hex(0xff5a36),
    hex(0xb7472a),
    hex(0x8c5e58),
    hex(0xc98b8b),
    hex(0xe3b5a4),
    hex(0xa7c4d4),
    hex(0x5bc0eb),
    hex(0x1789a6),
    hex(0x5b4b2f),
];

/// A random color, mostly neither black nor white, mostly not garish.
fn any(dice: &mut Dice) -> Color {
    let hue = dice.range(0.0, 6.0);
    let (value, strength) = (dice.range(0.12, 0.98), dice.range(0.0, 1.0).powf(1.8));
    let channel = |at: f32| {
        let off = ((hue - at + 9.0) % 6.0 - 3.0).abs();
        255.0 * value * (1.0 - strength * (off - 1.0).clamp(0.0, 1.0))
    };
    Color { r: channel(0.0), g: channel(2.0), b: channel(4.0) }
}

/// A skin tone.
pub(crate) fn skin(dice: &mut Dice) -> Color {
    dice.pick(&SKIN).jitter(dice, 8.0)
}

/// A color of a mannequin.
pub(crate) fn mannequin(dice: &mut Dice) -> Color {
    hex(dice.pick(&[0xf2f0ec, 0xd8d6d2, 0x9a9a9c, 0x2a2a2c, 0xc8a880, 0xe8d8c8])).jitter(dice, 6.0)
}

/// A hair color.
pub(crate) fn hair(dice: &mut Dice) -> Color {
    dice.pick(&HAIR).jitter(dice, 8.0)
}

/// A color for clothes that differs from each of `others` by at least `contrast`, if one is found.
pub(crate) fn cloth(dice: &mut Dice, others: &[Color], contrast: f32) -> Color {
    let mut best = (f32::MIN, WHITE);
    for _ in 0..12 {
        let style = dice.style;
        let color = match style {
            Style::Usual if dice.chance(0.2) => any(dice),
            Style::Usual if dice.chance(0.25) => dice.pick(&CLOTH[..NEUTRAL]).jitter(dice, 10.0),
            Style::Usual => dice.pick(&CLOTH).jitter(dice, 14.0),
            Style::Unlike => dice.pick(&UNLIKE).jitter(dice, 14.0),
        };
        let nearest = others.iter().map(|o| color.distance(*o)).fold(f32::MAX, f32::min);
        if nearest >= contrast {
            return color;
        }
        if nearest > best.0 {
            best = (nearest, color);
        }
    }
    best.1
}
