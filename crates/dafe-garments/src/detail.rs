//! What is sewn on: collars, buttons, zips, pockets, prints, yokes.
use super::{
    body::{Body, level, sign},
    colour::{Colour, WHITE, hex},
    cut::{Front, Neck, TopCut},
    dice::Dice,
    motif,
    neck::collars,
    panel,
    piece::{Fill, Mark, Owner, Piece},
    seam::halves,
    shape::{Curve, Pt, ellipse, pt},
    trunk::Layer,
};

/// Adds the front's details to a trunk.
pub(super) fn front(
    dice: &mut Dice,
    piece: &mut Piece,
    body: &Body,
    cut: &TopCut,
    layer: &Layer,
    low: f32,
) {
    let ink = layer.ink();
    let [left, right] = collars(body, cut);
    let neck_y = left.y.max(right.y) + cut.neck_depth;
    let centre = |y: f32| body.front(0.0, body.build.chest, y);
    panel::trunk(dice, piece, body, cut, layer);
    if cut.neck == Neck::Cowl {
        for i in 1..=dice.count(2, 4) {
            let sag = i as f32 * dice.range(3.0, 5.0);
            let low = centre(neck_y) + pt(dice.bell(3.0), sag);
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
                |dx: f32| vec![centre(neck_y) + pt(dx, 0.0), centre(low - 0.5) + pt(dx, 0.0)];
            piece.line(line(-1.5), 0.3, ink, 0.5);
            piece.line(line(1.5), 0.3, ink, 0.5);
            let colour =
                if dice.chance(0.6) { WHITE.darker(0.08) } else { layer.colour[0].darker(0.6) };
            let gap = dice.range(6.0, 9.0);
            let mut y = neck_y + 2.0;
            while y < low - 3.0 {
                piece.area(ellipse(centre(y), 0.75, 0.75, 0.0), Fill::Plain(colour));
                y += gap;
            }
        }
        Front::Zip => {
            let line = vec![centre(neck_y), centre(low)];
            piece.line(line.clone(), 1.3, layer.colour[0].darker(0.35), 0.9);
            let teeth =
                Mark::Line { line, width: 0.7, colour: hex(0xb8b8b4), alpha: 0.9, dash: 0.5 };
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
        motif::motif(dice, piece, centre(y), body.yaw.cos(), layer);
    }
}

fn pocket(piece: &mut Piece, at: Pt, half: f32, ink: Colour) {
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

/// A shirt worn beneath, which fills a part of the neckline.
pub(super) fn beneath(dice: &mut Dice, body: &Body, cut: &TopCut, layer: &Layer) -> Piece {
    let [left, right] = collars(body, cut);
    let middle = body.front(0.0, body.build.neck, left.y.max(right.y));
    let (high, low) = (cut.neck_depth * dice.range(0.25, 0.6), cut.neck_depth + 3.0);
    let outline = Curve::new()
        .corner(left + pt(0.0, 0.6))
        .smooth(left.lerp(middle, 0.5) + pt(0.0, high * 0.75))
        .smooth(middle + pt(0.0, high))
        .smooth(right.lerp(middle, 0.5) + pt(0.0, high * 0.75))
        .corner(right + pt(0.0, 0.6))
        .corner(middle + pt(2.0, low))
        .corner(middle + pt(-2.0, low));
    let colour = super::colour::cloth(dice, &[layer.colour[0]], 50.0);
    // It has a rim of its own, and the garment's shadow on it.
    let order = layer.order - 0.5;
    let mut piece = Piece::new(order, Owner::Other, outline.closed(), Fill::Plain(colour));
    piece.rim = 0.4;
    piece
}

/// A hood that lies on the shoulders, behind the neck.
pub(super) fn hood(body: &Body, cut: &TopCut, layer: &Layer) -> Piece {
    let [left, right] = collars(body, cut);
    let half = (right.x - left.x) * 0.5;
    let middle = left.lerp(right, 0.5);
    let at = |x: f32, y: f32| middle + pt(x * half, y);
    let outline = Curve::new()
        .corner(at(-1.0, 2.0))
        .smooth(at(-1.5, -1.5))
        .smooth(at(-1.1, -6.0))
        .smooth(at(0.0, -7.5))
        .smooth(at(1.1, -6.0))
        .smooth(at(1.5, -1.5))
        .corner(at(1.0, 2.0))
        .closed();
    let order = if layer.worn { 9.0 } else { layer.order - 13.0 };
    let mut piece = Piece::new(order, layer.owner, outline, layer.panels.collar).raised(0.3, 0.5);
    piece.shade(vec![at(-0.9, -1.0), at(0.0, -4.0), at(0.9, -1.0)], 5.0, -0.6);
    piece.crease(vec![at(-1.3, -2.0), at(-0.7, -5.5), at(0.0, -6.5)], 1.4, -0.3);
    piece.crease(vec![at(1.3, -2.0), at(0.7, -5.5), at(0.0, -6.5)], 1.4, -0.3);
    piece
}

/// A collar's pieces, and its upper edge in two halves that run inwards from the collar points.
type Collar = (Vec<Piece>, [Vec<Pt>; 2]);

/// A shirt's collar or a turtleneck's tube, in front of the neck.
pub(super) fn collar(body: &Body, cut: &TopCut, layer: &Layer) -> Option<Collar> {
    let ends = collars(body, cut);
    let order = layer.order + 0.5;
    let cloth = layer.panels.collar;
    match cut.neck {
        Neck::Shirt => {
            let low = (ends[0].y.max(ends[1].y)) + cut.neck_depth;
            let centre = pt(7.0 * body.yaw.sin(), low);
            let tops = [0, 1].map(|i| ends[i] + pt(-sign(i) * 0.2, -2.4));
            let leaf = |i: usize| {
                let s = sign(i);
                let tip = centre + pt(s * 5.6 * body.yaw.cos(), 0.6);
                let outer = ends[i] + pt(s * 1.4, 0.6);
                let outline =
                    Curve::new().corner(tops[i]).corner(centre).corner(tip).corner(outer).closed();
                let mut piece = Piece::new(order, layer.owner, outline, cloth).raised(0.4, 0.5);
                piece.shade(vec![tops[i], centre], 2.0, -0.3);
                piece.line(vec![tops[i], centre, tip, outer, tops[i]], 0.35, layer.ink(), 0.7);
                piece
            };
            Some((vec![leaf(0), leaf(1)], tops.map(|top| vec![top, centre])))
        }
        Neck::Turtle => {
            let tops = [0, 1].map(|i| pt(ends[i].x - sign(i) * 0.6, ends[i].y - 4.5));
            let low = ends[0].lerp(ends[1], 0.5) + pt(4.0 * body.yaw.sin(), 5.2);
            let rim = tops[0].lerp(tops[1], 0.5) + pt(2.0 * body.yaw.sin(), 1.8);
            let outline = Curve::new().corner(tops[0]).corner(ends[0] + pt(-0.6, 1.0)).smooth(low);
            let outline =
                outline.corner(ends[1] + pt(0.6, 1.0)).corner(tops[1]).smooth(rim).closed();
            let mut piece = Piece::new(order, layer.owner, outline, cloth).raised(0.35, 0.5);
            piece.shade(vec![tops[0], ends[0]], 4.0, -0.45);
            piece.shade(vec![tops[1], ends[1]], 4.0, -0.45);
            let fold = Curve::new()
                .corner(ends[0] - pt(0.0, 0.5))
                .smooth(low - pt(0.0, 2.4))
                .corner(ends[1] - pt(0.0, 0.5));
            piece.line(fold.open(), 0.4, layer.ink(), 0.6);
            let edge = Curve::new().corner(tops[0]).smooth(rim).corner(tops[1]).open();
            piece.line(edge.clone(), 0.4, layer.ink(), 0.6);
            Some((vec![piece], halves(&edge, rim)))
        }
        _ => None,
    }
}
