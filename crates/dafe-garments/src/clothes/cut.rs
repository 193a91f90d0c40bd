//! How a garment is cut: what makes a tank top, a shirt, a coat, jeans or a gown.
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
    /// Thin straps over an edge across the chest.
    Sling,
    /// Round, with folds that hang below it; only in unlike images.
    Cowl,
    /// Two arcs that meet in the middle; only in unlike images.
    Heart,
}

/// How the front closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    Plain,
    Buttons,
    Zip,
    /// Two panels, this apart, with something beneath.
    Open,
}

/// The line of a hem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hem {
    Straight,
    /// Lower in the middle than at the sides, as a shirt's.
    Tails,
    /// Drawn in, where the rest of it is tucked into what is worn below.
    Tucked,
    /// Wavy, as a full skirt's.
    Wavy,
    /// A knitted band that draws the cloth in.
    Ribbed,
    /// Small arcs; only in unlike images.
    Scallops,
    /// Large points; only in unlike images.
    Points,
    /// Higher in the middle than at the sides, as where two petals meet; only in unlike images.
    Petals,
}

/// A sleeve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SleeveCut {
    /// How far it reaches along the arm: ½ the elbow, 1 the wrist.
    pub length: f32,
    /// How far it stands off the arm at top and cuff, in centimeters.
    pub ease: (f32, f32),
    /// How much it bulges between, in centimeters.
    pub puff: f32,
    /// How far below the armpit it leaves the trunk, in centimeters.
    pub drop: f32,
    /// How far a short one sticks out from straight down where nobody wears it, in radians.
    pub stick: f32,
    /// Whether it ends in a band.
    pub cuff: bool,
    /// How much a ruffle at its end stands off, in centimeters, or each of as many tiers as all of
    /// it is made of.
    pub ruffle: f32,
    pub tiers: usize,
}

/// What a top's outside is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Face {
    Cloth,
    /// Fur, shag or mohair with hairs of that many centimeters.
    Fur(f32),
    /// Padded, with seams that many centimeters apart.
    Quilted(f32),
}

/// Everything above the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TopCut {
    pub neck: Neck,
    /// Half the neckline's width and its depth, in centimeters.
    pub neck_half: f32,
    pub neck_depth: f32,
    /// Where a sleeveless shoulder ends, across from the middle, in centimeters.
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
    /// Breast pockets, a printed motif, another cloth at shoulders or across the chest.
    pub pocket: bool,
    pub motif: bool,
    pub yoke: bool,
    pub face: Face,
}

/// Everything below the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BottomCut {
    pub legs: bool,
    pub waist_y: f32,
    /// For legs: how far along them, 1 the ankle. For skirts: centimeters below the hollow of the
    /// neck.
    pub length: f32,
    /// How far legs stand off at thigh and hem, in centimeters.
    pub ease: (f32, f32),
    /// For skirts.
    pub drape: Drape,
    pub hem: Hem,
    /// How much lower a skirt's right end is than its middle, in centimeters.
    pub tilt: f32,
    pub pleats: bool,
    pub pockets: bool,
    pub belt: bool,
    /// Turned-up hems, rips, a lighter thigh, as of jeans.
    pub jeans: bool,
}

/// How a full-body garment shows its waist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waist {
    Seam,
    Belt,
    /// The skirt is of another cloth.
    TwoCloths,
    /// Nothing marks it: a sheath's narrowest place, or where a wearer's waist is in a straight
    /// dress.
    Unmarked,
}

/// A garment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cut {
    Top(TopCut),
    Bottom(BottomCut),
    /// A dress or coat: the trunk goes down to the hem; the waist lies at this height.
    Dress(TopCut, f32, Waist),
    /// A bodice and legs in one.
    Jumpsuit(TopCut, BottomCut, Waist),
}

impl TopCut {
    /// What is seen of it from behind.
    fn seen_from_behind(self) -> Self {
        let neck = match self.neck {
            Neck::Shirt | Neck::Lapel | Neck::Turtle => Neck::Turtle,
            Neck::Sling | Neck::OffShoulder => self.neck,
            _ => Neck::Round,
        };
        // A few backs are cut low.
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
    /// What is seen of it from behind.
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

    /// FLD's kind of clothes.
    pub fn clothes_type(&self) -> ClothesType {
        match self {
            Self::Top(_) => ClothesType::Upper,
            Self::Bottom(_) => ClothesType::Lower,
            Self::Dress(..) | Self::Jumpsuit(..) => ClothesType::Full,
        }
    }
}
