//! Tops, and the upper part of full-body garments.
pub(crate) mod collar;
mod flounce;
pub(crate) mod front;
pub(crate) mod jacket;
pub(crate) mod motif;
pub(crate) mod neck;
pub(crate) mod patchwork;
pub(crate) mod sleeve;
pub(crate) mod trunk;
pub(crate) mod waist;

use crate::{
    clothes::{
        chances,
        cut::{Neck, TopCut},
    },
    drawing::piece::Part,
    person::body::Body,
    random::dice::Dice,
    sewing::{
        layer::Layer,
        seam::{Line, Sewn},
    },
};

/// Sews a top, or the upper part of a full-body garment, whose waist is at `waist`.
pub(crate) fn upper(
    dice: &mut Dice,
    body: &Body,
    cut: &TopCut,
    layer: &Layer,
    waist: Option<f32>,
) -> Sewn {
    let mut sewn = trunk::trunk(dice, body, cut, layer, waist);
    if let Some(front) = sewn.pieces.iter_mut().find(|p| p.part == Part::Trunk) {
        front::front(dice, front, body, cut, layer, cut.hem_y);
    }
    if layer.worn && matches!(cut.neck, Neck::Round | Neck::Vee) && dice.chance(chances::BENEATH) {
        sewn.pieces.push(collar::beneath(dice, body, cut, layer));
    }
    if cut.hood {
        sewn.pieces.push(collar::hood(dice, body, cut, layer));
    }
    if let Some((collar, halves)) = collar::collar(body, cut, layer) {
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
            // Sleeves have the arm's order; under a jacket, that of their own trunk.
            let covered = layer.covered && !body.arm_behind[side];
            let arm = if covered { layer.order } else { body.arm_order(side) };
            let order = arm + 0.5 + layer.order * 0.01;
            let (piece, anchor, seams) =
                sleeve::sleeve(dice, body, cut, sleeve_cut, layer, side, order);
            sewn.pieces.push(piece);
            sewn.anchors.push(anchor);
            sewn.seams.extend(seams);
        }
    }
    sewn.pieces.extend(flounce::flounce(dice, body, cut, layer));
    sewn
}
