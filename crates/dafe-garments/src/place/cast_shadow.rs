//! The soft shadow of a wearer or garment on the wall or floor behind.
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

/// A shadow to paint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CastShadow {
    /// The shadow's offset, in centimeters.
    offset: Pt,
    /// The blur of its edge, in centimeters.
    reach: f32,
    /// Its darkness, 0..1.
    strength: f32,
}

impl CastShadow {
    /// Chooses a shadow: a short one for clothes on the ground, a longer one for a wearer in front
    /// of a wall.
    pub fn new(dice: &mut Dice, worn: bool, light: f32) -> Self {
        let far = if worn { dice.range(3.0, 16.0) } else { dice.range(0.3, 4.0) };
        Self {
            offset: pt(-light * far, far * dice.range(-0.1, 0.9)),
            reach: far * dice.range(0.25, 1.0) + 0.4,
            strength: dice.range(0.12, 0.5),
        }
    }

    /// Paints the shadow of all `pieces` except occluders.
    pub fn paint(&self, canvas: &mut Pixmap, pieces: &[Placed]) {
        let Some(first) = pieces.first() else { return };
        let by = 1.0 / shadow::SHRINK as f32;
        let offset = self.offset * first.scale;
        let transform = Transform::from_translate(offset.x, offset.y).post_scale(by, by);
        // Invisible pieces, such as other shadows, throw none.
        let solid = |p: &&Placed| {
            let clear = matches!(p.piece.fill, Fill::Sheer(_, alpha) if alpha < 0.05);
            p.piece.owner != Owner::Occluder && !clear
        };
        let outlines = pieces.iter().filter(solid).filter_map(|placed| path(&placed.piece.outline));
        let radius = self.reach * first.scale * by;
        shadow::lay(canvas, outlines, transform, radius, self.strength);
    }
}
