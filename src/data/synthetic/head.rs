//! Head, face and hair.
use super::{
    body::Body,
    colour::{Colour, WHITE, hex},
    dice::Dice,
    piece::{Fill, Owner, Piece},
    shape::{Curve, Pt, ellipse, pt},
};

/// How hair falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Short,
    Bob,
    Long,
    Bun,
    Bald,
}

/// Draws head and hair; long hair may fall over the shoulders.
pub(super) fn head(
    dice: &mut Dice,
    body: &Body,
    skin: Colour,
    hair: Colour,
    light: f32,
) -> Vec<Piece> {
    let style = dice.weighted(&[
        (0.28, Style::Short),
        (0.16, Style::Bob),
        (0.42, Style::Long),
        (0.11, Style::Bun),
        (0.03, Style::Bald),
    ]);
    let c = body.head;
    let turn = body.head_yaw.sin();
    let mut pieces = Vec::new();
    let hair_piece = |order: f32, outline: Vec<Pt>| {
        Piece::new(order, Owner::Body, outline, Fill::Plain(hair)).raised(0.25, 0.4)
    };
    let length = dice.range(14.0, 40.0);
    match style {
        Style::Long => {
            pieces.push(strands(dice, hair_piece(2.0, back(c, 10.5, 20.0 + length * 0.8)), hair))
        }
        Style::Bob => pieces.push(strands(dice, hair_piece(2.0, back(c, 10.5, 16.0)), hair)),
        Style::Bun => {
            pieces.push(hair_piece(2.0, ellipse(c + pt(-turn * 4.0, -13.5), 5.0, 4.6, 0.0)))
        }
        Style::Short | Style::Bald => {}
    }
    let face = Curve::new()
        .smooth(c + pt(-7.7, -2.0))
        .smooth(c + pt(-7.2, 4.0))
        .smooth(c + pt(-4.4 + turn, 10.0))
        .smooth(c + pt(turn * 2.0, 12.6))
        .smooth(c + pt(4.4 + turn, 10.0))
        .smooth(c + pt(7.2, 4.0))
        .smooth(c + pt(7.7, -2.0))
        .smooth(c + pt(5.0, -10.0))
        .smooth(c + pt(0.0, -12.0))
        .smooth(c + pt(-5.0, -10.0));
    let mut face =
        Piece::new(50.0, Owner::Body, face.closed(), Fill::Plain(skin)).raised(0.35, 0.35);
    features(dice, &mut face, c, turn, skin, hair, light);
    pieces.push(face);
    for s in [-1.0, 1.0] {
        if style != Style::Long && style != Style::Bob && turn * s < 0.4 {
            pieces.push(Piece::new(
                49.0,
                Owner::Body,
                ellipse(c + pt(s * 7.9 - turn, 0.5), 1.5, 2.6, 0.0),
                Fill::Plain(skin.darker(0.1)),
            ));
        }
    }
    if style != Style::Bald {
        let part = dice.range(-0.7, 0.7);
        pieces.push(strands(dice, hair_piece(51.0, cap(c, turn, part)), hair));
    }
    if style == Style::Long {
        for s in [-1.0, 1.0] {
            if dice.chance(0.6) {
                let lock = lock(dice, c, s, length, turn);
                pieces.push(strands(dice, hair_piece(52.0, lock), hair));
            }
        }
    }
    if dice.chance(0.1) {
        pieces.extend(hat(dice, c));
    }
    pieces
}

fn back(c: Pt, half: f32, down: f32) -> Vec<Pt> {
    Curve::new()
        .smooth(c + pt(0.0, -13.0))
        .smooth(c + pt(-8.5, -8.0))
        .smooth(c + pt(-half, 4.0))
        .smooth(c + pt(-half * 1.1, down * 0.7))
        .smooth(c + pt(-half * 0.8, down))
        .smooth(c + pt(0.0, down - 1.0))
        .smooth(c + pt(half * 0.8, down))
        .smooth(c + pt(half * 1.1, down * 0.7))
        .smooth(c + pt(half, 4.0))
        .smooth(c + pt(8.5, -8.0))
        .closed()
}

/// The hair over the forehead, parted at `part` (−1..1).
fn cap(c: Pt, turn: f32, part: f32) -> Vec<Pt> {
    let parting = c + pt(part * 4.0 + turn * 3.0, -8.0);
    Curve::new()
        .smooth(c + pt(0.0, -13.6))
        .smooth(c + pt(-6.5, -10.8))
        .smooth(c + pt(-8.9, -4.0))
        .corner(c + pt(-8.3, 2.5))
        .smooth(c + pt(-6.6, -3.2))
        .smooth(parting.lerp(c + pt(-6.6, -5.0), 0.4) + pt(0.0, 0.8))
        .corner(parting)
        .smooth(parting.lerp(c + pt(6.6, -5.0), 0.4) + pt(0.0, 0.8))
        .smooth(c + pt(6.6, -3.2))
        .corner(c + pt(8.3, 2.5))
        .smooth(c + pt(8.9, -4.0))
        .smooth(c + pt(6.5, -10.8))
        .closed()
}

/// Hair that falls over the front of a shoulder.
fn lock(dice: &mut Dice, c: Pt, s: f32, length: f32, turn: f32) -> Vec<Pt> {
    let wave = dice.bell(2.0);
    let down = 16.0 + length * dice.range(0.6, 1.0);
    let at = |x: f32, y: f32| c + pt(s * x + turn * 0.5, y);
    Curve::new()
        .corner(at(6.0, -8.0))
        .smooth(at(9.0, -3.0))
        .smooth(at(10.4, 8.0))
        .smooth(at(12.5 + wave, 18.0))
        .smooth(at(13.0, down * 0.8))
        .corner(at(10.5 + wave, down))
        .smooth(at(7.5, down * 0.85))
        .smooth(at(6.6 + wave, 20.0))
        .smooth(at(7.0, 10.0))
        .smooth(at(7.3, 0.0))
        .closed()
}

/// Adds lighter and darker strands.
fn strands(dice: &mut Dice, mut piece: Piece, hair: Colour) -> Piece {
    let (low, high) = super::shape::bounds(&piece.outline);
    let size = high - low;
    for i in 0..6 {
        let x = low.x + size.x * (i as f32 + dice.range(0.2, 0.8)) / 6.0;
        let middle = low.x + size.x * 0.5;
        let line = Curve::new()
            .corner(pt(middle + (x - middle) * 0.5, low.y + size.y * 0.08))
            .smooth(pt(x, low.y + size.y * 0.45))
            .corner(pt(x + dice.bell(1.0), high.y - size.y * 0.05));
        piece.shade(line.open(), dice.range(0.6, 1.6), dice.bell(0.3));
    }
    let _ = hair;
    piece
}

fn features(
    dice: &mut Dice,
    face: &mut Piece,
    c: Pt,
    turn: f32,
    skin: Colour,
    hair: Colour,
    light: f32,
) {
    let middle = turn * 4.2;
    let at = |x: f32, y: f32| c + pt(middle + x * (1.0 - 0.25 * turn.abs()), y);
    let dark = skin.darker(0.6);
    for s in [-1.0, 1.0] {
        face.area(ellipse(at(s * 3.2, -0.4), 1.35, 0.75, 0.0), Fill::Plain(WHITE.mix(skin, 0.25)));
        face.area(ellipse(at(s * 3.2, -0.4), 0.72, 0.72, 0.0), Fill::Plain(hex(0x2a211c)));
        face.line(
            vec![at(s * 1.8, -1.0), at(s * 3.2, -1.5), at(s * 4.7, -0.8)],
            0.45,
            hex(0x1c1512),
            0.85,
        );
        face.line(
            vec![at(s * 1.6, -3.2), at(s * 3.4, -3.8), at(s * 5.0, -3.0)],
            0.7,
            hair.darker(0.3),
            0.8,
        );
        face.shade(vec![at(s * 4.6, 4.0), at(s * 4.2, 5.2)], 3.0, 0.12);
    }
    face.line(
        vec![at(-0.2, -0.5), at(-0.9 + turn * 1.6, 3.6), at(0.4 + turn, 4.1)],
        0.4,
        dark,
        0.5,
    );
    let lips = skin.mix(hex(0xb03a48), dice.range(0.35, 0.75));
    let mouth = Curve::new()
        .corner(at(-2.2, 7.0))
        .smooth(at(0.0, 6.3))
        .corner(at(2.2, 7.0))
        .smooth(at(0.0, 8.3));
    face.area(mouth.closed(), Fill::Plain(lips));
    face.line(vec![at(-2.0, 7.05), at(2.0, 7.05)], 0.25, dark, 0.7);
    face.shade(
        vec![c + pt(-light * 7.0, -6.0), c + pt(-light * 6.6, 5.0), c + pt(-light * 3.0, 11.5)],
        4.0,
        -0.22,
    );
    face.shade(vec![c + pt(-6.0, -8.0), c + pt(6.0, -8.0)], 3.0, -0.25);
    if dice.chance(0.1) {
        for s in [-1.0, 1.0] {
            face.area(ellipse(at(s * 3.3, -0.3), 2.5, 1.9, 0.0), Fill::Plain(hex(0x17181b)));
        }
        face.line(vec![at(-6.5, -1.0), at(6.5, -1.0)], 0.5, hex(0x17181b), 1.0);
    }
}

fn hat(dice: &mut Dice, c: Pt) -> Vec<Piece> {
    let colour = dice.pick(&[hex(0x141416), hex(0xc9a67c), hex(0x5a4030), hex(0x7a2030)]);
    let tilt = dice.bell(0.2);
    let turned = |p: Pt| c + pt(0.0, -8.0) + p.turned(tilt);
    let crown = Curve::new()
        .smooth(turned(pt(-8.8, 1.0)))
        .smooth(turned(pt(-8.0, -6.5)))
        .smooth(turned(pt(0.0, -9.0)))
        .smooth(turned(pt(8.0, -6.5)))
        .smooth(turned(pt(8.8, 1.0)))
        .closed();
    let brim = ellipse(turned(pt(0.0, 0.6)), 15.5, 3.6, tilt);
    let piece = |order, outline| {
        Piece::new(order, Owner::Body, outline, Fill::Plain(colour)).raised(0.4, 0.5)
    };
    let mut brim = piece(53.0, brim);
    brim.shade(vec![turned(pt(-13.0, 2.0)), turned(pt(13.0, 2.0))], 2.0, -0.4);
    let mut crown = piece(53.1, crown);
    crown.line(vec![turned(pt(-8.6, -0.6)), turned(pt(8.6, -0.6))], 2.0, colour.darker(0.5), 0.9);
    vec![brim, crown]
}
