//! Cloth: its pattern and colors, and how its surface takes the light.
use super::pattern::Pattern;
use crate::{
    color::{
        Color, WHITE, hex,
        palette::{self, cloth},
    },
    random::dice::Dice,
    style::Style,
};

/// How light and wear vary over a cloth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surface {
    /// How much its tone varies over a hand's breadth and more, as a fraction.
    pub uneven: f32,
    /// How strong wrinkles are shaded, as a fraction.
    pub crumple: f32,
    /// How wide wrinkles are, in centimeters, and how much longer than that.
    pub wrinkle: f32,
    pub stretch: f32,
    /// How bright slopes that face the light shine, 0 for a dull cloth.
    pub gloss: f32,
    /// How strong painted folds and the rim come out, about 1.
    pub folds: f32,
    pub rim: f32,
    /// How much its tone varies from thread to thread, in parts of 255.
    pub grain: f32,
    /// How much lighter it gets over 30 cm to the right and downwards, as a fraction.
    pub slope: [f32; 2],
    /// Where light comes from: −1 the image's left, 1 its right.
    pub light: f32,
}

/// A cloth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fabric {
    pub pattern: Pattern,
    pub colors: [Color; 4],
    /// What shows through its holes where it is lined.
    pub lining: Color,
    /// How far the pattern goes before it repeats, in centimeters.
    pub period: f32,
    /// Where the random parts of the pattern come from.
    pub seed: u64,
    pub surface: Surface,
}

impl Surface {
    fn new(dice: &mut Dice, pattern: Pattern) -> Self {
        let gloss = match pattern {
            Pattern::Satin | Pattern::Sequins => dice.range(0.5, 1.0),
            Pattern::Leather => dice.range(0.35, 0.9),
            Pattern::Velvet => dice.range(0.3, 0.7),
            _ if dice.chance(0.12) => dice.range(0.1, 0.4),
            _ => 0.0,
        };
        // From pressed flat to slept in.
        let crumple = dice.weighted(&[(0.35, 0.2), (0.4, 0.55), (0.25, 1.1)]);
        // Shops press, light and retouch much of what they show until it is almost flat.
        let smooth = if dice.chance(0.35) { dice.range(0.15, 0.4) } else { 1.0 };
        Self {
            uneven: smooth * dice.range(0.02, 0.055) * dice.weighted(&[(0.7, 1.0), (0.3, 1.9)]),
            crumple: smooth * (crumple + 0.5 * gloss) * dice.range(0.05, 0.12),
            wrinkle: dice.range(22.0, 70.0),
            stretch: dice.range(0.8, 2.6),
            gloss,
            folds: dice.weighted(&[(0.3, 0.35), (0.45, 0.85), (0.25, 1.4)]) * dice.range(0.8, 1.2),
            rim: dice.range(0.0, 0.9),
            grain: smooth * dice.range(0.5, 5.0),
            slope: [dice.bell(0.13), dice.bell(0.1)],
            light: dice.sign(),
        }
    }
}

impl Fabric {
    /// A cloth that differs from `others` in its main color.
    pub fn new(dice: &mut Dice, others: &[Color], contrast: f32) -> Self {
        let (pattern, period) = dice.weighted(Pattern::table(dice.style));
        let main = cloth(dice, others, contrast);
        Self::of(dice, pattern, period, main)
    }

    /// A sheer cloth or one with holes.
    pub fn open(dice: &mut Dice, main: Color) -> Self {
        let (pattern, period) = dice.weighted(Pattern::open(dice.style));
        Self::of(dice, pattern, period, main)
    }

    /// Jeans' cloth.
    pub fn denim(dice: &mut Dice) -> Self {
        let (pattern, period) = dice.weighted(Pattern::jeans(dice.style));
        let main = match dice.style {
            Style::Usual => {
                let blues = [
                    0x2b3f66, 0x3c5684, 0x5d7fae, 0x8fabce, 0x1f2736, 0x55585e, 0xa9bdd6, 0x33363c,
                    0x6f89a8, 0xc3d0dd,
                ];
                hex(dice.pick(&blues)).jitter(dice, 10.0)
            }
            Style::Unlike => cloth(dice, &[], 0.0),
        };
        Self::of(dice, pattern, period, main)
    }

    /// A cloth of this pattern and main color.
    pub fn of(dice: &mut Dice, pattern: Pattern, period: f32, main: Color) -> Self {
        // Prints are of far-off colors or of near ones.
        let far = dice.weighted(&[(0.75, 1.0), (0.25, 0.45)]);
        let [second, third, fourth] = match pattern {
            Pattern::Denim => [main.lighter(0.3), main.darker(0.3), main],
            _ => {
                let second = cloth(dice, &[main], 60.0 * far);
                let third = cloth(dice, &[main, second], 45.0 * far);
                [second, third, cloth(dice, &[main], 40.0 * far)]
            }
        };
        let lining = match dice.count(0, 2) {
            0 => main.darker(0.35),
            1 => palette::skin(dice).mix(WHITE, 0.15),
            _ => cloth(dice, &[main], 40.0),
        };
        Self {
            pattern,
            colors: [main, second, third, fourth],
            lining,
            period: period * dice.range(0.65, 1.5),
            seed: dice.number(),
            surface: Surface::new(dice, pattern),
        }
    }
}
