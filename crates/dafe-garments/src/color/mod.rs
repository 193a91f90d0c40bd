//! Colors, and perceived differences between them.
pub(crate) mod palette;

use crate::random::dice::Dice;

/// A color, 0..255 per channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Color {
    pub r: f32,
    pub g: f32,
    pub b: f32,
}

/// A color from its hexadecimal number.
pub(crate) const fn hex(number: u32) -> Color {
    Color {
        r: ((number >> 16) & 255) as f32,
        g: ((number >> 8) & 255) as f32,
        b: (number & 255) as f32,
    }
}

pub(crate) const BLACK: Color = hex(0x0a0a0c);
pub(crate) const WHITE: Color = hex(0xfafaf8);

impl Color {
    /// The color at fraction `t` of the way to `other`.
    pub fn mix(self, other: Self, t: f32) -> Self {
        let blend = |a: f32, b: f32| a + (b - a) * t;
        Self { r: blend(self.r, other.r), g: blend(self.g, other.g), b: blend(self.b, other.b) }
    }

    /// Darker by a fraction `t`.
    pub fn darker(self, t: f32) -> Self {
        self.mix(BLACK, t)
    }

    /// Lighter by a fraction `t`.
    pub fn lighter(self, t: f32) -> Self {
        self.mix(WHITE, t)
    }

    /// Perceived brightness, 0..255.
    pub fn luma(self) -> f32 {
        0.3 * self.r + 0.59 * self.g + 0.11 * self.b
    }

    /// Perceived difference, roughly 0..255.
    pub fn distance(self, other: Self) -> f32 {
        let light = self.luma() - other.luma();
        let (r, g, b) = (self.r - other.r, self.g - other.g, self.b - other.b);
        (0.6 * light * light + 0.25 * (r * r + g * g + b * b)).sqrt()
    }

    /// The color as tiny-skia's type, with an opacity.
    pub fn skia(self, alpha: f32) -> tiny_skia::Color {
        let unit = |v: f32| (v / 255.0).clamp(0.0, 1.0);
        tiny_skia::Color::from_rgba(unit(self.r), unit(self.g), unit(self.b), alpha.clamp(0.0, 1.0))
            .unwrap_or(tiny_skia::Color::BLACK)
    }

    /// A random variation of the color.
    pub fn jitter(self, dice: &mut Dice, by: f32) -> Self {
        let light = dice.bell(by);
        let mut off = |v: f32| (v + light + dice.bell(by * 0.5)).clamp(4.0, 252.0);
        Self { r: off(self.r), g: off(self.g), b: off(self.b) }
    }
}
