//! Sews garments from their cuts: flat pieces, landmarks, and the lines of landmarks.
pub(crate) mod creases;
pub(crate) mod folds;
pub(crate) mod fur;
pub(crate) mod hem;
pub(crate) mod layer;
pub(crate) mod lower;
pub(crate) mod panels;
pub(crate) mod quilting;
pub(crate) mod seam;
pub(crate) mod upper;
pub(crate) mod wobble;

use self::{
    layer::Layer,
    seam::Sewn,
    upper::{
        upper,
        waist::{belt, mark_waist},
    },
    wobble::wobble,
};
use crate::{
    clothes::cut::{Cut, Face, Waist},
    drawing::piece::Part,
    person::body::Body,
    random::dice::Dice,
};

/// Sews `cut` for `body`.
pub(crate) fn garment(dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Sewn {
    let mut sewn = sewn(dice, body, cut, layer);
    if !layer.worn {
        creases::crease(dice, &mut sewn.pieces, layer);
    }
    wobble(dice, &mut sewn, layer.worn);
    if let Cut::Top(top) = cut {
        match top.face {
            Face::Cloth => {}
            Face::Fur(long) => fur::fur(dice, &mut sewn.pieces, layer, long),
            Face::Quilted(step) => quilting::quilt(&mut sewn.pieces, layer, step),
        }
    }
    sewn
}

fn sewn(dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Sewn {
    match cut {
        Cut::Bottom(bottom) => lower::bottom(dice, body, bottom, layer),
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
            let mut sewn = lower::bottom(dice, body, legs, &lower);
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
