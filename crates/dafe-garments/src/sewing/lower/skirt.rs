//! Skirts.
use super::waist::{Sided, closed_at_waist};
use crate::{
    clothes::{
        cut::{BottomCut, Hem},
        drape::Drape,
    },
    color::Color,
    drawing::piece::Piece,
    geometry::{
        curve::Curve,
        interpolation::mix,
        point::{Pt, pt},
    },
    person::body::Body,
    random::dice::Dice,
    sewing::{
        folds, hem,
        layer::Layer,
        seam::{Line, beneath, halves},
    },
};

/// Sews a skirt; returns the hem's ends and the lines.
pub(crate) fn skirt(
    dice: &mut Dice,
    body: &Body,
    cut: &BottomCut,
    layer: &Layer,
    waist: [Pt; 2],
) -> (Piece, [Pt; 2], Vec<Sided>) {
    let drape = Drape { ease: cut.drape.ease + layer.over, ..cut.drape };
    let sway = if layer.worn { dice.bell(0.07 * drape.flare) } else { 0.0 };
    let tilt = cut.tilt + dice.bell(1.5);
    let steps = (((cut.length - cut.waist_y) / 7.0).ceil() as usize).max(4);
    let side = |s: f32| -> Vec<Pt> {
        let at = |i: usize| {
            let t = i as f32 / steps as f32;
            let y = mix(cut.waist_y, cut.length, t);
            body.around_legs(s, drape.edge(body, s, y)) + pt(sway * t * t, s * tilt * t * t)
        };
        (1..=steps).map(at).collect()
    };
    let (left, right) = (side(-1.0), side(1.0));
    let hems = [left[steps - 1], right[steps - 1]];
    let hem = hem::points(dice, cut.hem, hems, 1.0);
    let mut curve =
        Curve::new().corner(waist[0]).through(left[..steps - 1].iter().copied()).corner(hems[0]);
    curve = curve.through(hem.iter().copied()).corner(hems[1]);
    curve = curve.through(right[..steps - 1].iter().rev().copied()).corner(waist[1]);
    let mut piece = closed_at_waist(curve, body, layer, cut.waist_y);
    folds::trunk(dice, &mut piece, body, layer, &left, &right, &waist, cut.length);
    let ink = layer.ink();
    if cut.pleats {
        let count = dice.count(7, 13);
        for i in 1..count {
            let t = i as f32 / count as f32;
            let (a, b) = (
                waist[0].lerp(waist[1], t) + pt(0.0, 3.5),
                hems[0].lerp(hems[1], t) + pt(0.0, 1.0),
            );
            piece.line(vec![a, b], 0.35, ink, 0.4);
            piece.shade(vec![a + pt(0.9, 0.0), b + pt(1.6, 0.0)], 1.6, -0.3);
            piece.shade(vec![a - pt(0.9, 0.0), b - pt(1.6, 0.0)], 1.6, 0.2);
        }
    }
    if !cut.pleats && cut.hem == Hem::Wavy && dice.chance(0.35) {
        tiers(dice, &mut piece, &left, &right, ink);
    }
    let mut line = vec![hems[0]];
    line.extend(&hem);
    line.push(hems[1]);
    piece.line(line.iter().map(|p| *p - pt(0.0, 2.0)).collect(), 0.3, ink, 0.4);
    let mut lines = Vec::new();
    let middle = body.front(0.0, drape.half(body, cut.length), cut.length);
    let hem = Curve::new().corner(hems[0]).through(hem).corner(hems[1]).open();
    for (i, points) in halves(&hem, beneath(&hem, middle)).into_iter().enumerate() {
        let side = [&left, &right][i];
        let curve = Curve::new().corner(waist[i]).through(side[..steps - 1].iter().copied());
        lines.push((Line::Skirt, i, curve.corner(hems[i]).open()));
        lines.push((Line::Hem, i, points));
    }
    (piece, hems, lines)
}

/// Seams around a skirt, or a dress below its waist, with gathers below them.
pub(crate) fn tiers(dice: &mut Dice, piece: &mut Piece, left: &[Pt], right: &[Pt], ink: Color) {
    let count = dice.count(1, 2);
    for tier in 1..=count {
        let at = left.len() * tier / (count + 1);
        let (a, b) = (left[at], right[at]);
        let seam = Curve::new().corner(a).smooth(a.lerp(b, 0.5) + pt(0.0, 1.5)).corner(b).open();
        piece.line(seam, 0.45, ink, 0.7);
        for gather in 1..12 {
            let t = gather as f32 / 12.0;
            let from = a.lerp(b, t) + pt(0.0, 6.0 * t * (1.0 - t));
            let down = from + pt((t - 0.5) * 2.0, dice.range(3.0, 7.0));
            piece.crease(vec![from, from.lerp(down, 0.5), down], 0.9, -0.3);
        }
    }
}
