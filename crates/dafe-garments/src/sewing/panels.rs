//! Parts of a garment in another cloth: sleeves, yokes, bands, blocks of color.
use crate::{cloth::fabric::Fabric, color::Color, drawing::piece::Fill, random::dice::Dice};

/// Probabilities of panels on tops and dresses, independent of each other.
mod chance {
    /// Sleeves in the second cloth, and in a sheer one.
    pub const SLEEVES: f32 = 0.09;
    pub const SHEER_SLEEVES: f32 = 0.2;
    /// Unlined sleeves of a garment of lace or chiffon.
    pub const BARE_SLEEVES: f32 = 0.8;
    /// Another cloth above the chest, and a sheer one.
    pub const YOKE: f32 = 0.09;
    pub const SHEER_YOKE: f32 = 0.5;
    /// Sleeves in the yoke's cloth.
    pub const YOKE_SLEEVES: f32 = 0.55;
    /// A band of lace at the yoke's edge.
    pub const BAND: f32 = 0.5;
    /// A border above the hem, panels at the sides, a half or a broad band in the second cloth.
    pub const BORDER: f32 = 0.08;
    pub const SIDES: f32 = 0.04;
    pub const BLOCK: f32 = 0.06;
    /// Collars and cuffs in the second cloth.
    pub const COLLAR: f32 = 0.1;
    pub const CUFFS: f32 = 0.3;
}

/// The cloth of each part of a garment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panels {
    pub sleeves: Fill,
    pub collar: Fill,
    pub cuffs: Option<Fill>,
    pub yoke: Option<Fill>,
    /// The cloth of lace bands, if there are any.
    pub band: Option<Fill>,
    pub border: Option<Fill>,
    pub sides: bool,
    pub block: bool,
    /// The color behind a sheer yoke or a hole.
    pub beneath: Color,
}

impl Panels {
    /// All parts in one cloth.
    pub fn plain(cloth: usize, beneath: Color) -> Self {
        let fill = Fill::Cloth(cloth);
        Self {
            sleeves: fill,
            collar: fill,
            cuffs: None,
            yoke: None,
            band: None,
            border: None,
            sides: false,
            block: false,
            beneath,
        }
    }

    /// Chooses panels for a garment with the cloths `main`, `second` and `open` (the scene's
    /// numbers).
    pub fn new(
        dice: &mut Dice,
        [main, second, open]: [usize; 3],
        fabric: &Fabric,
        covered: bool,
        beneath: Color,
    ) -> Self {
        let mut panels = Self::plain(main, beneath);
        if fabric.pattern.is_open() && dice.chance(chance::BARE_SLEEVES) {
            panels.sleeves = Fill::Veil(main);
        }
        if dice.chance(chance::SLEEVES) {
            panels.sleeves = Fill::Cloth(second);
        } else if dice.chance(chance::SHEER_SLEEVES) {
            panels.sleeves = Fill::Veil(open);
        }
        if dice.chance(chance::YOKE) {
            let sheer = dice.chance(chance::SHEER_YOKE);
            // The open cloth's lining has the color beneath.
            let yoke = Fill::Cloth(if sheer { open } else { second });
            panels.yoke = Some(yoke);
            if dice.chance(chance::YOKE_SLEEVES) {
                panels.sleeves = if sheer { Fill::Veil(open) } else { yoke };
            }
            panels.band = dice.chance(chance::BAND).then_some(Fill::Veil(open));
        }
        panels.border = if dice.chance(chance::BORDER) {
            Some(dice.pick(&[Fill::Cloth(second), Fill::Veil(open)]))
        } else {
            None
        };
        panels.sides = dice.chance(chance::SIDES);
        panels.block = dice.chance(chance::BLOCK);
        if dice.chance(chance::COLLAR) {
            panels.collar = Fill::Cloth(second);
        }
        panels.cuffs = dice.chance(chance::CUFFS).then_some(Fill::Cloth(second));
        if covered {
            panels.sleeves = Fill::Cloth(main);
        }
        panels
    }

    /// Whether arms show through the sleeves.
    pub fn bare_sleeves(&self) -> bool {
        matches!(self.sleeves, Fill::Veil(_))
    }
}
