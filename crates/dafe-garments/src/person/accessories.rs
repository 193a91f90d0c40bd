//! Accessories on head and neck: hats, glasses, necklaces, scarves.
use super::{body::Body, chances};
use crate::{
    color::{Color, hex, palette::cloth},
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

fn piece(order: f32, outline: Vec<Pt>, color: Color) -> Piece {
    Piece::new(order, Owner::Body, outline, Fill::Plain(color)).raised(0.4, 0.5)
}

/// Chooses accessories, mostly none.
pub(crate) fn adornments(dice: &mut Dice, body: &Body, skin: Color) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if dice.chance(chances::HAT) {
        pieces.extend(hat(dice, body.head));
    }
    if dice.chance(chances::NECKLACE) {
        pieces.push(necklace(dice, body, skin));
    }
    if dice.chance(chances::SCARF) {
        pieces.extend(scarf(dice, body, skin));
    }
    pieces
}

/// A hat with a narrow or broad brim, a cap, or a knitted hat.
fn hat(dice: &mut Dice, c: Pt) -> Vec<Piece> {
    let color = if dice.chance(0.5) {
        hex(dice.pick(&[0x141416, 0xc9a67c, 0x5a4030, 0x7a2030, 0xd8c8a0]))
    } else {
        cloth(dice, &[], 0.0)
    };
    let tilt = dice.bell(0.25);
    let turned = |p: Pt| c + pt(0.0, -8.0) + p.turned(tilt);
    let tall = dice.range(8.0, 13.0);
    let crown = Curve::new()
        .smooth(turned(pt(-8.9, 1.5)))
        .smooth(turned(pt(-8.2, -tall * 0.7)))
        .smooth(turned(pt(0.0, -tall)))
        .smooth(turned(pt(8.2, -tall * 0.7)))
        .smooth(turned(pt(8.9, 1.5)))
        .closed();
    let mut crown = piece(53.1, crown, color);
    crown.shade(vec![turned(pt(-4.0, -tall * 0.8)), turned(pt(-5.0, -1.0))], 4.0, 0.12);
    crown.shade(vec![turned(pt(6.5, -tall * 0.7)), turned(pt(7.5, 0.0))], 4.0, -0.35);
    let brim = match dice.count(0, 3) {
        0 => {
            // Knitted: a cuff and ribs.
            let cuff = [pt(-9.2, -1.2), pt(9.2, -1.2), pt(9.2, 2.6), pt(-9.2, 2.6)].map(turned);
            for i in -4..=4 {
                let x = i as f32 * 2.0;
                let rib = vec![turned(pt(x * 0.8, -tall * 0.9)), turned(pt(x, 1.0))];
                crown.line(rib, 0.5, color.darker(0.4), 0.5);
            }
            piece(53.2, cuff.to_vec(), color.darker(0.12))
        }
        1 => {
            let peak = ellipse(turned(pt(dice.bell(5.0), 1.6)), 9.0, 2.6, tilt);
            piece(53.2, peak, color.darker(0.2))
        }
        _ => {
            let (broad, deep) = (dice.range(12.0, 20.0), dice.range(2.5, 5.5));
            let mut brim = piece(53.0, ellipse(turned(pt(0.0, 0.6)), broad, deep, tilt), color);
            let edge = vec![turned(pt(-broad * 0.8, 2.0)), turned(pt(broad * 0.8, 2.0))];
            brim.shade(edge, 2.0, -0.4);
            let ribbon = vec![turned(pt(-8.6, -0.6)), turned(pt(8.6, -0.6))];
            crown.line(ribbon, dice.range(0.8, 2.6), color.darker(0.5), 0.9);
            brim
        }
    };
    vec![brim, crown]
}

/// A choker, a chain, or beads.
fn necklace(dice: &mut Dice, body: &Body, skin: Color) -> Piece {
    let metal = hex(dice.pick(&[0xd8b45a, 0xc8c8cc, 0x16161a, 0xf0ece4, 0xa83a3a, 0x2a6a78]));
    let neck = body.build.neck;
    let drop = dice.pick(&[-6.0, -2.0, 3.0, 9.0, 18.0_f32]) + dice.bell(1.5);
    // A choker lies around the neck, a chain from its sides to the chest.
    let (side, top) = if drop < -4.0 { (neck * 0.84, -8.0) } else { (neck * 0.95, -5.0) };
    let at = |x: f32, y: f32| pt(x + body.head.x * 0.5, y);
    let line = Curve::new()
        .corner(at(-side, top))
        .smooth(at(-side * 0.75, top + (drop - top) * 0.55))
        .smooth(at(1.5 * body.yaw.sin(), drop))
        .smooth(at(side * 0.75, top + (drop - top) * 0.55))
        .corner(at(side, top))
        .open();
    let middle = line[line.len() / 2];
    let pendant = dice.range(0.3, 1.4);
    // On the skin beneath all clothes, or in front of them.
    let order = if dice.chance(0.6) { 15.2 } else { 41.0 };
    let mut piece = Piece::new(
        order,
        Owner::Body,
        ellipse(middle + pt(0.0, pendant), pendant, pendant * 1.2, 0.0),
        Fill::Plain(metal),
    );
    let width = if drop < -4.0 { dice.range(0.5, 1.6) } else { dice.range(0.25, 1.0) };
    piece.line(line.iter().map(|p| *p + pt(0.15, 0.35)).collect(), width, skin.darker(0.6), 0.4);
    piece.line(line, width, metal, 0.95);
    piece
}

/// A scarf around the neck, with its ends in front of the chest.
fn scarf(dice: &mut Dice, body: &Body, skin: Color) -> Vec<Piece> {
    let color = cloth(dice, &[skin], 40.0);
    let (half, c) = (body.build.neck + dice.range(2.0, 5.0), body.head.x * 0.4);
    let (top, bottom) = (-10.0, dice.range(0.0, 7.0));
    let ring = Curve::new()
        .smooth(pt(c - half * 0.8, top))
        .smooth(pt(c - half, (top + bottom) * 0.5))
        .smooth(pt(c - half * 0.6, bottom))
        .smooth(pt(c, bottom + 1.5))
        .smooth(pt(c + half * 0.6, bottom))
        .smooth(pt(c + half, (top + bottom) * 0.5))
        .smooth(pt(c + half * 0.8, top))
        .smooth(pt(c, top + 2.5));
    let mut ring = piece(48.0, ring.closed(), color);
    for _ in 0..5 {
        let y = dice.range(top, bottom);
        let (from, to) = (pt(c - half, y - 2.0), pt(c + half, y - 1.0));
        let fold = Curve::new().corner(from).smooth(pt(c, y + 3.0)).corner(to).open();
        ring.crease(fold, dice.range(1.0, 2.4), -dice.range(0.15, 0.4));
    }
    let mut pieces = Vec::new();
    for _ in 0..dice.count(0, 2) {
        let (x, long) = (c + dice.bell(5.0), bottom + dice.range(15.0, 45.0));
        let wide = dice.range(2.5, 5.0);
        let end = vec![
            pt(x - wide * 0.7, bottom - 3.0),
            pt(x + wide * 0.7, bottom - 3.0),
            pt(x + wide, long),
            pt(x - wide, long + dice.bell(2.0)),
        ];
        let mut end = piece(47.5, end, color.darker(0.05));
        end.crease(vec![pt(x, bottom), pt(x + dice.bell(2.0), long)], 2.0, -0.3);
        pieces.push(end);
    }
    pieces.push(ring);
    pieces
}
