//! Floors and beds from above, turned at any angle and seen slightly obliquely.
use super::canvas::Canvas;
use crate::{
    color::Color,
    geometry::{
        point::{Pt, pt},
        polygon::bounds,
    },
    random::dice::Dice,
};

/// The probability that a floor is nearly parallel to the image's sides.
const SQUARE: f32 = 0.55;
/// The probability that something else is visible at one side of the image: the wall, a rug's end,
/// furniture.
const EDGE: f32 = 0.25;

/// A plane in front of the camera.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    middle: Pt,
    turn: f32,
    /// How much nearer the image's lower edge is than its upper one.
    lean: f32,
    height: f32,
}

impl Plan {
    /// Chooses how the camera is held.
    pub fn new(canvas: &Canvas, dice: &mut Dice) -> Self {
        let quarter = dice.pick(&[0.0, std::f32::consts::FRAC_PI_2]);
        let turn = if dice.chance(SQUARE) { dice.bell(0.12) } else { dice.range(-0.8, 0.8) };
        Self {
            middle: pt(canvas.w * dice.range(0.3, 0.7), canvas.h * 0.5),
            turn: quarter + turn,
            lean: if dice.chance(0.5) { dice.bell(0.1) } else { dice.range(0.1, 0.5) },
            height: canvas.h,
        }
    }

    /// The pixel of a point of the plane, whose unit is a pixel in the image's center.
    pub fn at(&self, p: Pt) -> Pt {
        let p = p.turned(self.turn);
        // Farther points are smaller, and their rows are closer together.
        let depth = (1.0 - self.lean * p.y / self.height).clamp(0.4, 3.0);
        self.middle + p * (1.0 / depth)
    }

    /// How far the plane must reach in each direction to fill the image.
    pub fn reach(&self, canvas: &Canvas) -> f32 {
        canvas.w.hypot(canvas.h) * (0.62 + 0.5 * self.lean.abs())
    }

    /// A rectangle of the plane in the image; `None` if it is outside.
    pub fn rectangle(&self, canvas: &Canvas, low: Pt, high: Pt) -> Option<[Pt; 4]> {
        let corners = [low, pt(high.x, low.y), high, pt(low.x, high.y)].map(|p| self.at(p));
        let (least, most) = bounds(&corners);
        let seen = most.x > 0.0 && most.y > 0.0 && least.x < canvas.w && least.y < canvas.h;
        seen.then_some(corners)
    }
}

/// Paints a strip of something else along one side of the image; mostly nothing.
pub(crate) fn edge(canvas: &mut Canvas, dice: &mut Dice, color: Color) {
    if !dice.chance(EDGE) {
        return;
    }
    let (w, h) = (canvas.w, canvas.h);
    let [from, to] = [0, 1].map(|_| dice.range(0.02, 0.22));
    let strip = match dice.count(0, 3) {
        0 => [pt(0.0, 0.0), pt(w * from, 0.0), pt(w * to, h), pt(0.0, h)],
        1 => [pt(w, 0.0), pt(w * (1.0 - from), 0.0), pt(w * (1.0 - to), h), pt(w, h)],
        2 => [pt(0.0, 0.0), pt(w, 0.0), pt(w, h * from), pt(0.0, h * to)],
        _ => [pt(0.0, h), pt(w, h), pt(w, h * (1.0 - from)), pt(0.0, h * (1.0 - to))],
    };
    let other = if dice.chance(0.5) { color.darker(0.7) } else { color.lighter(0.6) };
    canvas.fill(&strip, other.jitter(dice, 30.0), 1.0);
    let line = [strip[1], strip[2]];
    canvas.stroke(&line, 2.5, other.darker(0.7), 0.5);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaning_plane_is_wider_below_and_keeps_its_middle() {
        let plan = Plan { middle: pt(50.0, 60.0), turn: 0.0, lean: 0.4, height: 120.0 };
        assert_eq!(plan.at(pt(0.0, 0.0)), pt(50.0, 60.0));
        let wide = |y: f32| plan.at(pt(10.0, y)).x - plan.at(pt(-10.0, y)).x;
        assert!(wide(50.0) > wide(0.0) && wide(0.0) > wide(-50.0));
        assert!((wide(0.0) - 20.0).abs() < 1e-4);
        // A quarter turn maps right to down.
        let turned = Plan { turn: std::f32::consts::FRAC_PI_2, lean: 0.0, ..plan };
        assert!((turned.at(pt(10.0, 0.0)) - pt(50.0, 70.0)).length() < 1e-3);
    }
}
