//! Soft shadows: blurred outlines that darken an image.
use tiny_skia::{BlendMode, FillRule, Paint, Path, Pixmap, PixmapPaint, Transform};

use super::{blur, brush::tone};

/// The factor by which shadows are painted smaller.
pub(crate) const SHRINK: u32 = 4;

/// The width and height at which a canvas's shadow is painted.
pub(crate) fn size(canvas: &Pixmap) -> [u32; 2] {
    [canvas.width(), canvas.height()].map(|length| length.div_ceil(SHRINK))
}

/// Paints the shadow of `outlines` on the canvas with darkness `strength`, 0..1. The transformed
/// outlines and the blur's `radius` (1 to 12) are in pixels of the shadow's [`size`].
pub(crate) fn lay(
    canvas: &mut Pixmap,
    outlines: impl IntoIterator<Item = Path>,
    transform: Transform,
    radius: f32,
    strength: f32,
) {
    let [width, height] = size(canvas);
    let Some(mut small) = Pixmap::new(width, height) else { return };
    let mut paint = Paint::default();
    paint.set_color(tone(-1.0));
    for outline in outlines {
        small.fill_path(&outline, &paint, FillRule::Winding, transform, None);
    }
    blur::blur(&mut small, radius.round().clamp(1.0, 12.0) as usize);
    if let Some(shadow) = blur::enlarged(&small, canvas.width(), canvas.height()) {
        let paint = PixmapPaint {
            opacity: strength,
            blend_mode: BlendMode::SourceOver,
            ..PixmapPaint::default()
        };
        canvas.draw_pixmap(0, 0, shadow.as_ref(), &paint, Transform::identity(), None);
    }
}
