//! Which parts of a garment are of another cloth: sleeves, yokes, bands, blocks of colour.
use super::{
    body::{Body, level},
    colour::Colour,
    cut::TopCut,
    dice::Dice,
    fabric::Fabric,
    piece::{Fill, Mark, Piece},
    shape::{Curve, Pt, pt},
    trunk::Layer,
};

/// How often tops and dresses have what: independent of each other, and all to be turned down here.
mod chance {
    /// Sleeves of the second cloth, and of a sheer one.
    pub const SLEEVES: f32 = 0.09;
    pub const SHEER_SLEEVES: f32 = 0.2;
    /// Sleeves of a garment of lace or chiffon that are not lined.
    pub const BARE_SLEEVES: f32 = 0.8;
    /// Another cloth above the chest, and that cloth being sheer.
    pub const YOKE: f32 = 0.09;
    pub const SHEER_YOKE: f32 = 0.5;
    /// Sleeves of the yoke's cloth.
    pub const YOKE_SLEEVES: f32 = 0.55;
    /// A band of lace where the yoke ends.
    pub const BAND: f32 = 0.5;
    /// A border above the hem, panels at the sides, a half or a broad band of the second cloth.
    pub const BORDER: f32 = 0.08;
    pub const SIDES: f32 = 0.04;
    pub const BLOCK: f32 = 0.06;
    /// Collars and cuffs of the second cloth.
    pub const COLLAR: f32 = 0.1;
    pub const CUFFS: f32 = 0.3;
}

/// A garment's cloths by part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panels {
    pub sleeves: Fill,
    pub collar: Fill,
    pub cuffs: Option<Fill>,
    pub yoke: Option<Fill>,
    /// The cloth of bands of lace, where there is one.
    pub band: Option<Fill>,
    pub border: Option<Fill>,
    pub sides: bool,
    pub block: bool,
    /// What shows through a sheer yoke, or a hole.
    pub beneath: Colour,
}

impl Panels {
    /// All of one cloth.
    pub fn plain(cloth: usize, beneath: Colour) -> Self {
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

    /// Chooses for a garment of the cloths `main`, `second` and an `open` one, which are the scene's numbers.
    pub fn new(
        dice: &mut Dice,
        [main, second, open]: [usize; 3],
        fabric: &Fabric,
        covered: bool,
        beneath: Colour,
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
            // The open cloth is lined with what is beneath.
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

/// Adds a trunk's panels, beneath whatever is sewn on already.
pub(super) fn trunk(dice: &mut Dice, piece: &mut Piece, body: &Body, cut: &TopCut, layer: &Layer) {
    let panels = &layer.panels;
    let mut areas: Vec<(Vec<Pt>, Fill)> = Vec::new();
    let line = |y: f32, sag: f32, beyond: f32| -> Vec<Pt> {
        let half = cut.drape.half(body, y) + layer.over + beyond;
        let (a, b) = (body.edge(-1.0, half, y), body.edge(1.0, half, y));
        Curve::new().corner(a).smooth(body.front(0.0, half, y + sag)).corner(b).open()
    };
    let across = |y: f32, sag: f32| line(y, sag, 25.0);
    // From one line down to another; what lies beyond the garment is clipped.
    let between = |upper: Vec<Pt>, lower: Vec<Pt>| -> Vec<Pt> {
        upper.into_iter().chain(lower.into_iter().rev()).collect()
    };
    let second = Fill::Cloth(layer.cloth[1]);
    if panels.block {
        let (y, tall) = (dice.range(level::CHEST, level::WAIST), dice.range(8.0, 22.0));
        areas.push(if dice.chance(0.4) {
            let middle = |y: f32| body.front(0.0, body.build.chest, y);
            (vec![middle(-20.0), middle(190.0), pt(90.0, 190.0), pt(90.0, -20.0)], second)
        } else {
            (between(across(y, 1.0), across(y + tall, 1.0)), second)
        });
    }
    if panels.sides {
        let share = dice.range(0.45, 0.75);
        for s in [-1.0, 1.0] {
            let inner = [level::ARMPIT - 8.0, level::CHEST, level::WAIST, level::HIP, 150.0]
                .map(|y| body.front(s * share, cut.drape.half(body, y), y));
            let outer = [150.0, -20.0].map(|y| pt(s * 90.0, y));
            areas.push(([&inner[..], &outer].concat(), second));
        }
    }
    if let Some(border) = panels.border {
        let tall = dice.range(3.0, 12.0).min(cut.hem_y * 0.2);
        areas.push((between(across(cut.hem_y - tall, 1.0), across(cut.hem_y + 14.0, 1.0)), border));
    }
    if let Some(yoke) = panels.yoke {
        let y = dice.range(10.0, level::CHEST + 4.0).max(cut.neck_depth.min(level::CHEST) + 1.0);
        let sag = dice.range(-3.0, 5.0);
        let area = between(across(-24.0, 0.0), across(y, sag));
        areas.push((area, yoke));
        if let Some(band) = panels.band {
            let tall = dice.range(2.5, 6.0);
            areas.push((between(across(y - tall * 0.5, sag), across(y + tall * 0.5, sag)), band));
        } else {
            // At the shoulders the trunk is narrower than its drape.
            let within = if y < level::ARMPIT { -5.0 } else { -0.3 };
            piece.line(line(y, sag, within), 0.35, layer.ink(), 0.6);
        }
    }
    let marks = areas.into_iter().map(|(outline, fill)| Mark::Area { outline, fill });
    piece.marks.splice(0..0, marks);
}
