//! Clutter with a photograph's statistics: objects of all sizes, each painted over earlier ones.
//!
//! This is the "dead leaves" model of [Lee, Mumford and Huang,
//! 2001](https://doi.org/10.1023/A:1011109015675): with sizes distributed by the inverse of their
//! cube, the image has about equally many edges at every scale, like photographs.
use super::canvas::Canvas;
use crate::{
    color::{Color, hex, palette::cloth},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
};

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    /// Boxes, books, frames, windows: upright.
    Box,
    /// Anything rounded.
    Blob,
    /// Leaves.
    Leaf,
}

/// Objects to scatter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clutter<'a> {
    pub count: usize,
    pub things: &'a [Thing],
    pub palette: &'a [Color],
    /// The deviation of an object's color from the palette's.
    pub jitter: f32,
    /// The area of the canvas, from its upper left to its lower right corner.
    pub area: [Pt; 2],
    /// The smallest and the largest half width.
    pub sizes: [f32; 2],
}

impl Clutter<'_> {
    /// Paints all objects, mostly large ones first.
    pub fn paint(&self, c: &mut Canvas, dice: &mut Dice) {
        let [low, high] = self.sizes.map(|s| 1.0 / (s * s));
        for i in 0..self.count {
            // The first of many objects would be hidden completely, so they are large.
            let size = if i * 8 < self.count {
                dice.range(self.sizes[1] * 0.4, self.sizes[1])
            } else {
                1.0 / (low - dice.range(0.0, 1.0) * (low - high)).sqrt()
            };
            let at = pt(
                dice.range(self.area[0].x, self.area[1].x),
                dice.range(self.area[0].y, self.area[1].y),
            );
            let color = dice.pick(self.palette).jitter(dice, self.jitter);
            let outline = outline(dice, self.things[i % self.things.len()], at, size);
            let way = pt(c.light * 0.5, -1.0) * size;
            let (bright, dark) = (dice.range(0.0, 0.3), dice.range(0.0, 0.45));
            let colors = [color.lighter(bright).skia(1.0), color.darker(dark).skia(1.0)];
            c.run(&outline, [at + way, at - way], colors);
        }
    }
}

fn outline(dice: &mut Dice, thing: Thing, at: Pt, size: f32) -> Vec<Pt> {
    match thing {
        Thing::Box => {
            let lean = if dice.chance(0.2) { dice.bell(0.5) } else { 0.0 };
            rectangle(at, pt(size, size * dice.range(0.3, 2.4)), lean)
        }
        Thing::Blob if dice.chance(0.5) => {
            ellipse(at, size, size * dice.range(0.4, 1.2), dice.range(0.0, 3.1))
        }
        Thing::Blob => {
            let knots = (0..7).map(|i| {
                let angle = i as f32 / 7.0 * std::f32::consts::TAU;
                at + pt(0.0, size * dice.range(0.6, 1.2)).turned(angle)
            });
            Curve::new().through(knots.collect::<Vec<_>>()).closed()
        }
        Thing::Leaf => {
            let way = pt(0.0, size * 1.6).turned(dice.range(0.0, std::f32::consts::TAU));
            let wide = way.perp() * dice.range(0.2, 0.45);
            let middle = at + way * dice.range(-0.2, 0.1);
            Curve::new()
                .corner(at - way)
                .smooth(middle + wide)
                .corner(at + way)
                .smooth(middle - wide)
                .closed()
        }
    }
}

/// Colors of objects: each place has a few of its own.
pub(crate) fn palette(dice: &mut Dice, near: Color) -> Vec<Color> {
    (0..7)
        .map(|_| {
            let gray = hex(dice.pick(&[0x2b2826, 0x5a5550, 0x8d8780, 0xc4beb4, 0xe9e5de]));
            let dull = dice.range(0.2, 0.9);
            cloth(dice, &[near], 10.0).mix(gray, dull)
        })
        .collect()
}
