//! The waist of a bottom.
use crate::{
    clothes::drape::Drape,
    drawing::piece::{Fill, Part, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, level},
    sewing::{layer::Layer, seam::Line},
};

pub(crate) fn waist_drape(layer: &Layer) -> Drape {
    Drape { ease: 0.5 + layer.over, boxy: 0.0, flare: 0.0, flare_from: 0.0 }
}

/// A line with its side.
pub(crate) type Sided = (Line, usize, Vec<Pt>);

pub(crate) fn waist_line(body: &Body, layer: &Layer, y: f32) -> Vec<Pt> {
    let drape = waist_drape(layer);
    let (a, b) = (drape.edge(body, -1.0, y), drape.edge(body, 1.0, y));
    Curve::new().corner(a).smooth(a.lerp(b, 0.5) + pt(0.0, 1.0)).corner(b).open()
}

/// The piece of cloth inside `curve`, which runs from the waist's left end around to its right end,
/// closed at the waist.
pub(crate) fn closed_at_waist(curve: Curve, body: &Body, layer: &Layer, waist_y: f32) -> Piece {
    let top = waist_line(body, layer, waist_y);
    let outline =
        top.iter().rev().skip(1).take(top.len() - 2).fold(curve, |c, p| c.smooth(*p)).closed();
    Piece::new(layer.order, layer.owner, outline, Fill::Cloth(layer.cloth[0]))
        .part(Part::Trunk)
        .raised(0.35, 0.45)
        .weave(body.front(0.0, body.build.hip, level::HIP), pt(0.0, 1.0))
}
