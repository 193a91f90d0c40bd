//! Cloth: what pattern it has, and the tile that a pattern is painted from.
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

use super::{
    colour::{Colour, cloth},
    dice::Dice,
    paint::path,
    shape::{Pt, ellipse, pt},
};

/// A cloth's pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Plain,
    /// Plain with fine flecks.
    Heather,
    /// Diagonal twill.
    Denim,
    /// Small rows of stitches.
    Knit,
    StripesAcross,
    StripesDown,
    Plaid,
    Gingham,
    Dots,
    Flowers,
    Leaves,
    /// Irregular patches.
    Patches,
    Zigzag,
    Checks,
    /// From one colour to another, top to bottom.
    Gradient,
}

/// A cloth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fabric {
    pub pattern: Pattern,
    pub colours: [Colour; 4],
    /// How far the pattern goes before it repeats, in centimetres.
    pub period: f32,
    /// Where the random parts of the pattern come from.
    pub seed: u64,
}

impl Fabric {
    /// A cloth that differs from `others` in its main colour.
    pub fn new(dice: &mut Dice, others: &[Colour], contrast: f32) -> Self {
        let main = cloth(dice, others, contrast);
        let second = cloth(dice, &[main], 60.0);
        let third = cloth(dice, &[main, second], 45.0);
        let fourth = cloth(dice, &[main], 40.0);
        let (pattern, period) = dice.weighted(&[
            (0.34, (Pattern::Plain, 8.0)),
            (0.08, (Pattern::Heather, 12.0)),
            (0.04, (Pattern::Knit, 1.6)),
            (0.1, (Pattern::StripesAcross, 5.0)),
            (0.05, (Pattern::StripesDown, 4.0)),
            (0.07, (Pattern::Plaid, 12.0)),
            (0.03, (Pattern::Gingham, 3.2)),
            (0.08, (Pattern::Dots, 4.5)),
            (0.08, (Pattern::Flowers, 20.0)),
            (0.03, (Pattern::Leaves, 18.0)),
            (0.03, (Pattern::Patches, 26.0)),
            (0.02, (Pattern::Zigzag, 6.0)),
            (0.02, (Pattern::Checks, 5.0)),
            (0.03, (Pattern::Gradient, 80.0)),
        ]);
        let period = period * dice.range(0.7, 1.4);
        Self { pattern, colours: [main, second, third, fourth], period, seed: dice.number() }
    }

    /// Jeans' cloth.
    pub fn denim(dice: &mut Dice) -> Self {
        let blues = [0x2b3f66, 0x3c5684, 0x5d7fae, 0x8fabce, 0x1f2736, 0x55585e, 0xa9bdd6];
        let blue = super::colour::hex(dice.pick(&blues)).jitter(dice, 8.0);
        Self {
            pattern: Pattern::Denim,
            colours: [blue, blue.lighter(0.3), blue.darker(0.3), blue],
            period: 3.0,
            seed: dice.number(),
        }
    }

    /// The tile that repeats, `size` pixels on a side; `None` for cloth that needs none.
    pub fn tile(&self, size: u32) -> Option<Pixmap> {
        let [main, second, third, fourth] = self.colours;
        let mut tile = Tile::new(size, main)?;
        let mut dice = Dice::from_number(self.seed);
        match self.pattern {
            Pattern::Plain | Pattern::Gradient => return None,
            Pattern::Heather => tile.flecks(&mut dice, main, 16.0),
            Pattern::Denim => {
                for i in 0..4 {
                    let x = i as f32 / 4.0;
                    tile.line(pt(x, 0.0), pt(x + 0.5, 1.0), 0.06, second, 0.4);
                }
                tile.flecks(&mut dice, main, 14.0);
            }
            Pattern::Knit => {
                tile.line(pt(0.0, 0.1), pt(0.5, 0.7), 0.16, main.darker(0.4), 0.55);
                tile.line(pt(1.0, 0.1), pt(0.5, 0.7), 0.16, main.darker(0.4), 0.55);
            }
            Pattern::StripesAcross | Pattern::StripesDown => {
                let width = dice.range(0.2, 0.5);
                let thin = dice.chance(0.3);
                let mut stripe = |at: f32, width: f32, colour| {
                    let (low, high) = if self.pattern == Pattern::StripesAcross {
                        (pt(0.0, at), pt(1.0, at + width))
                    } else {
                        (pt(at, 0.0), pt(at + width, 1.0))
                    };
                    tile.block(low, high, colour, 1.0);
                };
                stripe(0.1, width, second);
                if thin {
                    stripe(0.2 + width, 0.1, third);
                }
            }
            Pattern::Plaid => {
                for (at, width, colour, alpha) in
                    [(0.05, 0.3, second, 0.5), (0.55, 0.12, third, 0.6), (0.85, 0.05, fourth, 0.8)]
                {
                    tile.block(pt(0.0, at), pt(1.0, at + width), colour, alpha);
                    tile.block(pt(at, 0.0), pt(at + width, 1.0), colour, alpha);
                }
            }
            Pattern::Gingham => {
                tile.block(pt(0.0, 0.0), pt(1.0, 0.5), second, 0.5);
                tile.block(pt(0.0, 0.0), pt(0.5, 1.0), second, 0.5);
            }
            Pattern::Checks => {
                tile.block(pt(0.0, 0.0), pt(0.5, 0.5), second, 0.9);
                tile.block(pt(0.5, 0.5), pt(1.0, 1.0), second, 0.9);
            }
            Pattern::Dots => {
                let r = dice.range(0.1, 0.2);
                for at in [pt(0.25, 0.25), pt(0.75, 0.75)] {
                    tile.wrapped(ellipse(at, r, r, 0.0), second, 1.0);
                }
            }
            Pattern::Flowers => {
                for i in 0..9 {
                    let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
                    let (r, turn) = (dice.range(0.045, 0.09), dice.range(0.0, 6.0));
                    let colour = [second, third, fourth][i % 3];
                    for petal in 0..5 {
                        let angle = turn + petal as f32 * 1.2566;
                        let center = at + pt(r, 0.0).turned(angle);
                        tile.wrapped(ellipse(center, r * 0.95, r * 0.6, angle), colour, 0.95);
                    }
                    tile.wrapped(ellipse(at, r * 0.45, r * 0.45, 0.0), third.lighter(0.5), 1.0);
                }
                self.scatter_leaves(&mut tile, &mut dice, 7, 0.06);
            }
            Pattern::Leaves => self.scatter_leaves(&mut tile, &mut dice, 20, 0.13),
            Pattern::Patches => {
                for i in 0..18 {
                    let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
                    let blob = ellipse(
                        at,
                        dice.range(0.07, 0.2),
                        dice.range(0.05, 0.11),
                        dice.range(0.0, 3.0),
                    );
                    tile.wrapped(blob, [second, third, fourth][i % 3], 0.9);
                }
            }
            Pattern::Zigzag => {
                for (at, colour) in [(0.25, second), (0.75, third)] {
                    for (a, b) in [
                        (pt(-0.5, 0.25), pt(0.0, -0.25)),
                        (pt(0.0, -0.25), pt(0.5, 0.25)),
                        (pt(0.5, 0.25), pt(1.0, -0.25)),
                        (pt(1.0, -0.25), pt(1.5, 0.25)),
                    ] {
                        tile.line(a + pt(0.25, at), b + pt(0.25, at), 0.14, colour, 1.0);
                    }
                }
            }
        }
        Some(tile.map)
    }

    fn scatter_leaves(&self, tile: &mut Tile, dice: &mut Dice, count: usize, length: f32) {
        for i in 0..count {
            let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
            let leaf = ellipse(at, length, length * 0.33, dice.range(0.0, 3.1));
            tile.wrapped(leaf, self.colours[1 + (i + 2) % 3], 0.9);
        }
    }
}

/// A square of cloth that repeats; positions go from 0 to 1.
struct Tile {
    map: Pixmap,
    size: f32,
}

impl Tile {
    fn new(size: u32, colour: Colour) -> Option<Self> {
        let mut map = Pixmap::new(size, size)?;
        map.fill(colour.skia(1.0));
        Some(Self { map, size: size as f32 })
    }

    fn fill(&mut self, path: Option<Path>, colour: Colour, alpha: f32) {
        let Some(path) = path else { return };
        let mut paint = Paint::default();
        paint.set_color(colour.skia(alpha));
        self.map.fill_path(
            &path,
            &paint,
            FillRule::Winding,
            Transform::from_scale(self.size, self.size),
            None,
        );
    }

    fn block(&mut self, low: Pt, high: Pt, colour: Colour, alpha: f32) {
        let rect = tiny_skia::Rect::from_ltrb(low.x, low.y, high.x, high.y);
        self.fill(rect.map(PathBuilder::from_rect), colour, alpha);
    }

    /// A line, carried on across the tile's left and right edges.
    fn line(&mut self, a: Pt, b: Pt, width: f32, colour: Colour, alpha: f32) {
        let side = (b - a).unit().perp() * (width / 2.0);
        for shift in [-1.0, 0.0, 1.0] {
            let s = pt(shift, 0.0);
            self.fill(
                path(&[a + side + s, b + side + s, b - side + s, a - side + s]),
                colour,
                alpha,
            );
        }
    }

    /// A shape, carried on across all of the tile's edges.
    fn wrapped(&mut self, shape: Vec<Pt>, colour: Colour, alpha: f32) {
        let (low, high) = super::shape::bounds(&shape);
        for dx in [-1.0, 0.0, 1.0] {
            for dy in [-1.0, 0.0, 1.0] {
                let inside =
                    low.x + dx < 1.0 && high.x + dx > 0.0 && low.y + dy < 1.0 && high.y + dy > 0.0;
                if inside {
                    let moved: Vec<Pt> = shape.iter().map(|p| *p + pt(dx, dy)).collect();
                    self.fill(path(&moved), colour, alpha);
                }
            }
        }
    }

    fn flecks(&mut self, dice: &mut Dice, main: Colour, by: f32) {
        let mut bits = dice.number() | 1;
        for pixel in self.map.pixels_mut() {
            // A xorshift generator: quick, and cloth needs no better.
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let off = ((bits >> 40) as f32 / (1 << 24) as f32 - 0.5) * 2.0 * by;
            let old = pixel.demultiply();
            let blend = |v: u8| (f32::from(v) + off).clamp(0.0, 255.0) as u8;
            *pixel = tiny_skia::ColorU8::from_rgba(
                blend(old.red()),
                blend(old.green()),
                blend(old.blue()),
                255,
            )
            .premultiply();
        }
        let _ = main;
    }
}
