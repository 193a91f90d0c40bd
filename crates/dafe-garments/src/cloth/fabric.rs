//! Fabrics: pattern, colors, and how the surface reflects light.
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
    /// Variation of tone over areas of a hand's breadth or more, as a fraction.
    pub uneven: f32,
    /// Strength of wrinkles' shading, as a fraction.
    pub crumple: f32,
    /// Width of wrinkles in centimeters, and their length relative to it.
    pub wrinkle: f32,
    pub stretch: f32,
    /// Brightness of highlights on slopes towards the light; 0 for a dull cloth.
    pub gloss: f32,
    /// Strength of painted folds and of the rim, about 1.
    pub folds: f32,
    pub rim: f32,
    /// Variation of tone from thread to thread, of 255.
    pub grain: f32,
    /// Brightening over 30 cm to the right and downwards, as a fraction.
    pub slope: [f32; 2],
    /// The direction of light: −1 from the image's left, 1 from its right.
    pub light: f32,
}

/// A cloth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fabric {
    pub pattern: Pattern,
    pub colors: [Color; 4],
    /// The color behind the cloth's holes if it is lined.
    pub lining: Color,
    /// The pattern's period in centimeters.
    pub period: f32,
    /// The seed of the pattern's random parts.
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
        // Product photographs are often pressed, lit and retouched until the cloth is almost flat.
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
    /// A fabric that differs from `others` in its main color.
    pub fn new(dice: &mut Dice, others: &[Color], contrast: f32) -> Self {
        let (pattern, period) = dice.weighted(Pattern::table(dice.style));
        let main = cloth(dice, others, contrast);
        Self::of(dice, pattern, period, main)
    }

    /// A sheer fabric, or one with holes.
    pub fn open(dice: &mut Dice, main: Color) -> Self {
        let (pattern, period) = dice.weighted(Pattern::open(dice.style));
        Self::of(dice, pattern, period, main)
    }

    /// Denim.
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

    /// A fabric with this pattern and main color.
    pub fn of(dice: &mut Dice, pattern: Pattern, period: f32, main: Color) -> Self {
        // Prints have contrasting or similar colors.
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
