//! Strokes, areas and text on an image, through tiny-skia.
use image::RgbImage;
use tiny_skia::{
    ColorU8, FillRule, LineCap, LineJoin, Paint, Path, Pixmap, Stroke, StrokeDash, Transform,
};

/// The color of edges, of lines' casings and of text on white.
pub(super) const DARK: [u8; 3] = [20, 20, 20];
pub(super) const WHITE: [u8; 3] = [255, 255, 255];

/// A canvas. Its coordinates are tiny-skia's: (0, 0) is the outer corner of the first pixel.
pub(super) struct Canvas {
    pixmap: Pixmap,
}

impl Canvas {
    /// Creates a canvas with the contents of `image`.
    ///
    /// # Panics
    /// If the image has no pixels.
    pub fn new(image: &RgbImage) -> Self {
        let mut pixmap = Pixmap::new(image.width(), image.height()).expect("there are pixels");
        for (to, from) in pixmap.pixels_mut().iter_mut().zip(image.pixels()) {
            let [r, g, b] = from.0;
            *to = ColorU8::from_rgba(r, g, b, 255).premultiply();
        }
        Self { pixmap }
    }

    /// The image as drawn so far.
    pub fn image(&self) -> RgbImage {
        let mut image = RgbImage::new(self.pixmap.width(), self.pixmap.height());
        for (to, from) in image.pixels_mut().zip(self.pixmap.pixels()) {
            // All pixels are opaque, so there is nothing to demultiply.
            to.0 = [from.red(), from.green(), from.blue()];
        }
        image
    }

    /// The size `[width, height]` in pixels.
    pub fn size(&self) -> [f32; 2] {
        [self.pixmap.width() as f32, self.pixmap.height() as f32]
    }

    /// Replaces each pixel's color by a function of its place (`[column, row]`) and color.
    pub fn map(&mut self, color: impl Fn([u32; 2], [u8; 3]) -> [u8; 3]) {
        let width = self.pixmap.width();
        for (pixel, i) in self.pixmap.pixels_mut().iter_mut().zip(0..) {
            let was = [pixel.red(), pixel.green(), pixel.blue()];
            let [r, g, b] = color([i % width, i / width], was);
            *pixel = ColorU8::from_rgba(r, g, b, 255).premultiply();
        }
    }

    pub fn fill(&mut self, path: &Path, color: [u8; 3], alpha: u8) {
        let (paint, whole) = (paint(color, alpha), Transform::identity());
        self.pixmap.fill_path(path, &paint, FillRule::Winding, whole, None);
    }

    pub fn stroke(&mut self, path: &Path, color: [u8; 3], alpha: u8, stroke: &Stroke) {
        self.pixmap.stroke_path(path, &paint(color, alpha), stroke, Transform::identity(), None);
    }

    /// Strokes a line of `width` pixels with a dark casing, so that it is visible on any
    /// background; the casing of a dashed line has no gaps.
    pub fn cased(&mut self, path: &Path, color: [u8; 3], width: f32, dashed: bool) {
        let stroke = |width| Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.stroke(path, DARK, 150, &stroke(1.9 * width));
        let dash = match dashed {
            true => StrokeDash::new(vec![1.6 * width, 2.2 * width], 0.0),
            false => None,
        };
        // Round caps would close the gaps.
        let line_cap = if dash.is_some() { LineCap::Butt } else { LineCap::Round };
        self.stroke(path, color, 255, &Stroke { dash, line_cap, ..stroke(width) });
    }
}

/// A solid, antialiased color.
fn paint([r, g, b]: [u8; 3], alpha: u8) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, alpha);
    paint
}
