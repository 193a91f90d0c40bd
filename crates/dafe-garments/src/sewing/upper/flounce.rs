//! A flounce around an off-shoulder neckline, over chest and arms.
use super::neck::{collars, neck_at};
use crate::{
    clothes::cut::{Neck, TopCut},
    drawing::piece::Piece,
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, sign},
    random::dice::Dice,
    sewing::layer::Layer,
};

/// The probability of a flounce over sleeves that are long enough to be visible below it.
const FLOUNCE: f32 = 0.45;
/// The shortest such sleeve, along the arm.
const SLEEVE: f32 = 0.45;

/// Mostly nothing; otherwise a flounce. Only with hanging arms, which it can go around.
pub(crate) fn flounce(dice: &mut Dice, body: &Body, cut: &TopCut, layer: &Layer) -> Option<Piece> {
    let hang = |arm: usize| {
        let [shoulder, elbow, _] = body.arms[arm].joints;
        elbow.y > shoulder.y + 18.0 && !body.arm_behind[arm]
    };
    let long = cut.sleeve.is_some_and(|sleeve| sleeve.length > SLEEVE);
    if cut.neck != Neck::OffShoulder || !long || !hang(0) || !hang(1) || !dice.chance(FLOUNCE) {
        return None;
    }
    let deep = dice.range(9.0, 15.0);
    let tops = collars(body, cut);
    // It stands off the sleeves beneath.
    let ease = cut.sleeve.map_or(0.0, |sleeve| sleeve.ease.0) + dice.range(1.0, 2.5);
    let at = 0.03 * deep;
    let low = [0, 1].map(|i| body.arms[i].beside(at, -sign(i) * (body.arm_half(at) + ease)));
    let count = dice.count(7, 12);
    let waves = dice.range(0.4, 1.3);
    let middle = neck_at(body, cut, 0.0, tops[0].y.max(tops[1].y) + 1.5 + deep);
    let edge: Vec<Pt> = (1..count)
        .map(|k| {
            let t = k as f32 / count as f32;
            let (a, b) = (low[0].lerp(middle, t), middle.lerp(low[1], t));
            let up = if k % 2 == 0 { waves } else { -waves };
            a.lerp(b, t) + pt(0.0, up)
        })
        .collect();
    let neck = |u: f32| tops[0].lerp(tops[1], u) + pt(0.0, 8.0 * u * (1.0 - u));
    let mut curve = Curve::new().corner(tops[0]).corner(low[0]).through(edge.iter().copied());
    curve = curve.corner(low[1]).corner(tops[1]);
    let outline = curve.through([0.75, 0.5, 0.25].map(neck)).closed();
    let order = body.arm_order(0).max(body.arm_order(1)) + 0.95;
    let mut piece = Piece::new(order, layer.owner, outline, layer.panels.collar)
        .raised(0.45, 0.45)
        .weave(neck(0.5), pt(0.0, 1.0));
    for (k, p) in edge.iter().enumerate() {
        let from = neck((k + 1) as f32 / count as f32) + pt(0.0, 1.0);
        let tone = if k % 2 == 0 { -0.3 } else { 0.2 * layer.gleam() };
        piece.crease(vec![from, from.lerp(*p, 0.5), *p], 2.0, tone);
    }
    Some(piece)
}
