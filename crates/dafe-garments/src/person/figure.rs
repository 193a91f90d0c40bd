//! The wearer's own parts: skin, limbs, hands, shoes.
use super::{
    body::{Body, level, sign},
    chances,
};
use crate::{
    color::{Color, hex},
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        interpolation::mix,
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

fn skin_piece(order: f32, outline: Vec<Pt>, skin: Color) -> Piece {
    Piece::new(order, Owner::Body, outline, Fill::Plain(skin)).raised(0.0, 0.35)
}

/// Trunk and neck; shoulders without sleeves (`bare`) are slightly broader.
pub(crate) fn trunk(body: &Body, bare: bool, skin: Color, light: f32) -> Piece {
    let b = &body.build;
    let neck = b.neck * 0.86;
    let tip = b.shoulder * if bare { 1.0 } else { 0.94 };
    let head = body.head;
    let top = |s: f32| pt(head.x + s * neck * 0.94, head.y + 7.0);
    let base = |s: f32| pt(s * neck * 1.02 + body.head.x * 0.2, -4.0);
    let side = |s: f32| {
        [20.0, 30.0, level::WAIST, 52.0, level::HIP].map(|y| body.edge(s, body.half(y) - 0.4, y))
    };
    let crotch = body.edge(0.0, 1.0, level::CROTCH + 2.0);
    let mut curve =
        Curve::new().corner(top(-1.0)).smooth(base(-1.0)).smooth(body.shoulder(-b.shoulder * 0.66));
    curve = curve.smooth(body.shoulder(-tip) + pt(0.4, 0.6)).through(side(-1.0));
    curve = curve.smooth(crotch);
    curve = curve.through(side(1.0).into_iter().rev()).smooth(body.shoulder(tip) + pt(-0.4, 0.6));
    let outline =
        curve.smooth(body.shoulder(b.shoulder * 0.66)).smooth(base(1.0)).corner(top(1.0)).closed();
    let mut piece = skin_piece(14.0, outline, skin);
    let sides = [-1.0, 1.0]
        .map(|s| [&[top(s), base(s), body.shoulder(s * b.shoulder)][..], &side(s)].concat());
    let [left, right] = sides;
    piece.round(left, right, 5.0, light, 0.7);
    // The chin's shadow on the neck, collar bones.
    if body.from_behind {
        return piece;
    }
    let chin = pt(head.x + 4.0 * body.head_yaw.sin(), head.y + 13.0);
    piece.shade(vec![chin + pt(-5.0, 0.0), chin + pt(5.0, 0.0)], 7.0, -0.5);
    for s in [-1.0, 1.0] {
        let bone = vec![body.front(s * 0.12, 10.0, 2.0), body.front(s * 0.8, 12.0, 0.2)];
        piece.line(bone, 0.5, skin.darker(0.5), 0.25);
    }
    piece
}

/// An arm with its hand. The shoulder is beneath all clothes; the part outside a sleeve that
/// reaches to `sleeve` (0 for none) is at the pose's depth.
pub(crate) fn arm(body: &Body, side: usize, sleeve: f32, skin: Color, light: f32) -> Vec<Piece> {
    let s = sign(side);
    let arm = &body.arms[side];
    let order = body.arm_order(side);
    let mut pieces = Vec::new();
    // A bare arm comes out from under the cloth along the armpit's crease, a sleeved one straight
    // across.
    let sleeved = sleeve > 0.1;
    let out = if sleeved { [(sleeve - 0.03).min(0.9); 2] } else { [0.08, 0.28] };
    for (order, [outer_from, inner_from], to) in
        [(order.min(15.0), [0.0; 2], 0.5), (order, out, 1.0)]
    {
        if sleeved && outer_from == 0.0 {
            continue;
        }
        let side = |from: f32, offset: f32| -> Vec<Pt> {
            let ts = (0..=12).map(|i| mix(from, to, i as f32 / 12.0));
            ts.map(|t| arm.beside(t, offset * body.arm_half(t))).collect()
        };
        let (outer, inner) = (side(outer_from, -s), side(inner_from, s));
        let mut outline: Vec<Pt> = inner.iter().rev().chain(&outer).copied().collect();
        if outer_from == 0.0 {
            // The shoulder is round; its cap is between the inner and the outer side.
            let (across, back) = ((outer[0] - inner[0]) * 0.5, arm.direction(0.0) * -3.8);
            let cap = (1..8).map(|i| {
                let (sin, cos) = (i as f32 / 8.0 * std::f32::consts::PI).sin_cos();
                arm.at(0.0) - across * cos + back * sin
            });
            outline.splice(13..13, cap.collect::<Vec<_>>());
        }
        let shadow = if outer_from > 0.2 { 0.2 } else { 0.0 };
        let mut piece = skin_piece(order, outline, skin).raised(shadow, 0.0);
        for line in [&outer, &inner] {
            piece.line(line[2..12].to_vec(), 0.35, skin.darker(0.7), 0.35);
        }
        // Both parts are shaded alike where they overlap.
        let from = if sleeved { outer_from } else { 0.0 };
        let (outer, inner) = (side(from, -s), side(from, s));
        let (left, right) = if s < 0.0 { (outer, inner) } else { (inner, outer) };
        piece.round(left, right, 3.2, light, 0.75);
        let bright = |i: i32| arm.beside(mix(from, to, i as f32 / 6.0), -light * 1.2);
        piece.shade((0..=6).map(bright).collect(), 2.0, skin.luma() / 1500.0);
        pieces.push(piece);
    }
    if !body.hand_in_pocket[side] {
        pieces.push(hand(body, side, skin, order));
    }
    pieces
}

fn hand(body: &Body, side: usize, skin: Color, order: f32) -> Piece {
    let s = sign(side);
    let arm = &body.arms[side];
    let along = arm.direction(1.0);
    let across = along.perp() * -s;
    let wrist = arm.at(0.98);
    let place = |a: f32, b: f32| wrist + along * a + across * b;
    let outline = Curve::new()
        .smooth(place(-0.5, 2.3))
        .smooth(place(4.0, 3.6))
        .smooth(place(9.0, 3.8))
        .smooth(place(13.5, 2.2))
        .smooth(place(15.0, 0.2))
        .smooth(place(13.0, -2.2))
        .smooth(place(8.8, -3.0))
        .smooth(place(9.5, -4.8))
        .smooth(place(7.5, -5.0))
        .smooth(place(3.5, -3.4))
        .smooth(place(-0.5, -2.3))
        .closed();
    let mut piece = skin_piece(order + 0.1, outline, skin.mix(hex(0xb05040), 0.06));
    for b in [-1.0, 0.5, 2.0] {
        piece.line(vec![place(8.5, b), place(13.5, b * 0.7)], 0.35, skin.darker(0.55), 0.4);
    }
    piece.shade(vec![place(8.0, -3.0), place(12.0, -2.0)], 1.6, -0.3);
    piece
}

/// Legs and shoes.
pub(crate) fn legs(dice: &mut Dice, body: &Body, skin: Color, light: f32) -> Vec<Piece> {
    let shoe = dice.pick(&[
        hex(0x1c1c1e),
        hex(0xf1efe9),
        hex(0x6a4630),
        hex(0xb98a5a),
        hex(0x8a2430),
        hex(0x2d3650),
    ]);
    let shoe = shoe.jitter(dice, 10.0);
    let (heels, sole) = (dice.chance(0.35), dice.chance(0.35));
    let tights = hex(dice.pick(&[0x1a1a1e, 0x3a2a28, 0x6a6a70, 0x2a2a4a]));
    let color = if dice.chance(chances::TIGHTS) { tights } else { skin };
    let boots = if dice.chance(chances::BOOTS) { dice.range(0.12, 0.45) } else { 0.0 };
    let mut pieces = vec![ground(dice, body)];
    for side in [0, 1] {
        let s = sign(side);
        let leg = &body.legs[side];
        let ts: Vec<f32> = (0..=14).map(|i| i as f32 / 14.0).collect();
        let outer: Vec<Pt> = ts.iter().map(|t| leg.beside(*t, -s * body.leg_half(*t))).collect();
        let inner: Vec<Pt> = ts.iter().map(|t| leg.beside(*t, s * body.leg_half(*t))).collect();
        let outline = Curve::new()
            .through(outer.iter().copied())
            .through(inner.iter().rev().copied())
            .closed();
        let mut piece = skin_piece(12.0, outline, color).raised(0.2, 0.35);
        let knee = leg.at(0.5);
        piece.shade(vec![knee - pt(2.0, 0.0), knee + pt(2.0, 0.5)], 3.5, color.luma() / 1400.0);
        piece.shade(vec![knee + pt(-2.5, 3.5), knee + pt(2.5, 3.5)], 1.6, -0.25);
        let (left, right) = if s < 0.0 { (outer, inner) } else { (inner, outer) };
        piece.round(left, right, 4.5, light, 0.8);
        let bright = |i: i32| leg.beside(i as f32 / 8.0, -light * 1.8);
        piece.shade((0..=8).map(bright).collect(), 3.0, color.luma() / 1700.0);
        pieces.push(piece);
        if boots > 0.0 {
            pieces.push(boot(body, side, shoe, boots, light));
        }
        pieces.push(foot(body, side, shoe, heels, sole && !heels));
    }
    pieces
}

/// The shadow between the feet and the ground.
fn ground(dice: &mut Dice, body: &Body) -> Piece {
    let [left, right] = [0, 1].map(|side| body.legs[side].at(1.0) + pt(0.0, 9.0));
    let middle = left.lerp(right, 0.5);
    let reach = (right - left).length() * 0.5 + 26.0;
    let outline = ellipse(middle, reach, 9.0, 0.0);
    let mut piece = Piece::new(0.5, Owner::Body, outline, Fill::Sheer(hex(0x000000), 0.0));
    let way = pt(dice.range(4.0, 12.0), 0.0);
    piece.shade(vec![left - way, right + way], dice.range(3.0, 7.0), -dice.range(0.0, 0.6));
    piece
}

/// The shaft of a boot up to a fraction `high` of the leg.
fn boot(body: &Body, side: usize, shoe: Color, high: f32, light: f32) -> Piece {
    let leg = &body.legs[side];
    let edge = |s: f32| -> Vec<Pt> {
        let ts = (0..=8).map(|i| 1.0 - high + (high + 0.02) * i as f32 / 8.0);
        ts.map(|t| leg.beside(t, s * (body.leg_half(t) + 0.8))).collect()
    };
    let (right, left) = (edge(-1.0), edge(1.0));
    let outline = left.iter().chain(right.iter().rev()).copied().collect();
    let mut piece = Piece::new(12.5, Owner::Body, outline, Fill::Plain(shoe)).raised(0.2, 0.4);
    piece.round(left, right, 4.0, light, 1.0);
    piece
}

fn foot(body: &Body, side: usize, shoe: Color, heels: bool, sole: bool) -> Piece {
    let turn = sign(side) * 0.35 + body.yaw * 1.1;
    let ankle = body.legs[side].at(1.0);
    let toe = pt(turn.sin() * 11.0, 9.5);
    let width = if heels { 3.2 } else { 4.4 };
    let at = |x: f32, y: f32| ankle + pt(x, y);
    let outline = Curve::new()
        .corner(at(-3.6, if heels { 3.0 } else { -0.5 }))
        .smooth(at(-width + toe.x * 0.3, 5.0))
        .smooth(at(toe.x - width * 0.9, toe.y - 1.5))
        .smooth(at(toe.x, toe.y + 1.2))
        .smooth(at(toe.x + width * 0.9, toe.y - 1.5))
        .smooth(at(width + toe.x * 0.3, 5.0))
        .corner(at(3.6, if heels { 3.0 } else { -0.5 }))
        .closed();
    let mut piece = Piece::new(13.0, Owner::Body, outline, Fill::Plain(shoe)).raised(0.3, 0.5);
    piece.shade(vec![at(toe.x * 0.6, 3.0), at(toe.x, toe.y - 2.0)], 2.2, 0.3);
    if sole {
        let edge = Curve::new()
            .corner(at(-width + toe.x * 0.3, 5.5))
            .smooth(at(toe.x - width * 0.8, toe.y))
            .smooth(at(toe.x + width * 0.8, toe.y))
            .corner(at(width + toe.x * 0.3, 5.5));
        piece.line(edge.open(), 1.3, hex(0xf1efe9), 1.0);
    }
    piece.line(
        vec![at(toe.x - width * 0.8, toe.y), at(toe.x + width * 0.8, toe.y)],
        0.7,
        shoe.darker(0.5),
        0.6,
    );
    piece
}

/// The cap of the neck of a mannequin without a head.
pub(crate) fn neck_cap(body: &Body, skin: Color) -> Piece {
    let (at, half) = (body.head + pt(0.0, 7.0), body.build.neck * 0.82);
    let mut cap = skin_piece(50.0, ellipse(at, half, half * 0.35, 0.0), skin.lighter(0.15));
    cap.shade(vec![at - pt(half, 0.0), at + pt(half, 0.0)], 1.0, -0.15);
    cap
}
