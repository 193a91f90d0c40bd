//! Trousers, shorts and skirts.
use super::{
    body::{Body, level, sign},
    colour::{Colour, WHITE},
    cut::{BottomCut, Drape, Hem},
    dice::Dice,
    folds,
    piece::{Anchor, Fill, Part, Piece},
    seam::{Line, Seam, Sewn, halves},
    shape::{Curve, Pt, ellipse, mix, pt},
    trunk::Layer,
};

fn waist_drape(layer: &Layer) -> Drape {
    Drape { ease: 0.5 + layer.over, boxy: 0.0, flare: 0.0, flare_from: 0.0 }
}

/// Draws a bottom, and names waistline and hem landmarks and its lines.
pub(super) fn bottom(dice: &mut Dice, body: &Body, cut: &BottomCut, layer: &Layer) -> Sewn {
    let drape = waist_drape(layer);
    let waist = [-1.0, 1.0].map(|s| drape.edge(body, s, cut.waist_y));
    let (mut piece, hems, mut lines) = if cut.legs {
        trousers(dice, body, cut, layer, waist)
    } else {
        skirt(dice, body, cut, layer, waist)
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

/// A line with its side.
type Sided = (Line, usize, Vec<Pt>);

fn waist_line(body: &Body, layer: &Layer, y: f32) -> Vec<Pt> {
    let drape = waist_drape(layer);
    let (a, b) = (drape.edge(body, -1.0, y), drape.edge(body, 1.0, y));
    Curve::new().corner(a).smooth(a.lerp(b, 0.5) + pt(0.0, 1.0)).corner(b).open()
}

fn trousers(
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
    let top = waist_line(body, layer, cut.waist_y);
    let outline =
        top.iter().rev().skip(1).take(top.len() - 2).fold(curve, |c, p| c.smooth(*p)).closed();
    let mut piece = Piece::new(layer.order, layer.owner, outline, Fill::Cloth(layer.cloth[0]))
        .part(Part::Trunk)
        .raised(0.35, 0.45)
        .weave(body.front(0.0, body.build.hip, level::HIP), pt(0.0, 1.0));
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

fn skirt(
    dice: &mut Dice,
    body: &Body,
    cut: &BottomCut,
    layer: &Layer,
    waist: [Pt; 2],
) -> (Piece, [Pt; 2], Vec<Sided>) {
    let drape = Drape { ease: cut.drape.ease + layer.over, ..cut.drape };
    let sway = if layer.worn { dice.bell(0.07 * drape.flare) } else { 0.0 };
    let tilt = dice.bell(1.5);
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
    let width = hems[1].x - hems[0].x;
    let waves = (width / 9.0).clamp(3.0, 9.0).round();
    let sag = if cut.hem == Hem::Wavy { dice.range(1.5, 4.0) } else { dice.range(0.3, 1.5) };
    let phase = dice.range(0.0, 6.0);
    let hem: Vec<Pt> = (1..20)
        .map(|i| {
            let t = i as f32 / 20.0;
            let arc = 4.0 * t * (1.0 - t);
            let wave = if cut.hem == Hem::Wavy {
                (t * waves * std::f32::consts::TAU + phase).sin() * 0.7 * arc.sqrt()
            } else {
                0.0
            };
            hems[0].lerp(hems[1], t) + pt(0.0, sag * arc.powf(0.8) + wave)
        })
        .collect();
    let mut curve =
        Curve::new().corner(waist[0]).through(left[..steps - 1].iter().copied()).corner(hems[0]);
    curve = curve.through(hem.iter().copied()).corner(hems[1]);
    curve = curve.through(right[..steps - 1].iter().rev().copied()).corner(waist[1]);
    let top = waist_line(body, layer, cut.waist_y);
    let outline =
        top.iter().rev().skip(1).take(top.len() - 2).fold(curve, |c, p| c.smooth(*p)).closed();
    let mut piece = Piece::new(layer.order, layer.owner, outline, Fill::Cloth(layer.cloth[0]))
        .part(Part::Trunk)
        .raised(0.35, 0.45)
        .weave(body.front(0.0, body.build.hip, level::HIP), pt(0.0, 1.0));
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
    for (i, points) in halves(&line, middle).into_iter().enumerate() {
        let side = [&left, &right][i];
        let curve = Curve::new().corner(waist[i]).through(side[..steps - 1].iter().copied());
        lines.push((Line::Skirt, i, curve.corner(hems[i]).open()));
        lines.push((Line::Hem, i, points));
    }
    (piece, hems, lines)
}

/// Seams around a skirt, with the gathers below them.
fn tiers(dice: &mut Dice, piece: &mut Piece, left: &[Pt], right: &[Pt], ink: Colour) {
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

/// Waistband, belt, button, fly and pockets.
fn waistband(dice: &mut Dice, piece: &mut Piece, body: &Body, cut: &BottomCut, layer: &Layer) {
    let ink = layer.ink();
    let top = waist_line(body, layer, cut.waist_y);
    let low = waist_line(body, layer, cut.waist_y + 3.6);
    let band: Vec<Pt> = top.iter().copied().chain(low.iter().rev().copied()).collect();
    let fill = if cut.belt {
        Fill::Plain(super::colour::cloth(dice, &[layer.colour[0]], 50.0))
    } else {
        Fill::Sheer(layer.colour[0].darker(0.25), 0.35)
    };
    piece.area(band, fill);
    piece.line(low, 0.35, ink, 0.7);
    let button = body.front(0.0, body.build.waist, cut.waist_y + 2.6);
    if cut.belt {
        let buckle = super::shape::rectangle(button, pt(2.0, 1.6), 0.0);
        piece.area(buckle, Fill::Plain(super::colour::hex(0xc9b27a)));
    } else if cut.legs {
        piece.area(ellipse(button, 0.75, 0.75, 0.0), Fill::Plain(super::colour::hex(0xb9b2a4)));
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
