//! Hangers of wood, wire, plastic and cloth, and the rail or nail that holds them.
use crate::{
    color::hex,
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    person::body::Body,
    random::dice::Dice,
};

/// The probability of a visible rail or nail.
const RAIL_OR_NAIL: f32 = 0.3;

/// A hanger, mostly without what it hangs on.
pub(crate) fn hanger(dice: &mut Dice, body: &Body) -> Vec<Piece> {
    let reach = body.build.shoulder * dice.range(0.72, 0.86);
    let (colors, [thin, stout]): (&[u32], [f32; 2]) = dice.weighted(&[
        (0.45, (&[0xc8a06a, 0xd8b888, 0x7a5234, 0x3a2a20, 0xe8d4b4][..], [0.8, 1.4])),
        (0.25, (&[0xf6f6f4, 0x1a1a1c, 0xc8d0d6, 0x2a3a5a][..], [0.5, 0.9])),
        (0.18, (&[0x8a8a8c, 0xd8d8d8, 0x3a3a3c][..], [0.25, 0.3])),
        (0.12, (&[0xe8c4c4, 0xf0e8dc, 0x2a2a2c][..], [1.3, 1.9])),
    ]);
    let thick = dice.range(thin, stout);
    let color = hex(dice.pick(colors)).jitter(dice, 8.0);
    let drop = dice.range(3.0, 5.5);
    let edge = |s: f32, off: f32| {
        [pt(s * reach, drop + off * 0.8), pt(s * 4.0, -2.4 + off), pt(0.0, -3.6 + off)]
    };
    let (upper, lower) =
        ([-1.0, 1.0].map(|s| edge(s, -thick)), [-1.0, 1.0].map(|s| edge(s, thick)));
    let [[a, b, c], [d, e, _]] = upper;
    let [[f, g, h], [i, j, _]] = lower;
    let bar = Curve::new().through([a, b, c, e, d, i, j, h, g, f]);
    let mut piece =
        Piece::new(11.0, Owner::Body, bar.closed(), Fill::Plain(color)).raised(0.4, 0.4);
    piece.shade(vec![b, c, e], thick, 0.25);
    let hook = hook(dice);
    let steel = hex(dice.pick(&[0x8a8a88, 0xb8b8b8, 0x3a3a3a, 0xb89a58]));
    piece.line(hook.iter().map(|p| *p + pt(0.25, 0.3)).collect(), 0.9, steel.darker(0.5), 0.5);
    piece.line(hook, dice.range(0.5, 1.0), steel, 1.0);
    let mut pieces = vec![piece];
    if dice.chance(RAIL_OR_NAIL) {
        pieces.push(holder(dice));
    }
    pieces
}

/// A bar with two clips that hold a waistband at height `y`, `half` to each side.
pub(crate) fn clips(dice: &mut Dice, y: f32, half: f32) -> Vec<Piece> {
    let drop = pt(0.0, y - dice.range(2.5, 5.0));
    let color = hex(dice.pick(&[0x2a2a2c, 0x8a8a8c, 0xd8d8d8, 0xc8a06a, 0xf0f0ee]));
    let thick = pt(0.0, dice.range(0.3, 0.9));
    let ends = [-1.0, 1.0].map(|s| drop + pt(s * (half + 3.0), 0.0));
    let bar = vec![ends[0] - thick, ends[1] - thick, ends[1] + thick, ends[0] + thick];
    let mut bar = Piece::new(10.5, Owner::Body, bar, Fill::Plain(color)).raised(0.4, 0.4);
    let up = drop + pt(0.0, 3.5);
    let hook: Vec<Pt> = hook(dice).into_iter().map(|p| p + up).collect();
    bar.line(hook, dice.range(0.5, 1.0), color, 1.0);
    let mut pieces = vec![bar];
    for s in [-1.0, 1.0] {
        let at = drop + pt(s * half * dice.range(0.75, 0.92), 2.8);
        let clip = rectangle(at, pt(1.3, 3.6), 0.0);
        let clip = Piece::new(45.0, Owner::Body, clip, Fill::Plain(color.darker(0.2)));
        pieces.push(clip.raised(0.4, 0.4));
    }
    pieces
}

fn hook(dice: &mut Dice) -> Vec<Pt> {
    let s = dice.sign();
    Curve::new()
        .corner(pt(0.0, -3.5))
        .smooth(pt(0.0, -8.0))
        .smooth(pt(s * 3.0, -11.0))
        .smooth(pt(0.0, -14.5))
        .smooth(pt(-s * 3.2, -12.0))
        .open()
}

/// A rail across the image, or a nail.
fn holder(dice: &mut Dice) -> Piece {
    let color = hex(dice.pick(&[0x2a2a2c, 0xc0c0c2, 0xb08a58, 0xf0f0ee]));
    let outline = if dice.chance(0.6) {
        let (half, slope) = (dice.range(0.6, 1.6), dice.bell(3.0));
        let (left, right) = (pt(-300.0, -14.0 - slope), pt(300.0, -14.0 + slope));
        let down = pt(0.0, half);
        vec![left - down, right - down, right + down, left + down]
    } else {
        ellipse(pt(0.0, -14.0), 0.9, 0.9, 0.0)
    };
    Piece::new(10.0, Owner::Body, outline, Fill::Plain(color)).raised(0.4, 0.4)
}
