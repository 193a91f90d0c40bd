//! Trousers and shorts.
use super::{
    body::{Body, level, sign},
    bottom::{Sided, closed_at_waist, waist_drape},
    colour::{Colour, WHITE},
    cut::BottomCut,
    dice::Dice,
    folds,
    piece::{Fill, Piece},
    seam::Line,
    shape::{Curve, Pt, ellipse, mix, pt},
    trunk::Layer,
};

/// Draws both legs in one piece; gives the hems' outer ends and the lines.
pub(super) fn trousers(
    dice: &mut Dice,
    body: &Body,
    cut: &BottomCut,
    layer: &Layer,
    waist: [Pt; 2],
) -> (Piece, [Pt; 2], Vec<Sided>) {
    let half = |t: f32| {
        let share = (t / cut.length).clamp(0.0, 1.0);
        body.leg_half(t) + mix(cut.ease.0, cut.ease.1, share * share) + layer.over * 0.4
    };
    let crotch = pt(
        (body.legs[0].at(0.0).x + body.legs[1].at(0.0).x) / 2.0,
        level::CROTCH + 2.0 + cut.ease.0 * 0.6,
    );
    let steps = ((cut.length / 0.1).ceil() as usize).max(3);
    let sides = [0, 1].map(|i| {
        let leg = &body.legs[i];
        let out = |t: f32| leg.beside(t, -sign(i) * half(t));
        let inner = |t: f32| {
            let p = leg.beside(t, sign(i) * half(t));
            // Inner sides meet at the crotch and don't cross above the knees.
            let limit = crotch.x + sign(i) * 0.4;
            if t < 0.35 { pt(if i == 0 { p.x.min(limit) } else { p.x.max(limit) }, p.y) } else { p }
        };
        let ts =
            |from: f32| (0..=steps).map(move |k| mix(from, cut.length, k as f32 / steps as f32));
        let outer: Vec<Pt> = ts(0.1).map(out).collect();
        let inside: Vec<Pt> = ts(0.14_f32.min(cut.length * 0.8)).map(inner).collect();
        (outer, inside)
    });
    let hip =
        |i: usize| waist_drape(layer).edge(body, sign(i), (cut.waist_y + level::HIP) / 2.0 + 2.0);
    let last = |v: &[Pt]| v[v.len() - 1];
    let hems = [last(&sides[0].0), last(&sides[1].0)];
    let mut curve = Curve::new().corner(waist[0]).smooth(hip(0));
    curve = curve.through(sides[0].0[..steps].iter().copied()).corner(hems[0]);
    curve =
        curve.smooth(hems[0].lerp(last(&sides[0].1), 0.5) + pt(0.0, 0.6)).corner(last(&sides[0].1));
    curve = curve.through(sides[0].1[..steps].iter().rev().copied()).corner(crotch);
    curve = curve.through(sides[1].1[..steps].iter().copied()).corner(last(&sides[1].1));
    curve = curve.smooth(hems[1].lerp(last(&sides[1].1), 0.5) + pt(0.0, 0.6)).corner(hems[1]);
    curve =
        curve.through(sides[1].0[..steps].iter().rev().copied()).smooth(hip(1)).corner(waist[1]);
    let mut piece = closed_at_waist(curve, body, layer, cut.waist_y);
    let hips = [0, 1].map(|i| vec![waist[i], hip(i), sides[i].0[0], sides[i].0[1]]);
    let [left, right] = hips;
    folds::round(&mut piece, left, right, 5.0, layer.light, 0.9);
    let striped = !cut.jeans && dice.chance(0.12);
    for (i, (outer, inside)) in sides.iter().enumerate() {
        folds::tube(dice, &mut piece, outer, inside, layer, cut.ease.1 * 0.15);
        let leg = &body.legs[i];
        let light: Vec<Pt> =
            (1..8).map(|k| leg.beside(k as f32 / 8.0 * cut.length, -layer.light)).collect();
        piece.shade(light.clone(), 5.0, layer.gleam() * if cut.jeans { 0.16 } else { 0.07 });
        piece.shade(light, 2.6, layer.gleam() * if cut.jeans { 0.14 } else { 0.07 });
        if striped {
            let line = outer[1..].iter().zip(&inside[1..]).map(|(a, b)| a.lerp(*b, 0.09));
            piece.line(line.collect(), 1.5, layer.colour[1], 0.9);
        }
        let (a, b) = (last(outer), last(inside));
        let up = -leg.direction(cut.length) * 2.0;
        piece.line(vec![a + up, b + up], 0.3, layer.ink(), 0.55);
        let end = Curve::new().corner(a).smooth(a.lerp(b, 0.5) + pt(0.0, 0.6)).corner(b).open();
        piece.line(end, 0.5, layer.colour[0].darker(0.6), 0.7);
        if cut.jeans && dice.chance(0.3) && cut.length > 0.6 {
            rip(dice, &mut piece, leg.at(0.5), layer.colour[0]);
        }
    }
    let hip_y = body.front(0.0, body.build.hip, cut.waist_y + 4.0);
    piece.line(
        vec![hip_y, crotch.lerp(hip_y, 0.3) + pt(0.3, 0.0), crotch],
        0.35,
        layer.ink(),
        0.55,
    );
    for s in [-1.0, 1.0] {
        piece.crease(
            vec![crotch, crotch + pt(s * 5.0, -2.4), crotch + pt(s * 10.0, -6.0)],
            1.8,
            -0.3,
        );
    }
    piece.crease(
        vec![crotch - pt(0.0, 6.0), crotch + pt(0.0, 4.0), crotch + pt(0.0, 18.0)],
        3.0,
        -0.3,
    );
    let mut lines = Vec::new();
    for (i, (outer, inside)) in sides.into_iter().enumerate() {
        let leg = Curve::new().corner(waist[i]).smooth(hip(i));
        let leg = leg.through(outer[..steps].iter().copied()).corner(hems[i]);
        let inseam = Curve::new().corner(inside[steps]);
        let inseam = inseam.through(inside[..steps].iter().rev().copied()).corner(crotch);
        lines.push((Line::Leg, i, leg.open()));
        lines.push((Line::Inseam, i, inseam.open()));
    }
    (piece, hems, lines)
}

fn rip(dice: &mut Dice, piece: &mut Piece, at: Pt, colour: Colour) {
    let center = at + pt(dice.bell(2.0), dice.bell(8.0));
    let hole = ellipse(center, dice.range(1.5, 3.2), dice.range(0.7, 1.5), dice.bell(0.4));
    piece.area(hole, Fill::Sheer(colour.mix(WHITE, 0.75), 0.9));
}
