//! Details of a top's front: buttons, zips, pockets, yokes, folds of a cowl.
use super::{motif, neck::collars, patchwork};
use crate::{
    clothes::cut::{Front, Neck, TopCut},
    color::{Color, WHITE, hex},
    drawing::piece::{Fill, Mark, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::ellipse,
    },
    person::body::{Body, level},
    random::dice::Dice,
    sewing::layer::Layer,
};

/// Adds the front's details to a trunk.
pub(crate) fn front(
    dice: &mut Dice,
    piece: &mut Piece,
    body: &Body,
    cut: &TopCut,
    layer: &Layer,
    low: f32,
) {
    let ink = layer.ink();
    let [left, right] = collars(body, cut);
    let depth = if cut.neck == Neck::OffShoulder { 2.0 } else { cut.neck_depth };
    let neck_y = left.y.max(right.y) + depth;
    let center = |y: f32| body.front(0.0, body.build.chest, y);
    patchwork::trunk(dice, piece, body, cut, layer);
    if cut.neck == Neck::Cowl {
        for i in 1..=dice.count(2, 4) {
            let sag = i as f32 * dice.range(3.0, 5.0);
            let low = center(neck_y) + pt(dice.bell(3.0), sag);
            let ends = [left + pt(-2.5, 1.0 + sag * 0.3), right + pt(2.5, 1.0 + sag * 0.3)];
            let fold = Curve::new().corner(ends[0]).smooth(low).corner(ends[1]).open();
            piece.crease(
                fold.iter().map(|p| *p - pt(0.0, 1.2)).collect(),
                1.8,
                0.3 * layer.gleam(),
            );
            piece.crease(fold, 2.0, -0.4);
        }
    }
    if cut.yoke {
        yoke(dice, piece, body, cut, layer);
    }
    match cut.front {
        Front::Buttons => {
            let line =
                |dx: f32| vec![center(neck_y) + pt(dx, 0.0), center(low - 0.5) + pt(dx, 0.0)];
            piece.line(line(-1.5), 0.3, ink, 0.5);
            piece.line(line(1.5), 0.3, ink, 0.5);
            let color =
                if dice.chance(0.6) { WHITE.darker(0.08) } else { layer.color[0].darker(0.6) };
            let gap = dice.range(6.0, 9.0);
            let mut y = neck_y + 2.0;
            while y < low - 3.0 {
                piece.area(ellipse(center(y), 0.75, 0.75, 0.0), Fill::Plain(color));
                y += gap;
            }
        }
        Front::Zip => {
            let line = vec![center(neck_y), center(low)];
            piece.line(line.clone(), 1.3, layer.color[0].darker(0.35), 0.9);
            let teeth =
                Mark::Line { line, width: 0.7, color: hex(0xb8b8b4), alpha: 0.9, dash: 0.5 };
            piece.marks.push(teeth);
        }
        Front::Plain | Front::Open => {}
    }
    if cut.pocket && cut.hem_y > 50.0 {
        let s = dice.sign();
        pocket(piece, body.front(s * 0.5, body.build.chest, level::CHEST + 1.0), 4.2, ink);
        if dice.chance(0.4) {
            pocket(piece, body.front(-s * 0.5, body.build.chest, level::CHEST + 1.0), 4.2, ink);
        }
    }
    if cut.motif {
        let y = (neck_y + 9.0).max(level::CHEST + 1.0);
        motif::motif(dice, piece, center(y), body.yaw.cos(), layer);
    }
}

fn pocket(piece: &mut Piece, at: Pt, half: f32, ink: Color) {
    let top = [at + pt(-half, 0.0), at + pt(half, 0.0)];
    let low = [
        at + pt(half * 0.95, half * 1.9),
        at + pt(0.0, half * 2.3),
        at + pt(-half * 0.95, half * 1.9),
    ];
    piece.line(vec![top[0], top[1], low[0], low[1], low[2], top[0]], 0.35, ink, 0.6);
    piece.line(vec![top[0] + pt(0.0, 1.1), top[1] + pt(0.0, 1.1)], 0.3, ink, 0.5);
}

/// Another cloth above the chest, with a trimmed edge.
fn yoke(dice: &mut Dice, piece: &mut Piece, body: &Body, cut: &TopCut, layer: &Layer) {
    let y = dice.range(level::ARMPIT + 3.0, level::CHEST + 6.0).max(cut.neck_depth + 3.0);
    let half = |y: f32| cut.drape.half(body, y) + layer.over - 0.15;
    let line = |y: f32| -> Vec<Pt> {
        let edges = [-1.0, 1.0].map(|s| body.edge(s, half(y), y));
        Curve::new()
            .corner(edges[0])
            .smooth(edges[0].lerp(edges[1], 0.5) + pt(0.0, 1.2))
            .corner(edges[1])
            .open()
    };
    let mut area = line(y);
    let low = (cut.hem_y - 2.0).min(y + dice.range(8.0, 18.0));
    area.extend(line(low).into_iter().rev());
    piece.area(area, Fill::Cloth(layer.cloth[1]));
    piece.line(line(y), 0.6, layer.ink(), 0.6);
    piece.line(line(low), 0.6, layer.ink(), 0.6);
}
