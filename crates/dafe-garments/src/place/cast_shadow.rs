//! The soft shadow that a wearer or a garment throws on the wall or the floor behind.
use tiny_skia::{Pixmap, Transform};

use crate::{
    drawing::{
        piece::{Fill, Owner},
        placed::Placed,
    },
    geometry::point::{Pt, pt},
    paint::{brush::path, shadow},
    random::dice::Dice,
};

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
        let Some(first) = pieces.first() else { return };
        let by = 1.0 / shadow::SHRINK as f32;
        let offset = self.offset * first.scale;
        let transform = Transform::from_translate(offset.x, offset.y).post_scale(by, by);
        // What cannot be seen is another shadow.
        let solid = |p: &&Placed| {
            let clear = matches!(p.piece.fill, Fill::Sheer(_, alpha) if alpha < 0.05);
            p.piece.owner != Owner::Occluder && !clear
        };
        let outlines = pieces.iter().filter(solid).filter_map(|placed| path(&placed.piece.outline));
        let radius = self.reach * first.scale * by;
        shadow::lay(canvas, outlines, transform, radius, self.strength);
    }
}
