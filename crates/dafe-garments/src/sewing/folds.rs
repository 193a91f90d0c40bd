//! Soft folds and form shading, which make a flat piece look like cloth on a body.
use super::layer::Layer;
use crate::{
    drawing::piece::Piece,
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::bounds,
    },
    person::body::{Body, level},
    random::dice::Dice,
};

fn fold(piece: &mut Piece, dice: &mut Dice, layer: &Layer, from: Pt, to: Pt, strength: f32) {
    let across = (to - from).perp();
    let middle = from.lerp(to, dice.range(0.35, 0.65)) + across * dice.bell(0.12);
    let line = Curve::new().corner(from).smooth(middle).corner(to).open();
    let width = dice.range(0.8, 2.0);
    let beside = (to - from).unit().perp() * (width * 0.8 * dice.sign());
    let bright: Vec<Pt> = line.iter().map(|p| *p + beside).collect();
    piece.crease(line, width * 1.2, -strength);
    piece.crease(bright, width * 1.2, strength * 0.5 * layer.gleam());
}

/// Folds of a trunk: from the armpits inwards, across the waist, down towards the hem.
#[allow(clippy::too_many_arguments, reason = "the outline's parts, named once")]
pub(crate) fn trunk(
    dice: &mut Dice,
    piece: &mut Piece,
    body: &Body,
    layer: &Layer,
    left: &[Pt],
    right: &[Pt],
    ends: &[Pt; 2],
    hem_y: f32,
) {
    let depth = if layer.worn { 1.0 } else { 0.7 };
    let with_end = |side: &[Pt], end: Pt| [&[end], side].concat();
    piece.round(with_end(left, ends[0]), with_end(right, ends[1]), 7.0, layer.light, depth);
    let strength = dice.range(0.1, 0.3);
    for (side, s) in [(left, 1.0), (right, -1.0)] {
        for _ in 0..dice.count(0, 2) {
            let from = side[0] + pt(0.0, dice.range(-1.0, 5.0));
            let to = from + pt(s * dice.range(7.0, 15.0), dice.range(-2.0, 14.0));
            fold(piece, dice, layer, from, to, strength);
        }
        let waist = side.iter().copied().find(|p| p.y > level::WAIST - 3.0);
        if let (Some(waist), true) = (waist, layer.worn) {
            for _ in 0..dice.count(0, 3) {
                let from = waist + pt(0.0, dice.range(-8.0, 8.0));
                let to = from + pt(s * dice.range(5.0, 14.0), dice.range(-4.0, 6.0));
                fold(piece, dice, layer, from, to, strength);
            }
        }
    }
    // Bust or chest: a soft highlight, weak on clothes that lie flat.
    let bust = if layer.worn { 0.07 } else { 0.02 };
    let chest = body.front(-layer.light * 0.1, body.build.chest, level::CHEST);
    piece.shade(vec![chest - pt(3.0, 4.0), chest + pt(3.0, 2.0)], 12.0, bust * layer.gleam());
    piece.shade(vec![chest - pt(2.0, 3.0), chest + pt(2.0, 1.0)], 7.0, bust * layer.gleam());
    let (from_y, reach) = (hem_y.min(level::WAIST + 6.0), hem_y - level::WAIST);
    if reach > 8.0 {
        let (low, high) = (left[left.len() - 1], right[right.len() - 1]);
        let count = dice.count(1, 3) + (reach / 25.0) as usize;
        for _ in 0..count {
            let t = dice.range(0.12, 0.88);
            let to = low.lerp(high, t) + pt(0.0, dice.range(-1.0, 2.0));
            let top = from_y - 4.0 + dice.range(0.0, 0.3) * (hem_y - from_y);
            let narrow = 0.75 * (high.x - low.x).min(2.0 * body.build.hip);
            let from = pt((low.x + high.x) / 2.0 * 0.6 + (t - 0.5) * narrow, top);
            let own = strength * dice.range(0.6, 1.2);
            fold(piece, dice, layer, from, to, own);
        }
    }
}

/// Folds of a sleeve or trouser leg, given its two sides from top to end.
pub(crate) fn tube(
    dice: &mut Dice,
    piece: &mut Piece,
    one: &[Pt],
    other: &[Pt],
    layer: &Layer,
    loose: f32,
) {
    let (low, high) = bounds(one.iter().chain(other));
    let width = (one[one.len() / 2] - other[other.len() / 2]).length();
    let (left, right) =
        if one[one.len() / 2].x < other[other.len() / 2].x { (one, other) } else { (other, one) };
    piece.round(left.to_vec(), right.to_vec(), width * 0.45, layer.light, 0.95);
    let length = (high - low).length();
    let strength = dice.range(0.12, 0.3) * (0.6 + loose).min(1.1);
    let count = dice.count(1, 3) + (length / 22.0) as usize;
    for _ in 0..count {
        let at = dice.count(0, one.len().min(other.len()) - 1);
        let (a, b) = (one[at], other[at]);
        let (a, b) = if dice.chance(0.5) { (a, b) } else { (b, a) };
        let along = (one[one.len() - 1] - one[0]).unit() * dice.range(-3.0, 5.0);
        let to = a.lerp(b, dice.range(0.5, 0.85)) + along;
        fold(piece, dice, layer, a, to, strength);
    }
}
