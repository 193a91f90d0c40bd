//! Leaves, passers-by, cups, books, and price tags.
use super::piece::{band, placed};
use crate::{
    color::{Color, WHITE, hex, palette::cloth},
    drawing::{piece::Fill, placed::Placed},
    geometry::{
        curve::Curve,
        lettering,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
};

/// Leaves in front of the camera, reaching in from the side.
pub(crate) fn branch(dice: &mut Dice, at: Pt, scale: f32, size: Pt) -> Vec<Placed> {
    let green =
        hex(dice.pick(&[0x3f6b42, 0x5c7d3e, 0x2e5740, 0x7a8a4a, 0xa05a3a])).jitter(dice, 10.0);
    let side = if at.x < size.x / 2.0 { -1.0 } else { 1.0 };
    let root = pt(at.x + side * 32.0 * scale, at.y + dice.range(-6.0, 22.0) * scale);
    let mut pieces = vec![band(
        &[root, root.lerp(at, 0.5) + pt(0.0, -2.0 * scale), at],
        0.9 * scale,
        green.darker(0.4),
        scale,
    )];
    for i in 0..dice.count(4, 7) {
        let t = 1.0 - i as f32 * 0.13;
        let s = if i % 2 == 0 { 1.0 } else { -1.0 };
        let way = (at - root).unit();
        let leaf = (way + way.perp() * (s * 0.7)).unit();
        let length = dice.range(5.0, 8.5) * scale;
        let base = if i == 0 { at - way * (length * 0.6) } else { root.lerp(at, t) };
        let leaf = if i == 0 { way } else { leaf };
        let (tip, wide) = (base + leaf * (length * 2.0), leaf.perp() * (length * 0.42));
        let outline = Curve::new()
            .corner(base)
            .smooth(base.lerp(tip, 0.45) + wide)
            .corner(tip)
            .smooth(base.lerp(tip, 0.45) - wide);
        let tint = green.jitter(dice, 14.0);
        let mut piece = placed(outline.closed(), Fill::Plain(tint), scale);
        piece.piece.line(vec![base, tip], 0.3, tint.lighter(0.4), 0.6);
        pieces.push(piece);
    }
    pieces
}

/// A passer-by's arm and shoulder at the image's edge.
pub(crate) fn passer_by(dice: &mut Dice, at: Pt, scale: f32, near: Color, size: Pt) -> Vec<Placed> {
    let color = cloth(dice, &[near], 60.0);
    let s = if at.x < size.x / 2.0 { -1.0 } else { 1.0 };
    let inner = at.x - s * dice.range(2.0, 5.0) * scale;
    let far = if s < 0.0 { -40.0 } else { size.x + 40.0 };
    let top = at.y - dice.range(12.0, 45.0) * scale;
    let outline = Curve::new()
        .corner(pt(far, top - 6.0 * scale))
        .smooth(pt(inner + s * 7.0 * scale, top - 2.0 * scale))
        .smooth(pt(inner, top + 9.0 * scale))
        .smooth(pt(inner - s * 1.5 * scale, top + 40.0 * scale))
        .smooth(pt(inner + s * 1.0 * scale, top + 75.0 * scale))
        .corner(pt(inner + s * 2.0 * scale, size.y + 60.0))
        .corner(pt(far, size.y + 60.0))
        .closed();
    let mut piece = placed(outline, Fill::Plain(color), scale);
    piece.piece.shade(vec![pt(inner, top + 8.0 * scale), pt(inner, top + 75.0 * scale)], 5.0, -0.4);
    piece.piece.shade(
        vec![
            pt(inner + s * 6.0 * scale, top + 8.0 * scale),
            pt(inner + s * 6.0 * scale, top + 70.0 * scale),
        ],
        4.0,
        0.2,
    );
    vec![piece]
}

/// A paper cup, or a book.
pub(crate) fn cup_or_book(dice: &mut Dice, at: Pt, scale: f32, near: Color) -> Vec<Placed> {
    let color = cloth(dice, &[near], 70.0);
    let turn = dice.bell(0.3);
    if dice.chance(0.5) {
        let half = pt(dice.range(5.5, 8.0), dice.range(7.5, 10.0)) * scale;
        let mut book = placed(rectangle(at, half, turn), Fill::Plain(color), scale);
        let line = |y: f32, w: f32| {
            vec![
                at + pt(-half.x * w, half.y * y).turned(turn),
                at + pt(half.x * w, half.y * y).turned(turn),
            ]
        };
        book.piece.line(line(-0.5, 0.6), 1.2, WHITE, 0.8);
        book.piece.line(line(-0.2, 0.4), 0.7, WHITE, 0.7);
        book.piece.shade(line(0.8, 0.9), 4.0, -0.3);
        return vec![book];
    }
    let p = |x: f32, y: f32| at + pt(x, y).turned(turn) * scale;
    let cup = vec![p(-4.2, -7.0), p(4.2, -7.0), p(3.2, 7.0), p(-3.2, 7.0)];
    let mut cup = placed(cup, Fill::Plain(WHITE.darker(0.04)), scale);
    cup.piece.area(
        vec![p(-3.9, -2.5), p(3.9, -2.5), p(3.5, 3.5), p(-3.5, 3.5)],
        Fill::Plain(hex(0xa9794f)),
    );
    cup.piece.shade(vec![p(3.4, -6.5), p(2.8, 6.5)], 2.5, -0.35);
    let lid = placed(
        rectangle(p(0.0, -7.6), pt(4.6, 1.1) * scale, turn),
        Fill::Plain(hex(0x2a2522)),
        scale,
    );
    vec![cup, lid]
}

/// A price tag or sticker.
pub(crate) fn tag(dice: &mut Dice, at: Pt, scale: f32) -> Vec<Placed> {
    let color = dice.pick(&[hex(0xfdfdfb), hex(0xd4343c), hex(0x17181b), hex(0xf2d35e)]);
    let ink = if color.luma() > 120.0 { hex(0x17181b) } else { WHITE };
    let word = dice.pick(&["SALE", "NEW", "TOP", "HIT"]);
    let mut tag = if dice.chance(0.5) {
        placed(ellipse(at, 8.0 * scale, 8.0 * scale, 0.0), Fill::Plain(color), scale)
    } else {
        placed(rectangle(at, pt(8.5, 5.5) * scale, dice.bell(0.25)), Fill::Plain(color), scale)
    };
    for line in lettering::word(word, 11.0 * scale, at) {
        tag.piece.line(line, 0.9, ink, 1.0);
    }
    vec![tag]
}
