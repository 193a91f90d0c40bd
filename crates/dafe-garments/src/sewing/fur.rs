//! Fur, shag and mohair: irregular edges, and hairs on the surface.
use super::layer::Layer;
use crate::{
    drawing::piece::{Part, Piece},
    geometry::{
        point::{Pt, pt},
        polygon::{bounds, contains},
    },
    random::dice::Dice,
};

/// The distance between hairs along an edge, in centimeters.
const STEP: f32 = 0.8;

/// Makes a garment's parts hairy; `long` is the length of hairs in centimeters.
pub(crate) fn fur(dice: &mut Dice, pieces: &mut [Piece], layer: &Layer, long: f32) {
    let own = |p: &&mut Piece| p.part != Part::Trim && p.owner == layer.owner;
    for piece in pieces.iter_mut().filter(own) {
        let inside = piece.outline.clone();
        piece.outline = hairy(dice, &inside, long);
        (piece.rim, piece.shadow) = (0.0, piece.shadow * 0.6);
        let (low, high) = bounds(&piece.outline);
        let size = high - low;
        let count = (size.x * size.y / 16.0).clamp(20.0, 160.0) as usize;
        let color = layer.color[0];
        for _ in 0..count {
            let at = low + pt(size.x * dice.range(0.0, 1.0), size.y * dice.range(0.0, 1.0));
            if !contains(&inside, at) {
                continue;
            }
            let hair = pt(dice.bell(0.8), 1.0).unit() * (long * dice.range(1.5, 4.0));
            let bow = hair.perp() * dice.bell(0.3);
            let ink = if dice.chance(0.6) { color.darker(0.35) } else { color.lighter(0.3) };
            let line = vec![at, at + hair * 0.5 + bow, at + hair];
            piece.line(line, dice.range(0.3, 0.8), ink, dice.range(0.2, 0.5));
        }
    }
}

/// The outline with hairs sticking out.
fn hairy(dice: &mut Dice, outline: &[Pt], long: f32) -> Vec<Pt> {
    let mut points = Vec::with_capacity(outline.len() * 4);
    // The outlines of left and right sleeves run in opposite directions.
    let next = |i: usize| outline[(i + 1) % outline.len()];
    let area: f32 =
        (0..outline.len()).map(|i| outline[i].x * next(i).y - next(i).x * outline[i].y).sum();
    for (i, &a) in outline.iter().enumerate() {
        let b = next(i);
        let way = b - a;
        let out = way.unit().perp() * -area.signum();
        let steps = (way.length() / STEP).ceil().clamp(1.0, 60.0) as usize;
        for k in 0..steps {
            let root = a.lerp(b, k as f32 / steps as f32);
            points.push(root);
            // Hairs are thin, with gaps between them.
            let lean = way.unit() * dice.bell(0.5);
            points.push(root + (out + lean) * (long * dice.range(0.0, 1.0)));
            points.push(root + way * (0.15 / steps as f32));
        }
    }
    points
}
