//! Choice of cuts, before anything is sewn.
pub(crate) mod bottoms;
pub(crate) mod chances;
pub(crate) mod cut;
pub(crate) mod drape;
pub(crate) mod dresses;
pub(crate) mod outfit;
pub(crate) mod tops;

use dafe::landmark::ClothesType;

use self::{
    bottoms::bottom,
    cut::Cut,
    dresses::full,
    tops::{coat, top},
};
use crate::random::dice::Dice;

/// A cut for a garment of this clothes type.
pub(crate) fn cut(dice: &mut Dice, kind: ClothesType) -> Cut {
    match kind {
        ClothesType::Upper if dice.chance(chances::CLOSED_COAT) => Cut::Top(coat(dice)),
        ClothesType::Upper => Cut::Top(top(dice, false)),
        ClothesType::Lower => Cut::Bottom(bottom(dice)),
        ClothesType::Full => full(dice),
    }
}
