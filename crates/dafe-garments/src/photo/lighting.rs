//! The hardness of the light.
use super::chances;
use crate::{
    drawing::{piece::Part, placed::Placed},
    random::dice::Dice,
};

/// Chooses the hardness of the light: the strength of rims and of shadows between pieces.
pub(crate) fn light_up(dice: &mut Dice, placed: &mut [Placed]) {
    let faint = dice.chance(chances::ONE_TONE);
    let bounds = if faint { [chances::FAINT; 2] } else { [chances::RIMS, chances::SHADOWS] };
    let [rims, shadows] = bounds.map(|[low, high]| dice.range(low, high));
    for Placed { piece, .. } in placed {
        piece.rim *= rims;
        piece.shadow = (piece.shadow * shadows).min(0.9);
        if faint && matches!(piece.part, Part::Sleeve(_)) {
            piece.soft.iter_mut().for_each(|soft| soft.tone *= 0.5);
        }
    }
}
