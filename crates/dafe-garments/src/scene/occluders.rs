//! What stands before the clothes: bags, straps, leaves, tags, passers-by. In pixels of the image.
use crate::{
    annotation::landmarks,
    color::{Color, WHITE, hex, palette::cloth},
    drawing::{
        anchor::Anchor,
        piece::{Fill, Owner, Piece},
        placed::Placed,
    },
    geometry::{
        curve::Curve,
        lens::Lens,
        lettering,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    person::body::{Body, level},
    random::dice::Dice,
};

/// What may stand before a landmark: a bag's strap across the wearer, or something small; mostly
/// nothing.
pub(crate) fn occluders(
    dice: &mut Dice,
    anchors: &[Anchor],
    lens: &Lens,
    size: (u32, u32),
    color: Color,
    worn: bool,
    body: &Body,
) -> Vec<Placed> {
    let frame = pt(size.0 as f32, size.1 as f32);
    let scale = lens.scale;
    if worn && dice.chance(0.07) {
        let s = dice.sign();
        let from = lens.apply(body.shoulder(s * body.build.shoulder * 0.6));
        let to = lens.apply(body.edge(-s, body.build.hip, level::HIP - 4.0));
        return strap(dice, from, to, scale, color);
    }
    if !dice.chance(if worn { 0.3 } else { 0.2 }) {
        return Vec::new();
    }
    let inside: Vec<Pt> = anchors
        .iter()
        .map(|a| lens.apply(a.at))
        .filter(|p| landmarks::on_pixel(*p, size))
        .collect();
    if inside.is_empty() {
        return Vec::new();
    }
    let at = dice.pick(&inside);
    over(dice, at, scale, color, worn, frame)
}

/// The order from which pieces are occluders.
pub(crate) const ORDER: f32 = 80.0;

fn placed(outline: Vec<Pt>, fill: Fill, scale: f32) -> Placed {
    let piece = Piece::new(ORDER, Owner::Occluder, outline, fill).raised(0.4, 0.5);
    Placed { piece, scale, weave: tiny_skia::Transform::from_scale(scale, scale) }
}

/// A thing that covers `at`; `scale` is pixels per centimeter, `from` where the wearer's shoulder
/// or hand is.
pub(crate) fn over(
    dice: &mut Dice,
    at: Pt,
    scale: f32,
    color: Color,
    worn: bool,
    size: Pt,
) -> Vec<Placed> {
    let off = pt(dice.bell(4.0), dice.bell(4.0)) * scale;
    let at = at + off;
    if worn {
        match dice.count(0, 19) {
            0..=8 => bag(dice, at, scale, color),
            9..=12 => branch(dice, at, scale, size),
            13 => passer_by(dice, at, scale, color, size),
            _ => cup_or_book(dice, at, scale, color),
        }
    } else {
        match dice.count(0, 3) {
            0 => tag(dice, at, scale),
            1 => branch(dice, at, scale, size),
            2 => cup_or_book(dice, at, scale, color),
            _ => bag(dice, at, scale, color),
        }
    }
}

fn bag(dice: &mut Dice, at: Pt, scale: f32, near: Color) -> Vec<Placed> {
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

/// A line as a piece of its own, so that what it covers can be told.
fn band(line: &[Pt], width: f32, color: Color, scale: f32) -> Placed {
    let side = |i: usize| {
        let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
        (b - a).unit().perp() * (width / 2.0)
    };
    let mut outline: Vec<Pt> = (0..line.len()).map(|i| line[i] + side(i)).collect();
    outline.extend((0..line.len()).rev().map(|i| line[i] - side(i)));
    placed(outline, Fill::Plain(color), scale)
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

/// Leaves before the camera, reaching in from the side.
fn branch(dice: &mut Dice, at: Pt, scale: f32, size: Pt) -> Vec<Placed> {
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

/// Somebody's arm and shoulder at the image's edge.
fn passer_by(dice: &mut Dice, at: Pt, scale: f32, near: Color, size: Pt) -> Vec<Placed> {
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

fn cup_or_book(dice: &mut Dice, at: Pt, scale: f32, near: Color) -> Vec<Placed> {
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

/// A shop's tag or sticker.
fn tag(dice: &mut Dice, at: Pt, scale: f32) -> Vec<Placed> {
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
