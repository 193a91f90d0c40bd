//! The canvas of backgrounds.
use tiny_skia::{
    FillRule, GradientStop, LinearGradient, Paint, Pixmap, Point, RadialGradient, Shader,
    SpreadMode, Stroke, Transform,
};

use crate::{
    color::Color,
    geometry::point::{Pt, pt},
    noise::spectrum::{Field, Spectrum},
    paint::brush::{open_path, path},
    random::{bits::Bits, dice::Dice},
};

/// A background being painted; positions are in pixels of the finished one.
pub(crate) struct Canvas {
    pub map: Pixmap,
    pub w: f32,
    pub h: f32,
    /// The factor by which `map` is smaller.
    pub shrink: f32,
    /// The direction of light: −1 from the image's left, 1 from its right.
    pub light: f32,
}

impl Canvas {
    fn transform(&self) -> Transform {
        Transform::from_scale(1.0 / self.shrink, 1.0 / self.shrink)
    }

    /// A polygon of one color.
    pub fn fill(&mut self, shape: &[Pt], color: Color, alpha: f32) {
        let mut paint = Paint::default();
        paint.set_color(color.skia(alpha));
        self.paint(shape, &paint);
    }

    fn paint(&mut self, shape: &[Pt], paint: &Paint<'_>) {
        if let Some(path) = path(shape) {
            self.map.fill_path(&path, paint, FillRule::Winding, self.transform(), None);
        }
    }

    /// A polygon with a color gradient.
    pub fn run(&mut self, shape: &[Pt], [from, to]: [Pt; 2], [first, last]: [tiny_skia::Color; 2]) {
        let stops = vec![GradientStop::new(0.0, first), GradientStop::new(1.0, last)];
        let point = |p: Pt| Point::from_xy(p.x, p.y);
        let (mode, still) = (SpreadMode::Pad, Transform::identity());
        if let Some(shader) = LinearGradient::new(point(from), point(to), stops, mode, still) {
            self.paint(shape, &Paint { shader, ..Paint::default() });
        }
    }

    /// An axis-aligned rectangle, from its upper left corner.
    pub fn block(&mut self, x: f32, y: f32, w: f32, h: f32, color: Color) {
        self.fill(&[pt(x, y), pt(x + w, y), pt(x + w, y + h), pt(x, y + h)], color, 1.0);
    }

    /// The part of the canvas below `top`.
    pub fn below(&self, top: f32) -> [Pt; 4] {
        [pt(0.0, top), pt(self.w, top), pt(self.w, self.h), pt(0.0, self.h)]
    }

    /// A line.
    pub fn stroke(&mut self, line: &[Pt], width: f32, color: Color, alpha: f32) {
        let mut paint = Paint::default();
        paint.set_color(color.skia(alpha));
        if let Some(line) = open_path(line) {
            let stroke = Stroke { width, ..Stroke::default() };
            self.map.stroke_path(&line, &paint, &stroke, self.transform(), None);
        }
    }

    /// A radial gradient over the whole canvas, from `inner` at its center to `outer` at `radius`
    /// and beyond.
    pub fn pool(&mut self, at: Pt, radius: f32, inner: tiny_skia::Color, outer: tiny_skia::Color) {
        let stops = vec![GradientStop::new(0.0, inner), GradientStop::new(1.0, outer)];
        let at = Point::from_xy(at.x, at.y);
        let (mode, still) = (SpreadMode::Pad, Transform::identity());
        if let Some(shader) = RadialGradient::new(at, 0.0, at, radius, stops, mode, still) {
            let shader: Shader<'_> = shader;
            self.paint(&self.below(0.0), &Paint { shader, ..Paint::default() });
        }
    }

    /// Light in the middle, darker at the edges.
    pub fn glow(&mut self, light: Color, dark: Color, strength: f32) {
        let at = pt(self.w * 0.5, self.h * 0.4);
        self.pool(at, self.h * 0.8, light.skia(strength), dark.skia(strength));
    }

    /// Noise down to single pixels; `cell` is in pixels of the finished background.
    pub fn noise(&self, dice: &mut Dice, cell: [f32; 2], gain: f32) -> Field {
        self.octaves(dice, Spectrum::down_to_pixels(cell.map(|c| c / self.shrink), gain))
    }

    /// Noise without the finest octaves; `cell` is in pixels of the finished background.
    pub fn clouds(&self, dice: &mut Dice, cell: [f32; 2], octaves: usize, gain: f32) -> Field {
        self.octaves(dice, Spectrum { cell: cell.map(|c| c / self.shrink), octaves, gain })
    }

    fn octaves(&self, dice: &mut Dice, spectrum: Spectrum) -> Field {
        let (width, height) = (self.map.width() as usize, self.map.height() as usize);
        Field::new(&mut Bits::new(dice.number()), width, height, spectrum)
    }

    /// Makes the canvas uneven like anything photographed: slowly across the canvas, and at the
    /// scale of pixels.
    pub fn weather(&mut self, dice: &mut Dice, slow: f32, fine: f32) {
        let (w, h) = (self.w, self.h);
        self.clouds(dice, [w * 0.7, h * 0.6], 3, 0.6).shade(&mut self.map, slow);
        if fine > 0.0 {
            let cell = dice.range(3.0, 12.0);
            self.noise(dice, [cell; 2], 0.9).shade(&mut self.map, fine);
        }
    }
}
