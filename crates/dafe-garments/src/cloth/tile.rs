//! A repeating square of cloth, and drawing on it. Positions are 0 to 1.
use tiny_skia::{ColorU8, FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

use crate::{
    color::Color,
    geometry::{
        point::{Pt, pt},
        polygon::bounds,
    },
    paint::brush::path,
    random::{bits::Bits, dice::Dice},
};

/// The tile.
pub(crate) struct Tile {
    pub map: Pixmap,
    size: f32,
}

impl Tile {
    /// A tile of one color, `size` pixels on a side.
    pub fn new(size: u32, color: Color) -> Option<Self> {
        let mut map = Pixmap::new(size, size)?;
        map.fill(color.skia(1.0));
        Some(Self { map, size: size as f32 })
    }

    /// The width of a pixel.
    pub fn pixel(&self) -> f32 {
        1.0 / self.size
    }

    fn fill(&mut self, path: Option<Path>, color: Color, alpha: f32) {
        let Some(path) = path else { return };
        let mut paint = Paint::default();
        paint.set_color(color.skia(alpha));
        self.map.fill_path(
            &path,
            &paint,
            FillRule::Winding,
            Transform::from_scale(self.size, self.size),
            None,
        );
    }

    pub fn block(&mut self, low: Pt, high: Pt, color: Color, alpha: f32) {
        let rect = tiny_skia::Rect::from_ltrb(low.x, low.y, high.x, high.y);
        self.fill(rect.map(PathBuilder::from_rect), color, alpha);
    }

    /// A line that continues across the tile's edges.
    pub fn line(&mut self, a: Pt, b: Pt, width: f32, color: Color, alpha: f32) {
        let side = (b - a).unit().perp() * (width / 2.0);
        self.wrapped(vec![a + side, b + side, b - side, a - side], color, alpha);
    }

    /// A shape that continues across all of the tile's edges.
    pub fn wrapped(&mut self, shape: Vec<Pt>, color: Color, alpha: f32) {
        let (low, high) = bounds(&shape);
        for dx in [-1.0, 0.0, 1.0] {
            for dy in [-1.0, 0.0, 1.0] {
                let inside =
                    low.x + dx < 1.0 && high.x + dx > 0.0 && low.y + dy < 1.0 && high.y + dy > 0.0;
                if inside {
                    let moved: Vec<Pt> = shape.iter().map(|p| *p + pt(dx, dy)).collect();
                    self.fill(path(&moved), color, alpha);
                }
            }
        }
    }

    /// Sets each pixel to the color and opacity that `of` returns for its position.
    pub fn dye(&mut self, mut of: impl FnMut(f32, f32) -> (Color, f32)) {
        let size = self.map.width() as usize;
        let step = self.pixel();
        let byte = |v: f32| (v + 0.5).clamp(0.0, 255.0) as u8;
        for (i, pixel) in self.map.pixels_mut().iter_mut().enumerate() {
            let at = |n: usize| (n as f32 + 0.5) * step;
            let (color, alpha) = of(at(i % size), at(i / size));
            let [r, g, b] = [color.r, color.g, color.b].map(byte);
            *pixel = ColorU8::from_rgba(r, g, b, byte(alpha * 255.0)).premultiply();
        }
    }

    /// Varies the brightness from pixel to pixel by up to `by`.
    pub fn flecks(&mut self, dice: &mut Dice, by: f32) {
        let mut bits = Bits::new(dice.number());
        for pixel in self.map.pixels_mut() {
            let off = bits.signed() * by;
            let old = pixel.demultiply();
            let blend = |v: u8| (f32::from(v) + off).clamp(0.0, 255.0) as u8;
            let [r, g, b] = [old.red(), old.green(), old.blue()].map(blend);
            *pixel = ColorU8::from_rgba(r, g, b, old.alpha()).premultiply();
        }
    }
}
