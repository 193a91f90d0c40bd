//! The cut of a garment: the difference between a tank top, a shirt, a coat, jeans or a gown.
use dafe::landmark::ClothesType;

use super::drape::Drape;

/// A neckline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Neck {
    Round,
    Vee,
    Square,
    Boat,
    /// A pointed collar.
    Shirt,
    /// A tube around the neck.
    Turtle,
    /// Lapels.
    Lapel,
    /// Below the shoulders, around the arms.
    OffShoulder,
    /// Thin straps above a straight edge across the chest.
    Sling,
    /// Round, with draped folds below it; only in unlike images.
    Cowl,
    /// Two arcs that meet in the middle; only in unlike images.
    Heart,
}

/// The front's closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    Plain,
    Buttons,
    Zip,
    /// Two panels with a gap between them, showing the layer below.
    Open,
}

/// The line of a hem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hem {
    Straight,
    /// Lower in the middle than at the sides, like a shirt's.
    Tails,
    /// Drawn in, where the top is tucked into the garment below.
    Tucked,
    /// Wavy, like a full skirt's.
    Wavy,
    /// A knitted band that draws the cloth in.
    Ribbed,
    /// Small arcs; only in unlike images.
    Scallops,
    /// Large points; only in unlike images.
    Points,
    /// Higher in the middle than at the sides, like two meeting petals; only in unlike images.
    Petals,
}

/// A sleeve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SleeveCut {
    /// How far it reaches along the arm: ½ is the elbow, 1 the wrist.
    pub length: f32,
    /// Ease at top and cuff, in centimeters.
    pub ease: (f32, f32),
    /// Bulge between top and cuff, in centimeters.
    pub puff: f32,
    /// How far below the armpit it starts, in centimeters.
    pub drop: f32,
    /// The angle of a short sleeve from straight down if nobody wears it, in radians.
    pub stick: f32,
    /// Whether it ends in a band.
    pub cuff: bool,
    /// How much a ruffle at its end stands off, in centimeters; or, if there are tiers, how much
    /// each of them does.
    pub ruffle: f32,
    pub tiers: usize,
}

/// The outside of a top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Face {
    Cloth,
    /// Fur, shag or mohair with hairs of this many centimeters.
    Fur(f32),
    /// Padded, with seams this many centimeters apart.
    Quilted(f32),
}

/// The cut above the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TopCut {
    pub neck: Neck,
    /// Half the neckline's width, and its depth, in centimeters.
    pub neck_half: f32,
    pub neck_depth: f32,
    /// The end of a sleeveless shoulder, in centimeters from the middle.
    pub strap: f32,
    pub sleeve: Option<SleeveCut>,
    pub front: Front,
    pub drape: Drape,
    pub hem: Hem,
    /// Where it ends, in centimeters below the hollow of the neck.
    pub hem_y: f32,
    /// How much lower the hem's right end is than its middle, in centimeters.
    pub tilt: f32,
    /// Whether a hood lies on the shoulders.
    pub hood: bool,
    /// Breast pockets, a print, another cloth at shoulders or across the chest.
    pub pocket: bool,
    pub motif: bool,
    pub yoke: bool,
    pub face: Face,
}

/// The cut below the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BottomCut {
    pub legs: bool,
    pub waist_y: f32,
    /// The length. For legs, the fraction along them, 1 at the ankle; for skirts, centimeters below
    /// the hollow of the neck.
    pub length: f32,
    /// Ease of legs at thigh and hem, in centimeters.
    pub ease: (f32, f32),
    /// The drape of a skirt.
    pub drape: Drape,
    pub hem: Hem,
    /// How much lower a skirt's right end is than its middle, in centimeters.
    pub tilt: f32,
    pub pleats: bool,
    pub pockets: bool,
    pub belt: bool,
    /// Turned-up hems, rips and lighter thighs, as on jeans.
    pub jeans: bool,
}

/// How a full-body garment's waist is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waist {
    Seam,
    Belt,
    /// The skirt is of another cloth.
    TwoCloths,
    /// Unmarked: the narrowest place of a sheath dress, or the wearer's waist in a straight dress.
    Unmarked,
}

/// A garment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cut {
    Top(TopCut),
    Bottom(BottomCut),
    /// A dress or coat: the trunk reaches down to the hem. The number is the height of the waist.
    Dress(TopCut, f32, Waist),
    /// A bodice and legs in one piece.
    Jumpsuit(TopCut, BottomCut, Waist),
}

impl TopCut {
    /// The cut as seen from behind.
    fn seen_from_behind(self) -> Self {
        let neck = match self.neck {
            Neck::Shirt | Neck::Lapel | Neck::Turtle => Neck::Turtle,
            Neck::Sling | Neck::OffShoulder => self.neck,
            _ => Neck::Round,
        };
        // A few backs are low-cut.
        let depth = if self.neck_depth > 14.0 && self.neck_half > 10.0 { 10.0 } else { 2.0 };
        let neck_depth = match neck {
            Neck::Round => depth,
            Neck::Turtle => 4.0,
            _ => self.neck_depth,
        };
        let front = Front::Plain;
        Self { neck, neck_depth, front, pocket: false, motif: false, hood: false, ..self }
    }
}

impl Cut {
    /// The cut as seen from behind.
    pub fn seen_from_behind(&self) -> Self {
        let bottom = |bottom: &BottomCut| BottomCut { pockets: false, ..*bottom };
        match self {
            Self::Top(top) => Self::Top(top.seen_from_behind()),
            Self::Bottom(legs) => Self::Bottom(bottom(legs)),
            Self::Dress(top, y, waist) => Self::Dress(top.seen_from_behind(), *y, *waist),
            Self::Jumpsuit(top, legs, waist) => {
                Self::Jumpsuit(top.seen_from_behind(), bottom(legs), *waist)
            }
        }
    }

    /// FLD's clothes type.
    pub fn clothes_type(&self) -> ClothesType {
        match self {
            Self::Top(_) => ClothesType::Upper,
            Self::Bottom(_) => ClothesType::Lower,
            Self::Dress(..) | Self::Jumpsuit(..) => ClothesType::Full,
        }
    }
}
