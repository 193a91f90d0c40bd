//! The scene in front of the camera, and its rendering.
use image::RgbImage;
use tiny_skia::{Pixmap, PixmapPaint, Transform};

use super::{bands::Bands, finish::Finish, gloom::Gloom, painter::Painter};
use crate::{cloth::fabric::Fabric, drawing::placed::Placed, place::background::Background};

/// An image before it is painted.
pub(crate) struct Shot {
    /// Width and height in pixels, including the bands.
    pub size: (u32, u32),
    /// Plain bands around the image.
    pub bands: Option<Bands>,
    pub background: Background,
    pub fabrics: Vec<Fabric>,
    /// Back to front.
    pub pieces: Vec<Placed>,
    /// A shadow over everything.
    pub gloom: Option<Gloom>,
    pub finish: Finish,
}

impl Shot {
    /// Paints and develops the image.
    pub fn develop(&self) -> RgbImage {
        let mut image = self.finish.develop(self.paint());
        if let Some(bands) = &self.bands {
            bands.lay(&mut image);
        }
        image
    }

    /// Paints the image without its bands. An image too large for memory is empty; generated sizes
    /// are far smaller.
    pub fn paint(&self) -> Pixmap {
        let mut canvas = self.backdrop();
        if let Some(cast) = &self.background.cast {
            cast.paint(&mut canvas, &self.pieces);
        }
        let mut painter = Painter::new(canvas, &self.fabrics);
        for piece in &self.pieces {
            painter.piece(piece);
        }
        let mut map = painter.map;
        if let Some(gloom) = &self.gloom {
            gloom.paint(&mut map);
        }
        map
    }

    /// The background, as large as the image with its bands.
    fn backdrop(&self) -> Pixmap {
        let Some(bands) = &self.bands else {
            let (width, height) = self.size;
            return self.background.paint(width, height);
        };
        let inner = self.background.paint(bands.inner.0, bands.inner.1);
        let (width, height) = bands.outer();
        let mut canvas = Pixmap::new(width, height).expect("an image's size");
        canvas.fill(self.background.color.skia(1.0));
        let (x, y) = (bands.before.0 as i32, bands.before.1 as i32);
        let (paint, still) = (PixmapPaint::default(), Transform::identity());
        canvas.draw_pixmap(x, y, inner.as_ref(), &paint, still, None);
        canvas
    }
}
