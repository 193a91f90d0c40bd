//! The part of a garment on the trunk, for tops, dresses and coats.
use super::{
    jacket,
    neck::{collars, neck_at, neckline, shoulder_ends, strap_base},
};
use crate::{
    clothes::{
        cut::{Front, Hem, Neck, TopCut},
        drape::Drape,
    },
    drawing::{
        anchor::Anchor,
        piece::{Fill, Part, Piece},
    },
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, level, sign},
    random::dice::Dice,
    sewing::{
        folds, hem,
        layer::Layer,
        lower::skirt,
        seam::{Line, Seam, Sewn, beneath, halves},
    },
};

/// Sews the trunk with its back neck; adds collar and hem landmarks (and, at `waist`, waistline
/// landmarks) and its lines.
pub(crate) fn trunk(
    dice: &mut Dice,
    body: &Body,
    cut: &TopCut,
    layer: &Layer,
    waist: Option<f32>,
) -> Sewn {
    let drape = Drape { ease: cut.drape.ease + layer.over, ..cut.drape };
    let drop = cut.sleeve.map_or(0.0, |s| s.drop);
    let pit_y =
        level::ARMPIT + 0.5 + drape.ease * 0.4 + if cut.sleeve.is_none() { 1.5 } else { 0.0 };
    let side_y = pit_y + drop;
    let collars = collars(body, cut);
    let ends = shoulder_ends(body, cut, layer.over);
    // A full skirt swings; a top's hem is rarely level.
    let tilt = cut.tilt + dice.bell(1.0 + 0.02 * drape.flare);
    let sway = if layer.worn { dice.bell(0.06 * drape.flare) } else { 0.0 };
    let side_points = |side: f32| -> Vec<Pt> {
        let steps = (((cut.hem_y - side_y) / 7.0).ceil() as usize).clamp(3, 16);
        (0..=steps)
            .map(|i| {
                let t = i as f32 / steps as f32;
                let y = side_y + (cut.hem_y - side_y) * t;
                let mut p = body.around_legs(side, drape.edge(body, side, y))
                    + pt(sway * t * t, side * tilt * t * t);
                if cut.hem == Hem::Tucked {
                    // The cloth bags, and is drawn in where the waistband holds it.
                    let snug = body.edge(side, body.half(y) + 0.4, y);
                    p = p.lerp(snug, ((t - 0.75) * 4.0).max(0.0).powi(2));
                }
                if cut.hem == Hem::Ribbed && t > 0.93 {
                    p.x -= side * 1.6;
                }
                p
            })
            .collect()
    };
    let (left, right) = (side_points(-1.0), side_points(1.0));
    let hems = [left[left.len() - 1], right[right.len() - 1]];
    let hem = hem::points(dice, cut.hem, hems, 0.5 + 0.5 * body.yaw.cos());
    let hole = |i: usize| {
        let pit = [left[0], right[0]][i];
        let inward = if cut.sleeve.is_none() { 2.2 } else { -0.3 };
        ends[i].lerp(pit, 0.55) + pt(-sign(i) * inward, 0.0)
    };
    // A strap keeps its width down to the bodice.
    let sling = (cut.neck == Neck::Sling).then(|| [0, 1].map(|i| strap_base(body, cut, i)));
    let straps = sling.map(|bases| [0, 1].map(|i| bases[i] + ends[i] - collars[i]));
    let armhole = |curve: Curve, i: usize| match straps {
        Some(straps) => curve.corner(straps[i]),
        None => curve.smooth(hole(i)),
    };
    let neck = neckline(body, cut).open();
    let mut curve = armhole(Curve::new().corner(collars[0]).corner(ends[0]), 0);
    curve = curve.corner(left[0]).through(left[1..left.len() - 1].iter().copied()).corner(hems[0]);
    curve = curve.through(hem.iter().copied()).corner(hems[1]);
    curve = curve.through(right[1..right.len() - 1].iter().rev().copied()).corner(right[0]);
    let outline = armhole(curve, 1).corner(ends[1]);
    let outline = neck[..neck.len() - 1].iter().fold(outline, |c, p| c.corner(*p)).closed();

    let tops = sling.unwrap_or(collars);
    let mut back_line = Curve::new().corner(tops[0]);
    let back_dip = match (sling, layer.worn) {
        // The back's edge shows above the front's.
        (Some(_), _) => -1.2,
        (None, true) => 0.2,
        (None, false) => 2.0,
    };
    back_line = back_line.smooth(tops[0].lerp(tops[1], 0.5) + pt(0.0, back_dip)).corner(tops[1]);
    let mut back_outline = back_line.open();
    let rim = if sling.is_some() { &neck[1..neck.len() - 1] } else { &neck[..] };
    back_outline.extend(rim.iter().skip(1));
    // Worn, it is behind the neck; without a wearer, in front of the pieces beneath.
    let back_order = if layer.worn { 10.0 } else { layer.order - 12.0 };
    let mut back = Piece::new(back_order, layer.owner, back_outline, Fill::Cloth(layer.cloth[0]));
    // Lying flat, it is pressed together, so light reaches into the neck.
    let dark = if layer.worn { 1.0 } else { dice.range(0.2, 0.9) };
    back.shade(neck.clone(), 9.0, -0.75 * dark);
    back.shade(back_line.open(), 9.0, -0.5 * dark);

    let mut front = Piece::new(layer.order, layer.owner, outline, Fill::Cloth(layer.cloth[0]))
        .part(Part::Trunk)
        .raised(0.4, 0.4)
        .weave(body.front(0.0, body.build.chest, level::ARMPIT), pt(0.0, 1.0));
    folds::trunk(dice, &mut front, body, layer, &left, &right, &ends, cut.hem_y);
    if let (Some(y), Hem::Wavy, true) = (waist, cut.hem, dice.chance(0.35)) {
        let below = |side: &[Pt]| -> Vec<Pt> { side.iter().copied().filter(|p| p.y > y).collect() };
        skirt::tiers(dice, &mut front, &below(&left), &below(&right), layer.ink());
    }
    trim(&mut front, cut, layer, &neck, &hems, &hem);

    let mut anchors = Vec::new();
    for i in [0, 1] {
        let end = |slot, at, part| Anchor {
            slot,
            owner: layer.owner,
            at,
            order: layer.order,
            part,
            joint: slot < 2,
        };
        anchors.push(end(i, collars[i], Part::Trunk));
        anchors.push(end(6 + i, hems[i], Part::Trunk));
        if cut.sleeve.is_none() {
            anchors.push(end(2 + i, ends[i], Part::Sleeve(i)));
        }
        if let Some(y) = waist {
            anchors.push(end(4 + i, drape.edge(body, sign(i), y), Part::Trunk));
        }
    }
    let seam =
        |line, side, points| Seam { line, side, points, part: Part::Trunk, order: layer.order };
    let mut seams = Vec::new();
    let front_at = |y: f32| body.front(0.0, drape.half(body, y), y);
    let backs = halves(&back_line.open(), tops[0].lerp(tops[1], 0.5));
    for (i, (points, side)) in backs.into_iter().zip([&left, &right]).enumerate() {
        seams.push(Seam { order: back_order, ..seam(Line::Back, i, points) });
        seams.push(seam(Line::Shoulder, i, vec![collars[i], ends[i]]));
        let last = side.len() - 1;
        let side = Curve::new().corner(side[0]).through(side[1..last].iter().copied());
        let side = side.corner(hems[i]).open();
        if let Some(y) = waist {
            let [above, mut below] = halves(&side, drape.edge(body, sign(i), y));
            below.reverse();
            seams.push(seam(Line::Bodice, i, above));
            seams.push(seam(Line::Skirt, i, below));
        }
        seams.push(seam(Line::Side, i, side));
    }
    let mut pieces = vec![back, front];
    if cut.front == Front::Open {
        let open = jacket::open_front(pieces, dice, body, cut, layer, &neck, &left, &right, &hem);
        pieces = open.pieces;
        seams.extend(open.seams);
    } else {
        let depth = if cut.neck == Neck::OffShoulder { 2.0 } else { cut.neck_depth };
        let low = neck_at(body, cut, 0.0, collars[0].y.max(collars[1].y) + depth);
        let rim: Vec<Pt> = rim.iter().rev().copied().collect();
        let hem = Curve::new().corner(hems[0]).through(hem).corner(hems[1]).open();
        for (i, points) in halves(&rim, low).into_iter().enumerate() {
            seams.push(seam(Line::Neck, i, points));
        }
        for (i, points) in halves(&hem, beneath(&hem, front_at(cut.hem_y))).into_iter().enumerate()
        {
            seams.push(seam(Line::Hem, i, points));
        }
    }
    Sewn { pieces, anchors, seams }
}

/// Bands along neckline and hem.
fn trim(front: &mut Piece, cut: &TopCut, layer: &Layer, neck: &[Pt], hems: &[Pt; 2], hem: &[Pt]) {
    let ink = layer.ink();
    let inner: Vec<Pt> = neck.iter().map(|p| *p + pt(0.0, 1.7)).collect();
    if matches!(cut.neck, Neck::Round | Neck::Vee | Neck::Square | Neck::Boat) {
        // The neck's band: in the collar's cloth if that is another, else slightly darker.
        let band = neck.iter().chain(inner.iter().rev()).copied().collect();
        let own = Fill::Sheer(layer.color[0].darker(0.5), 0.12);
        let contrasts = layer.panels.collar != Fill::Cloth(layer.cloth[0]);
        front.area(band, if contrasts { layer.panels.collar } else { own });
        front.line(inner[1..inner.len() - 1].to_vec(), 0.3, ink, 0.5);
    }
    let lift = if cut.hem == Hem::Ribbed { 4.5 } else { 1.8 };
    let mut line = vec![hems[0]];
    line.extend(hem);
    line.push(hems[1]);
    if cut.hem == Hem::Tucked {
        return;
    }
    let up: Vec<Pt> = line.iter().map(|p| *p - pt(0.0, lift)).collect();
    front.line(up, 0.3, ink, 0.45);
    if cut.hem == Hem::Ribbed {
        for t in 1..24 {
            let p = hems[0].lerp(hems[1], t as f32 / 24.0);
            front.line(vec![p - pt(0.0, lift - 0.3), p + pt(0.0, 0.2)], 0.35, ink, 0.22);
        }
    }
}
