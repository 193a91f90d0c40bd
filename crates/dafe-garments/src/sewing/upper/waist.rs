//! Marks the waist of full-body garments.
use crate::{
    clothes::{
        cut::{TopCut, Waist},
        drape::Drape,
    },
    color::{hex, palette},
    drawing::piece::{Fill, Mark, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::rectangle,
    },
    person::body::{Body, sign},
    random::dice::Dice,
    sewing::layer::Layer,
};

/// Marks the waist at height `y`.
pub(crate) fn mark_waist(
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
        Waist::Unmarked => {}
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
            // Only on the trunk itself: the painter clips the sides.
            front.marks.insert(0, Mark::Area { outline: area, fill: Fill::Cloth(layer.cloth[1]) });
            front.line(across(body, drape, layer.over, y, 0.8), 0.4, layer.ink(), 0.7);
        }
    }
}

/// Ties a belt around height `y`.
pub(crate) fn belt(
    dice: &mut Dice,
    front: &mut Piece,
    body: &Body,
    drape: &Drape,
    y: f32,
    layer: &Layer,
) {
    let half = dice.range(1.0, 2.2);
    let mut area = across(body, drape, layer.over + 0.1, y - half, 0.8);
    area.extend(across(body, drape, layer.over + 0.1, y + half, 0.8).into_iter().rev());
    let color = palette::cloth(dice, &[layer.color[0]], 60.0);
    front.area(area, Fill::Plain(color));
    let middle = body.front(0.0, body.build.waist, y + 0.8);
    if dice.chance(0.5) {
        front.area(rectangle(middle, pt(half * 1.1, half * 1.1), 0.0), Fill::Plain(hex(0xc9b27a)));
        front.area(rectangle(middle, pt(half * 0.6, half * 0.6), 0.0), Fill::Plain(color));
    } else {
        for s in [-1.0, 1.0] {
            let bow = vec![middle, middle + pt(s * 4.5, -2.4), middle + pt(s * 5.0, 2.0)];
            front.area(bow, Fill::Plain(color.darker(0.12)));
            front.line(vec![middle, middle + pt(s * 2.0, 11.0)], 1.0, color.darker(0.1), 1.0);
        }
    }
}

fn across(body: &Body, drape: &Drape, over: f32, y: f32, sag: f32) -> Vec<Pt> {
    let ends = [0, 1].map(|i| body.edge(sign(i), drape.half(body, y) + over, y));
    Curve::new()
        .corner(ends[0])
        .smooth(ends[0].lerp(ends[1], 0.5) + pt(0.0, sag))
        .corner(ends[1])
        .open()
}
