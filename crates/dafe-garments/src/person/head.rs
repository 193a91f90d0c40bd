//! Head and face.
use super::{accessories, body::Body, chances, hair};
use crate::{
    color::{Color, WHITE, hex},
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

/// Head and hair; long hair may fall over the shoulders.
pub(crate) fn head(
    dice: &mut Dice,
    body: &Body,
    skin: Color,
    tint: Color,
    light: f32,
) -> Vec<Piece> {
    let style = dice.weighted(&chances::HAIR);
    let c = body.head;
    let turn = body.head_yaw.sin();
    let mut pieces = hair::hair(dice, style, c, turn, tint);
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
    features(dice, &mut face, c, turn, skin, tint, light);
    pieces.push(face);
    for s in [-1.0, 1.0] {
        if style.shows_ears() && turn * s < 0.4 {
            pieces.push(Piece::new(
                49.0,
                Owner::Body,
                ellipse(c + pt(s * 7.9 - turn, 0.5), 1.5, 2.6, 0.0),
                Fill::Plain(skin.darker(0.1)),
            ));
        }
    }
    pieces.extend(accessories::adornments(dice, body, skin));
    pieces
}

fn features(
    dice: &mut Dice,
    face: &mut Piece,
    c: Pt,
    turn: f32,
    skin: Color,
    hair: Color,
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
    let frame = hex(0x17181b);
    if dice.chance(chances::SUNGLASSES) {
        let (wide, tall) = (dice.range(2.2, 3.0), dice.range(1.5, 2.5));
        for s in [-1.0, 1.0] {
            face.area(ellipse(at(s * 3.3, -0.3), wide, tall, 0.0), Fill::Plain(frame));
        }
        face.line(vec![at(-6.5, -1.0), at(6.5, -1.0)], 0.5, frame, 1.0);
    } else if dice.chance(chances::GLASSES) {
        for s in [-1.0, 1.0] {
            let mut rim = ellipse(at(s * 3.3, -0.3), 2.4, 2.0, 0.0);
            rim.push(rim[0]);
            face.line(rim, 0.4, frame, 0.9);
        }
        face.line(vec![at(-0.9, -0.6), at(0.9, -0.6)], 0.4, frame, 0.9);
    }
}
