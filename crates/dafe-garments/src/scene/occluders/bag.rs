//! Bags, in the hand or on a strap.
use super::piece::{band, placed};
use crate::{
    color::{Color, hex, palette::cloth},
    drawing::{piece::Fill, placed::Placed},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::rectangle,
    },
    random::dice::Dice,
};

/// A bag with its handle.
pub(crate) fn bag(dice: &mut Dice, at: Pt, scale: f32, near: Color) -> Vec<Placed> {
    let color = cloth(dice, &[near], 60.0);
    let (w, h) = (dice.range(9.0, 15.0) * scale, dice.range(8.0, 13.0) * scale);
    let turn = dice.bell(0.15);
    let p = |x: f32, y: f32| at + pt(x * w, y * h).turned(turn);
    let body = Curve::new()
        .corner(p(-0.85, -1.0))
        .smooth(p(0.0, -1.05))
        .corner(p(0.85, -1.0))
        .smooth(p(1.02, 0.3))
        .smooth(p(0.9, 0.95))
        .smooth(p(0.0, 1.05))
        .smooth(p(-0.9, 0.95))
        .smooth(p(-1.02, 0.3))
        .closed();
    let mut piece = placed(body, Fill::Plain(color), scale);
    let dark = color.darker(0.45);
    piece.piece.shade(vec![p(0.9, -0.8), p(0.95, 0.9)], 5.0, -0.45);
    let gleam = 0.08 + color.luma() / 1300.0;
    piece.piece.shade(vec![p(-0.5, -0.7), p(0.2, -0.6)], 4.0, gleam);
    let flap = Curve::new()
        .corner(p(-0.85, -1.0))
        .smooth(p(-0.8, -0.2))
        .smooth(p(0.0, 0.1))
        .smooth(p(0.8, -0.2))
        .corner(p(0.85, -1.0));
    piece.piece.line(flap.open(), 0.5, dark, 0.8);
    piece
        .piece
        .area(rectangle(p(0.0, 0.08), pt(1.3, 1.0) * scale, turn), Fill::Plain(hex(0xcbb479)));
    let reach = dice.range(1.2, 2.2);
    let grip = Curve::new()
        .corner(p(-0.6, -0.95))
        .smooth(p(-0.4, -1.0 - reach * 0.8))
        .smooth(p(0.0, -1.0 - reach))
        .smooth(p(0.4, -1.0 - reach * 0.8))
        .corner(p(0.6, -0.95))
        .open();
    vec![band(&grip, 1.1 * scale, dark, scale), piece]
}

/// The strap of a bag worn across, from a shoulder to the other hip.
pub(crate) fn strap(dice: &mut Dice, from: Pt, to: Pt, scale: f32, near: Color) -> Vec<Placed> {
    let color = cloth(dice, &[near], 60.0);
    let middle = from.lerp(to, 0.5) + pt(dice.bell(3.0), 3.0) * scale;
    let line = Curve::new().corner(from).smooth(middle).corner(to).open();
    let mut pieces = vec![band(&line, dice.range(1.6, 3.4) * scale, color, scale)];
    pieces.extend(bag(dice, to + pt(0.0, 5.0 * scale), scale * 0.85, near));
    pieces
}
