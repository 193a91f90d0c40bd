//! A whole garment from its cut: pieces, landmarks and lines.
use super::{
    body::{Body, sign},
    bottom,
    cut::{Cut, Drape, Neck, TopCut, Waist},
    detail,
    dice::Dice,
    piece::{Fill, Part, Piece},
    seam::{Line, Sewn},
    shape::{Curve, Pt, pt, rectangle},
    sleeve, tables,
    trunk::{self, Layer},
    wobble::wobble,
};

/// The orders of the two arms: behind the trunk, before it, before head and hair.
pub(super) fn arm_order(body: &Body, side: usize) -> f32 {
    if body.arm_behind[side] {
        6.0
    } else if body.arm_over_head[side] {
        60.0
    } else {
        40.0
    }
}

/// Draws `cut` on `body`.
pub(super) fn garment(dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Sewn {
    let mut sewn = sewn(dice, body, cut, layer);
    wobble(dice, &mut sewn, layer.worn);
    sewn
}

fn sewn(dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Sewn {
    match cut {
        Cut::Bottom(bottom) => bottom::bottom(dice, body, bottom, layer),
        Cut::Top(top) => upper(dice, body, top, layer, None),
        Cut::Dress(top, waist_y, waist) => {
            let mut sewn = upper(dice, body, top, layer, Some(*waist_y));
            if let Some(front) = sewn.pieces.iter_mut().find(|p| p.part == Part::Trunk) {
                mark_waist(dice, front, body, top, *waist_y, *waist, layer);
            }
            sewn
        }
        Cut::Jumpsuit(top, legs, waist) => {
            let lower = Layer { order: layer.order - 1.0, ..*layer };
            let mut sewn = bottom::bottom(dice, body, legs, &lower);
            let upper = upper(dice, body, top, layer, Some(legs.waist_y));
            sewn.pieces.extend(upper.pieces);
            // Hems come from the legs, the waist from the bodice's lower edge.
            sewn.anchors.retain(|a| a.slot >= 6);
            sewn.anchors.extend(upper.anchors.into_iter().filter(|a| a.slot < 6));
            // DeepFashion2 has no category for it.
            sewn.seams.clear();
            let trunk = sewn.pieces.iter_mut().rev().find(|p| p.part == Part::Trunk);
            if let (Some(front), Waist::Belt) = (trunk, waist) {
                belt(dice, front, body, &top.drape, legs.waist_y - 1.6, layer);
            }
            sewn
        }
    }
}

fn upper(dice: &mut Dice, body: &Body, cut: &TopCut, layer: &Layer, waist: Option<f32>) -> Sewn {
    let mut sewn = trunk::trunk(dice, body, cut, layer, waist);
    if let Some(front) = sewn.pieces.iter_mut().find(|p| p.part == Part::Trunk) {
        detail::front(dice, front, body, cut, layer, cut.hem_y);
    }
    if layer.worn && matches!(cut.neck, Neck::Round | Neck::Vee) && dice.chance(tables::BENEATH) {
        sewn.pieces.push(detail::beneath(dice, body, cut, layer));
    }
    if cut.hood {
        sewn.pieces.push(detail::hood(body, cut, layer));
    }
    if let Some((collar, halves)) = detail::collar(body, cut, layer) {
        for anchor in sewn.anchors.iter_mut().filter(|a| a.slot < 2) {
            anchor.at = halves[anchor.slot][0];
            anchor.order = layer.order + 0.5;
        }
        for seam in sewn.seams.iter_mut().filter(|s| s.line == Line::Neck) {
            seam.points.clone_from(&halves[seam.side]);
            seam.order = layer.order + 0.5;
        }
        sewn.pieces.extend(collar);
    }
    if let Some(sleeve_cut) = &cut.sleeve {
        for side in [0, 1] {
            // Sleeves lie with the arm; under a jacket they lie with their own trunk.
            let covered = layer.covered && !body.arm_behind[side];
            let arm = if covered { layer.order } else { arm_order(body, side) };
            let order = arm + 0.5 + layer.order * 0.01;
            let (piece, anchor, seams) =
                sleeve::sleeve(dice, body, cut, sleeve_cut, layer, side, order);
            sewn.pieces.push(piece);
            sewn.anchors.push(anchor);
            sewn.seams.extend(seams);
        }
    }
    sewn
}

fn across(body: &Body, drape: &Drape, over: f32, y: f32, sag: f32) -> Vec<Pt> {
    let ends = [0, 1].map(|i| body.edge(sign(i), drape.half(body, y) + over, y));
    Curve::new()
        .corner(ends[0])
        .smooth(ends[0].lerp(ends[1], 0.5) + pt(0.0, sag))
        .corner(ends[1])
        .open()
}

fn mark_waist(
    dice: &mut Dice,
    front: &mut Piece,
    body: &Body,
    top: &TopCut,
    y: f32,
    waist: Waist,
    layer: &Layer,
) {
    let drape = &top.drape;
    match waist {
        Waist::Seam => {
            front.line(across(body, drape, layer.over, y, 0.8), 0.5, layer.ink(), 0.8);
            front.shade(across(body, drape, layer.over, y + 1.5, 0.8), 2.0, -0.35);
        }
        Waist::Belt => belt(dice, front, body, drape, y, layer),
        Waist::TwoCloths => {
            let mut area = across(body, drape, layer.over, y, 0.8);
            let hem_side = top.hem_y + 6.0;
            let steps = 8;
            let side = |s: f32| {
                (0..=steps).map(move |i| {
                    let at = y + (hem_side - y) * i as f32 / steps as f32;
                    body.edge(s, drape.half(body, at) + layer.over + 30.0 * i.min(1) as f32, at)
                })
            };
            area.extend(side(1.0));
            area.extend(side(-1.0).collect::<Vec<_>>().into_iter().rev());
            // Only what lies on the trunk itself: sides are clipped by the painter.
            front.marks.insert(
                0,
                super::piece::Mark::Area { outline: area, fill: Fill::Cloth(layer.cloth[1]) },
            );
            front.line(across(body, drape, layer.over, y, 0.8), 0.4, layer.ink(), 0.7);
        }
    }
}

fn belt(dice: &mut Dice, front: &mut Piece, body: &Body, drape: &Drape, y: f32, layer: &Layer) {
    let half = dice.range(1.0, 2.2);
    let mut area = across(body, drape, layer.over + 0.1, y - half, 0.8);
    area.extend(across(body, drape, layer.over + 0.1, y + half, 0.8).into_iter().rev());
    let colour = super::colour::cloth(dice, &[layer.colour[0]], 60.0);
    front.area(area, Fill::Plain(colour));
    let middle = body.front(0.0, body.build.waist, y + 0.8);
    if dice.chance(0.5) {
        front.area(
            rectangle(middle, pt(half * 1.1, half * 1.1), 0.0),
            Fill::Plain(super::colour::hex(0xc9b27a)),
        );
        front.area(rectangle(middle, pt(half * 0.6, half * 0.6), 0.0), Fill::Plain(colour));
    } else {
        for s in [-1.0, 1.0] {
            let bow = vec![middle, middle + pt(s * 4.5, -2.4), middle + pt(s * 5.0, 2.0)];
            front.area(bow, Fill::Plain(colour.darker(0.12)));
            front.line(vec![middle, middle + pt(s * 2.0, 11.0)], 1.0, colour.darker(0.1), 1.0);
        }
    }
}
