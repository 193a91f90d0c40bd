//! Trousers and shorts.
use super::waist::{Sided, closed_at_waist, waist_drape};
use crate::{
    clothes::cut::BottomCut,
    color::WHITE,
    drawing::piece::{Fill, Piece},
    geometry::{
        curve::Curve,
        interpolation::mix,
        point::{Pt, pt},
        polygon::ellipse,
    },
    person::body::{Body, level, sign},
    random::dice::Dice,
    sewing::{folds, layer::Layer, seam::Line},
};

/// Sews both legs in one piece; returns the hems' outer ends and the lines.
pub(crate) fn trousers(
    dice: &mut Dice,
    body: &Body,
    cut: &BottomCut,
    layer: &Layer,
    waist: [Pt; 2],
) -> (Piece, [Pt; 2], Vec<Sided>) {
    let half = |t: f32| {
        let fraction = (t / cut.length).clamp(0.0, 1.0);
        body.leg_half(t) + mix(cut.ease.0, cut.ease.1, fraction * fraction) + layer.over * 0.4
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
    piece.round(left, right, 5.0, layer.light, 0.9);
    // How much washing has lightened the thighs, and the number of rips.
    let washed = dice.range(0.05, 0.5);
    let ripped = dice.weighted(&[(0.65, 0), (0.15, 1), (0.1, 2), (0.1, 4)]);
    let striped = !cut.jeans && dice.chance(0.12);
    for (i, (outer, inside)) in sides.iter().enumerate() {
        folds::tube(dice, &mut piece, outer, inside, layer, cut.ease.1 * 0.15);
        let leg = &body.legs[i];
        let light: Vec<Pt> =
            (1..8).map(|k| leg.beside(k as f32 / 8.0 * cut.length, -layer.light)).collect();
        let worn = if cut.jeans { washed } else { 0.07 };
        for (width, fraction) in [(7.5, 0.4), (5.0, 0.6), (2.6, 0.5)] {
            piece.shade(light.clone(), width, layer.gleam() * worn * fraction);
        }
        if striped {
            let line = outer[1..].iter().zip(&inside[1..]).map(|(a, b)| a.lerp(*b, 0.09));
            piece.line(line.collect(), 1.5, layer.color[1], 0.9);
        }
        let (a, b) = (last(outer), last(inside));
        let up = -leg.direction(cut.length) * 2.0;
        piece.line(vec![a + up, b + up], 0.3, layer.ink(), 0.55);
        let end = Curve::new().corner(a).smooth(a.lerp(b, 0.5) + pt(0.0, 0.6)).corner(b).open();
        piece.line(end, 0.5, layer.color[0].darker(0.6), 0.7);
        if cut.jeans {
            let seam = outer[1..].iter().zip(&inside[1..]).map(|(a, b)| a.lerp(*b, 0.07));
            piece.line(seam.collect(), 0.3, layer.ink(), 0.35);
            let inseam = outer[2..].iter().zip(&inside[2..]).map(|(a, b)| a.lerp(*b, 0.93));
            piece.stitches(inseam.collect(), layer.color[0].lighter(0.35));
            whiskers(dice, &mut piece, crotch, sign(i), washed);
            for _ in 0..ripped {
                let t = dice.range(0.2, 0.75) * cut.length;
                rip(dice, &mut piece, leg.at(t), layer);
            }
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

/// Creases bleached by wear, from the crotch to the hip.
fn whiskers(dice: &mut Dice, piece: &mut Piece, crotch: Pt, side: f32, washed: f32) {
    for _ in 0..dice.count(0, 5) {
        let from = crotch + pt(side * dice.range(0.5, 3.0), -dice.range(1.0, 9.0));
        let to = from + pt(side * dice.range(6.0, 13.0), -dice.range(-2.0, 5.0));
        let bow = from.lerp(to, 0.5) + pt(0.0, dice.range(0.4, 1.4));
        piece.crease(vec![from, bow, to], dice.range(0.8, 1.6), washed * 0.7);
        let below = pt(0.0, 1.3);
        piece.crease(vec![from + below, bow + below, to + below], 1.2, -0.12);
    }
}

/// A hole with frayed edges, crossed by white threads; the layer beneath shows between them.
fn rip(dice: &mut Dice, piece: &mut Piece, at: Pt, layer: &Layer) {
    let center = at + pt(dice.bell(3.5), dice.bell(5.0));
    let half = pt(dice.range(1.2, 3.8), dice.range(0.6, 2.6));
    let pale = layer.color[0].mix(WHITE, 0.75);
    let turn = dice.bell(0.4);
    let ragged = |dice: &mut Dice, by: f32| -> Vec<Pt> {
        let edge = ellipse(center, half.x * by, half.y * by, turn);
        edge.into_iter().map(|p| p + pt(dice.bell(0.4), dice.bell(0.25))).collect()
    };
    piece.area(ragged(dice, 1.3), Fill::Sheer(pale, 0.75));
    if dice.chance(0.6) {
        piece.area(ragged(dice, 0.9), Fill::Plain(layer.panels.beneath.darker(0.12)));
    }
    for _ in 0..dice.count(3, 8) {
        let y = dice.range(-0.9, 0.9);
        let reach = half.x * (1.0 - y * y).sqrt() * dice.range(0.7, 1.1);
        let (a, b) = (pt(-reach, y * half.y + dice.bell(0.3)), pt(reach, y * half.y));
        let threads = [a, b].map(|p| center + p.turned(turn));
        piece.line(threads.to_vec(), 0.22, pale, 0.9);
    }
}
