//! Irregular edges of cloth: a garment's outlines, lines and landmarks are displaced consistently.
use super::seam::Sewn;
use crate::{
    geometry::point::{Pt, pt},
    noise::repeating::WRINKLES,
    random::dice::Dice,
};

/// The maximum distance between points, in centimeters: fine enough for the waves.
const STEP: f32 = 0.9;

/// Inserts points where they are far apart.
fn refine(line: &mut Vec<Pt>, closed: bool) {
    let count = line.len();
    let mut fine = Vec::with_capacity(count * 3);
    for (i, &a) in line.iter().enumerate() {
        fine.push(a);
        if i + 1 == count && !closed {
            break;
        }
        let b = line[(i + 1) % count];
        let steps = ((b - a).length() / STEP).ceil().min(200.0) as usize;
        fine.extend((1..steps).map(|k| a.lerp(b, k as f32 / steps as f32)));
    }
    *line = fine;
}

/// Bends a garment's edges by waves of a few millimeters; clothes without a wearer are less smooth.
pub(crate) fn wobble(dice: &mut Dice, sewn: &mut Sewn, worn: bool) {
    let deep = dice.range(0.05, 0.3) * if worn { 1.0 } else { 1.4 };
    let long = 1.0 / dice.range(70.0, 140.0);
    let (x, y) = (dice.range(0.0, 1.0), dice.range(0.0, 1.0));
    let moved = |p: Pt| {
        let (u, v) = (p.x * long + x, p.y * long + y);
        p + pt(WRINKLES.at(u, v), WRINKLES.at(v + 0.37, u + 0.61)) * deep
    };
    for piece in &mut sewn.pieces {
        refine(&mut piece.outline, true);
        piece.each_line(|line| line.iter_mut().for_each(|p| *p = moved(*p)));
    }
    for seam in &mut sewn.seams {
        refine(&mut seam.points, false);
        seam.points.iter_mut().for_each(|p| *p = moved(*p));
    }
    for anchor in &mut sewn.anchors {
        anchor.at = moved(anchor.at);
    }
}
