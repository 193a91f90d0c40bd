//! Trousers and skirts.
pub(crate) mod skirt;
pub(crate) mod trousers;
pub(crate) mod waist;

use self::waist::{waist_drape, waist_line};
use crate::{
    clothes::cut::BottomCut,
    color::{Color, hex, palette},
    drawing::{
        anchor::Anchor,
        piece::{Fill, Part, Piece},
    },
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    person::body::Body,
    random::dice::Dice,
    sewing::{
        layer::Layer,
        seam::{Line, Seam, Sewn, halves},
    },
};

/// Sews a bottom, with its waistline and hem landmarks and its lines.
pub(crate) fn bottom(dice: &mut Dice, body: &Body, cut: &BottomCut, layer: &Layer) -> Sewn {
    let drape = waist_drape(layer);
    let waist = [-1.0, 1.0].map(|s| drape.edge(body, s, cut.waist_y));
    let (mut piece, hems, mut lines) = if cut.legs {
        trousers::trousers(dice, body, cut, layer, waist)
    } else {
        skirt::skirt(dice, body, cut, layer, waist)
    };
    waistband(dice, &mut piece, body, cut, layer);
    let anchors = [0, 1].into_iter().flat_map(|i| {
        let anchor = |slot, at| Anchor {
            slot,
            owner: layer.owner,
            at,
            order: layer.order,
            part: Part::Trunk,
            joint: false,
        };
        [anchor(4 + i, waist[i]), anchor(6 + i, hems[i])]
    });
    let middle = body.front(0.0, body.build.waist, cut.waist_y + 1.0);
    let tops = halves(&waist_line(body, layer, cut.waist_y), middle);
    lines.extend(tops.into_iter().enumerate().map(|(side, points)| (Line::Waist, side, points)));
    let seams = lines.into_iter().map(|(line, side, points)| {
        let (part, order) = (Part::Trunk, layer.order);
        Seam { line, side, points, part, order }
    });
    Sewn { anchors: anchors.collect(), seams: seams.collect(), pieces: vec![piece] }
}

/// Waistband, belt, button, fly and pockets.
fn waistband(dice: &mut Dice, piece: &mut Piece, body: &Body, cut: &BottomCut, layer: &Layer) {
    let ink = layer.ink();
    let top = waist_line(body, layer, cut.waist_y);
    let low = waist_line(body, layer, cut.waist_y + 3.6);
    let band: Vec<Pt> = top.iter().copied().chain(low.iter().rev().copied()).collect();
    let fill = if cut.belt {
        Fill::Plain(palette::cloth(dice, &[layer.color[0]], 50.0))
    } else {
        Fill::Sheer(layer.color[0].darker(0.25), 0.35)
    };
    piece.area(band, fill);
    piece.line(low, 0.35, ink, 0.7);
    let button = body.front(0.0, body.build.waist, cut.waist_y + 2.6);
    if cut.belt {
        let buckle = rectangle(button, pt(2.0, 1.6), 0.0);
        piece.area(buckle, Fill::Plain(hex(0xc9b27a)));
    } else if body.from_behind {
        seat(piece, body, cut, ink);
    } else if cut.legs {
        piece.area(ellipse(button, 0.75, 0.75, 0.0), Fill::Plain(hex(0xb9b2a4)));
        let fly = [button + pt(2.2, 1.5), button + pt(2.4, 9.0), button + pt(0.2, 14.0)];
        piece.stitches(Curve::new().corner(fly[0]).smooth(fly[1]).corner(fly[2]).open(), ink);
    }
    if cut.pockets {
        for s in [-1.0, 1.0] {
            let drape = waist_drape(layer);
            let outer = drape.edge(body, s, cut.waist_y + 13.0);
            let inner = body.front(s * 0.55, body.build.waist, cut.waist_y + 4.2);
            let line = Curve::new()
                .corner(inner)
                .smooth(inner.lerp(outer, 0.55) + pt(-s * 0.6, 2.2))
                .corner(outer)
                .open();
            piece.line(line.clone(), 0.4, ink, 0.75);
            piece.stitches(line.iter().map(|p| *p + pt(-s * 0.5, 0.8)).collect(), ink);
        }
    }
}

/// Back pockets.
fn seat(piece: &mut Piece, body: &Body, cut: &BottomCut, ink: Color) {
    if !cut.legs {
        return;
    }
    for s in [-1.0, 1.0] {
        let at = body.front(s * 0.5, body.build.hip, cut.waist_y + 9.0);
        let corner = |x: f32, y: f32| at + pt(x * body.yaw.cos(), y);
        let outline = [
            corner(-5.5, 0.0),
            corner(5.5, 0.5),
            corner(5.2, 10.0),
            corner(0.0, 13.0),
            corner(-5.2, 10.0),
            corner(-5.5, 0.0),
        ];
        piece.line(outline.to_vec(), 0.4, ink, 0.7);
    }
}
