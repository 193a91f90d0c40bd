//! Sleeves and their ends.
use super::neck::shoulder_ends;
use crate::{
    clothes::cut::{SleeveCut, TopCut},
    drawing::{
        anchor::Anchor,
        piece::{Fill, Part, Piece},
    },
    geometry::{
        curve::Curve,
        interpolation::mix,
        limb::Limb,
        point::{Pt, pt},
    },
    person::body::{Body, level, sign},
    random::dice::Dice,
    sewing::{
        folds,
        layer::Layer,
        seam::{Line, Seam},
    },
};

/// The length along the arm up to which a sleeve is too short to hang or be bent.
const SHORT: f32 = 0.5;

/// Half the sleeve's width at `t` along the arm.
fn half(body: &Body, cut: &SleeveCut, t: f32) -> f32 {
    let fraction = (t / cut.length).clamp(0.0, 1.0);
    let bulge = cut.puff * (fraction * std::f32::consts::PI).sin();
    let gathered = if cut.puff > 0.0 { 1.0 } else { fraction * fraction };
    body.arm_half(t) + mix(cut.ease.0, cut.ease.1, gathered) + bulge + ruffled(cut, fraction)
}

/// How much ruffles widen it at a fraction of its length.
fn ruffled(cut: &SleeveCut, fraction: f32) -> f32 {
    if cut.tiers == 0 {
        return cut.ruffle * ((fraction - 0.7) / 0.3).max(0.0).powf(0.7);
    }
    // Each tier is narrow at its start and wide at its end.
    let within = (fraction * cut.tiers as f32 - 0.001).max(0.0).fract();
    0.5 + cut.ruffle * within
}

/// The arm that it lies along. Without a wearer, a short sleeve sticks out.
fn laid(body: &Body, cut: &SleeveCut, layer: &Layer, side: usize) -> Limb {
    let arm = body.arms[side];
    let [shoulder, elbow, wrist] = arm.joints;
    let upper = elbow - shoulder;
    let out = (upper.x * sign(side)).atan2(upper.y);
    if layer.worn || cut.length > SHORT || out > cut.stick || body.arm_behind[side] {
        return arm;
    }
    let fore = (wrist - elbow).length();
    let way = pt(sign(side) * cut.stick.sin(), cut.stick.cos());
    let elbow = shoulder + way * upper.length();
    Limb { joints: [shoulder, elbow, elbow + way * fore] }
}

/// Sews the sleeve of `side` (0 is the image's left) at `order`; returns its end and its sides.
pub(crate) fn sleeve(
    dice: &mut Dice,
    body: &Body,
    top: &TopCut,
    cut: &SleeveCut,
    layer: &Layer,
    side: usize,
    order: f32,
) -> (Piece, Anchor, [Seam; 2]) {
    let s = sign(side);
    let arm = &laid(body, cut, layer, side);
    let ease = top.drape.ease + layer.over;
    let pit_y = level::ARMPIT + 0.5 + ease * 0.4 + cut.drop;
    let shoulder = shoulder_ends(body, top, layer.over)[side];
    let start = shoulder - pt(s * 0.6, 0.0);
    let pit = top.drape.edge(body, s, pit_y) - pt(s * 2.5, -0.5);
    // A hanging arm's perpendicular points to the image's left: outwards for the left arm.
    let out = |t: f32| arm.beside(t, -s * (half(body, cut, t) + layer.over * 0.5));
    // The inner side starts at the armpit, not at the shoulder.
    let leave = 0.28 + cut.drop / 60.0;
    let beneath = |t: f32| arm.beside(t, s * (half(body, cut, t) + layer.over * 0.5));
    let inner =
        |t: f32| if t < leave { pit.lerp(beneath(leave), (t / leave).powi(2)) } else { beneath(t) };
    let first = 0.1_f32.min(cut.length * 0.6);
    let step = if cut.tiers > 0 { 0.03 } else { 0.1 };
    let steps = ((cut.length / step).ceil() as usize).max(2);
    let ts: Vec<f32> =
        (0..=steps).map(|i| mix(first, cut.length, i as f32 / steps as f32)).collect();
    let outer: Vec<Pt> = ts.iter().map(|t| out(*t)).collect();
    let inside: Vec<Pt> = ts.iter().map(|t| inner(*t)).collect();
    let (end_out, end_in) = (outer[outer.len() - 1], inside[inside.len() - 1]);
    let curve = Curve::new().corner(start).through(outer[..outer.len() - 1].iter().copied());
    let curve =
        curve.corner(end_out).smooth(end_out.lerp(end_in, 0.5) + arm.direction(cut.length) * 0.7);
    let curve = curve.corner(end_in).through(inside[..inside.len() - 1].iter().rev().copied());
    // Within the trunk, where it is hidden, it reaches far enough in to leave no gap at the
    // armhole.
    let outline = curve.corner(pit).smooth(start.lerp(pit, 0.5) - pt(s * 3.4, 0.0)).closed();

    let mut piece = Piece::new(order, layer.owner, outline, layer.panels.sleeves)
        .part(Part::Sleeve(side))
        .raised(0.45, 0.45)
        .weave(shoulder, arm.direction(cut.length * 0.5));
    let outer_line = [&[start][..], &outer].concat();
    let inner_line = [&[pit][..], &inside].concat();
    folds::tube(dice, &mut piece, &outer_line, &inner_line, layer, cut.ease.0 * 0.3);
    let ink = layer.ink();
    piece.line(vec![start, start.lerp(pit, 0.5) - pt(s * 3.2, 0.0), pit], 0.3, ink, 0.4);
    let band: f32 = if cut.cuff { 4.0 } else { 1.5 };
    let back = arm.direction(cut.length) * band.min(cut.length * 15.0);
    let (a, b) = (end_out - back, end_in - back);
    if cut.cuff {
        let own = Fill::Sheer(layer.color[0].darker(0.35), 0.3);
        piece.area(vec![a, end_out, end_in, b], layer.panels.cuffs.unwrap_or(own));
    }
    piece.line(vec![a, b], 0.3, ink, 0.6);
    // The shadow inside the opening marks the end.
    let rim = end_out.lerp(end_in, 0.5) + arm.direction(cut.length) * 0.7;
    piece.line(
        Curve::new().corner(end_out).smooth(rim).corner(end_in).open(),
        0.5,
        layer.color[0].darker(0.65),
        0.7,
    );
    ruffles(dice, &mut piece, cut, &outer, &inside, layer);
    let part = Part::Sleeve(side);
    let anchor = Anchor {
        slot: 2 + side,
        owner: layer.owner,
        at: end_out.lerp(end_in, 0.05),
        order,
        part,
        joint: false,
    };
    let seams = [(Line::Outer, outer_line), (Line::Inner, inner_line)].map(|(line, knots)| {
        let last = knots.len() - 1;
        let curve = Curve::new().corner(knots[0]).through(knots[1..last].iter().copied());
        let mut points = curve.corner(knots[last]).open();
        if line == Line::Inner {
            points.reverse();
        }
        Seam { line, side, points, part, order }
    });
    (piece, anchor, seams)
}

/// The seams where ruffles are gathered, with their folds.
fn ruffles(
    dice: &mut Dice,
    piece: &mut Piece,
    cut: &SleeveCut,
    outer: &[Pt],
    inside: &[Pt],
    layer: &Layer,
) {
    let tiers = cut.tiers.max(1);
    let mut seams: Vec<f32> = (1..cut.tiers).map(|i| i as f32 / tiers as f32).collect();
    if cut.tiers == 0 && cut.ruffle > 0.0 {
        seams.push(0.7);
    }
    let last = outer.len() - 1;
    for at in seams {
        let i = ((last as f32 * at).round() as usize).min(last - 1);
        let (a, b) = (outer[i], inside[i]);
        let down = (outer[i + 1] - a + inside[i + 1] - b).unit();
        piece.line(vec![a, b], 0.4, layer.ink(), 0.6);
        piece.shade(vec![a + down, b + down], 1.4, -0.35);
        for k in 1..8 {
            let from = a.lerp(b, k as f32 / 8.0);
            let to = from + down * dice.range(2.0, 6.0);
            piece.crease(vec![from, from.lerp(to, 0.5), to], 0.9, -0.3);
        }
    }
}
