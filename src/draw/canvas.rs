//! Between decoded pictures and tiny-skia's pixmaps.
use image::RgbImage;
use tiny_skia::{ColorU8, Paint, Pixmap};

/// A picture to draw on.
pub(super) struct Canvas<'a> {
    picture: &'a mut RgbImage,
    pub pixmap: Pixmap,
}

impl<'a> Canvas<'a> {
    /// Starts drawing on `picture`; `None` if it has no pixels.
    pub fn new(picture: &'a mut RgbImage) -> Option<Self> {
        let mut pixmap = Pixmap::new(picture.width(), picture.height())?;
        for (to, from) in pixmap.pixels_mut().iter_mut().zip(picture.pixels()) {
            let [r, g, b] = from.0;
            *to = ColorU8::from_rgba(r, g, b, 255).premultiply();
        }
        Some(Self { picture, pixmap })
    }

    /// Puts the drawing into the picture.
    pub fn finish(self) {
        for (to, from) in self.picture.pixels_mut().zip(self.pixmap.pixels()) {
            // Opaque throughout, so nothing to demultiply.
            to.0 = [from.red(), from.green(), from.blue()];
        }
    }
}

/// A plain, antialiased colour.
pub(super) fn paint([r, g, b]: [u8; 3], alpha: u8) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, alpha);
    paint
}
