//! Creases of clothes without a wearer: crumpled, or with fold lines from storage.
use super::layer::Layer;
use crate::{
    drawing::piece::{Part, Piece},
    geometry::{
        point::{Pt, pt},
        polygon::bounds,
    },
    random::dice::Dice,
};

/// The probabilities that a garment without a wearer is crumpled, and that it shows fold lines.
const CRUMPLED: f32 = 0.6;
const FOLDED: f32 = 0.25;

/// Creases the parts of a garment.
pub(crate) fn crease(dice: &mut Dice, pieces: &mut [Piece], layer: &Layer) {
    let own = |p: &&mut Piece| p.part != Part::Trim && p.owner == layer.owner;
    if dice.chance(CRUMPLED) {
        let strength = dice.range(0.08, 0.3);
        let density = dice.range(0.4, 1.6);
        for piece in pieces.iter_mut().filter(own) {
            let (low, high) = bounds(&piece.outline);
            let size = high - low;
            let count = (size.x * size.y * density / 400.0).clamp(1.0, 14.0) as usize;
            for _ in 0..count {
                let at = low + pt(size.x * dice.range(0.0, 1.0), size.y * dice.range(0.0, 1.0));
                let way = pt(0.0, dice.range(3.0, 13.0)).turned(dice.range(-1.6, 1.6));
                let bow = way.perp() * dice.bell(0.3);
                let own = strength * dice.range(0.5, 1.3);
                wrinkle(piece, dice, layer, [at - way, at + bow, at + way], own);
            }
        }
    }
    if dice.chance(FOLDED) {
        let strength = dice.range(0.08, 0.22);
        let lines = [dice.range(-1.0, 1.0), dice.range(22.0, 36.0), dice.range(48.0, 62.0)];
        for piece in pieces.iter_mut().filter(own).filter(|p| p.part == Part::Trunk) {
            let (low, high) = bounds(&piece.outline);
            let middle = (low.x + high.x) / 2.0 + lines[0];
            let down = vec![pt(middle, low.y), pt(middle, high.y)];
            edge(piece, layer, &down, pt(0.7, 0.0), strength);
            for y in &lines[1..] {
                let across = vec![pt(low.x, *y), pt(high.x, *y)];
                edge(piece, layer, &across, pt(0.0, 0.7), strength);
            }
        }
    }
}

/// A wrinkle: dark on one side, light on the other.
fn wrinkle(piece: &mut Piece, dice: &mut Dice, layer: &Layer, line: [Pt; 3], strength: f32) {
    let width = dice.range(0.8, 2.4);
    let beside = (line[2] - line[0]).unit().perp() * (width * 0.8 * dice.sign());
    piece.crease(line.to_vec(), width, -strength);
    let bright = line.iter().map(|p| *p + beside).collect();
    piece.crease(bright, width, strength * 0.7 * layer.gleam());
}

/// A fold line, as straight as if ironed.
fn edge(piece: &mut Piece, layer: &Layer, line: &[Pt], beside: Pt, strength: f32) {
    piece.shade(line.to_vec(), 0.8, -strength);
    let bright = line.iter().map(|p| *p + beside).collect();
    piece.shade(bright, 0.8, strength * 0.8 * layer.gleam());
}
