//! How hard the light is.
use super::chances;
use crate::{drawing::placed::Placed, random::dice::Dice};

/// Chooses how hard the light is: how strong rims and the shadows between pieces are.
pub(crate) fn light_up(dice: &mut Dice, placed: &mut [Placed]) {
    let [rims, shadows] =
        [chances::RIMS, chances::SHADOWS].map(|[low, high]| dice.range(low, high));
    for Placed { piece, .. } in placed {
        piece.rim *= rims;
        piece.shadow = (piece.shadow * shadows).min(0.9);
    }
}
