//! The shadow of the photographer, or of something beside the image, on everything in it.
use tiny_skia::{Pixmap, Transform};

use super::chances;
use crate::{
    geometry::{
        point::{Pt, pt},
        polygon::ellipse,
    },
    paint::{brush::path, shadow},
    place::setting::Setting,
    random::dice::Dice,
};

/// A shadow over the image.
#[derive(Debug, Clone)]
pub(crate) struct Gloom {
    /// The outlines, as fractions of the image's width and height.
    shapes: Vec<Vec<Pt>>,
    /// The blur of the edge, as a fraction of the image's width.
    reach: f32,
    strength: f32,
}

impl Gloom {
    /// Chooses a shadow, mostly none.
    pub fn new(dice: &mut Dice, setting: Setting) -> Option<Self> {
        if !dice.chance(chances::GLOOM[setting as usize]) {
            return None;
        }
        let x = dice.range(0.0, 1.0);
        let shapes = match dice.count(0, 2) {
            0 => {
                // Head and shoulders from the lower edge.
                let (top, size) = (dice.range(0.35, 1.0), dice.range(0.12, 0.3));
                let shoulders = size * dice.range(1.6, 2.2);
                let lean = dice.bell(0.3);
                let trunk = vec![
                    pt(x - shoulders * 0.6, top + size * 1.2),
                    pt(x + shoulders * 0.6, top + size * 1.2),
                    pt(x + shoulders + lean, 1.4),
                    pt(x - shoulders + lean, 1.4),
                ];
                vec![ellipse(pt(x, top), size * 0.6, size * 0.75, 0.0), trunk]
            }
            1 => {
                // Everything beyond a line.
                let (from, way) = (pt(x, dice.range(0.0, 1.0)), dice.range(0.0, 6.3));
                let along = pt(0.0, 2.0).turned(way);
                let out = along.perp();
                vec![vec![from - along, from + along, from + along + out, from - along + out]]
            }
            _ => {
                // Bars, like those of a window's frame or a rail.
                let (step, slant) = (dice.range(0.25, 0.6), dice.bell(0.6));
                let bar = |i: usize| {
                    let y = i as f32 * step + x - 0.8;
                    let end = y + slant;
                    let half = step * 0.2;
                    vec![
                        pt(-0.1, y - half),
                        pt(1.1, end - half),
                        pt(1.1, end + half),
                        pt(-0.1, y + half),
                    ]
                };
                (0..5).map(bar).collect()
            }
        };
        let (reach, strength) = (dice.range(0.02, 0.14), dice.range(0.12, 0.45));
        Some(Self { shapes, reach, strength })
    }

    /// Paints the shadow on an image.
    pub fn paint(&self, canvas: &mut Pixmap) {
        let [w, h] = shadow::size(canvas).map(|length| length as f32);
        let outlines = self.shapes.iter().filter_map(|shape| {
            let points: Vec<Pt> = shape.iter().map(|p| pt(p.x * w, p.y * h)).collect();
            path(&points)
        });
        let (radius, transform) = (self.reach * w, Transform::identity());
        shadow::lay(canvas, outlines, transform, radius, self.strength);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_darkens_what_it_falls_on_and_leaves_the_rest() {
        let left = vec![pt(0.0, 0.0), pt(0.4, 0.0), pt(0.4, 1.0), pt(0.0, 1.0)];
        let gloom = Gloom { shapes: vec![left], reach: 0.02, strength: 0.4 };
        let mut canvas = Pixmap::new(80, 40).expect("a canvas");
        canvas.fill(tiny_skia::Color::WHITE);
        gloom.paint(&mut canvas);
        let red = |x| canvas.pixel(x, 20).expect("a pixel").red();
        assert!((145..162).contains(&red(12)), "{}", red(12));
        assert_eq!(red(70), 255);
    }
}
