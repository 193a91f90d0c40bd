//! The soft shadow that a wearer or a garment throws on the wall or the floor behind.
use tiny_skia::{BlendMode, FillRule, Paint, Pixmap, PixmapPaint, Transform};

use crate::{
    drawing::{
        piece::{Fill, Owner},
        placed::Placed,
    },
    geometry::point::{Pt, pt},
    paint::{
        blur,
        brush::{path, tone},
    },
    random::dice::Dice,
};

/// How much smaller shadows are painted than they are seen.
const SHRINK: u32 = 4;

/// A shadow about to be thrown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CastShadow {
    /// Where it falls beside what throws it, in centimeters.
    offset: Pt,
    /// How far its edge is blurred, in centimeters.
    reach: f32,
    /// How dark it is, 0..1.
    strength: f32,
}

impl CastShadow {
    /// Chooses: what lies on the ground throws a short one, a wearer one on the wall behind.
    pub fn new(dice: &mut Dice, worn: bool, light: f32) -> Self {
        let far = if worn { dice.range(3.0, 16.0) } else { dice.range(0.3, 4.0) };
        Self {
            offset: pt(-light * far, far * dice.range(-0.1, 0.9)),
            reach: far * dice.range(0.25, 1.0) + 0.4,
            strength: dice.range(0.12, 0.5),
        }
    }

    /// Throws the shadow of all `pieces` but those before the camera on the canvas.
    pub fn paint(&self, canvas: &mut Pixmap, pieces: &[Placed]) {
        let (width, height) = (canvas.width(), canvas.height());
        let shrunk = |length: u32| length.div_ceil(SHRINK);
        let (Some(mut small), Some(first)) =
            (Pixmap::new(shrunk(width), shrunk(height)), pieces.first())
        else {
            return;
        };
        let by = 1.0 / SHRINK as f32;
        let offset = self.offset * first.scale;
        let transform = Transform::from_translate(offset.x, offset.y).post_scale(by, by);
        let mut paint = Paint::default();
        paint.set_color(tone(-1.0));
        // What cannot be seen is another shadow.
        let solid = |p: &&Placed| {
            let clear = matches!(p.piece.fill, Fill::Sheer(_, alpha) if alpha < 0.05);
            p.piece.owner != Owner::Occluder && !clear
        };
        for placed in pieces.iter().filter(solid) {
            if let Some(outline) = path(&placed.piece.outline) {
                small.fill_path(&outline, &paint, FillRule::Winding, transform, None);
            }
        }
        let radius = (self.reach * first.scale * by).round().clamp(1.0, 12.0);
        blur::blur(&mut small, radius as usize);
        if let Some(shadow) = blur::enlarged(&small, width, height) {
            let paint = PixmapPaint {
                opacity: self.strength,
                blend_mode: BlendMode::SourceOver,
                ..PixmapPaint::default()
            };
            canvas.draw_pixmap(0, 0, shadow.as_ref(), &paint, Transform::identity(), None);
        }
    }
}
