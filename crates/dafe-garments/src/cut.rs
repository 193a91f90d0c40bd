//! How a garment is cut: what makes a tank top, a shirt, a coat, jeans or a gown.
use crate::landmark::ClothesType;

/// A neckline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Neck {
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
    /// Thin straps over an edge across the chest.
    Sling,
    /// Round, with folds that hang below it; only in unlike pictures.
    Cowl,
    /// Two arcs that meet in the middle; only in unlike pictures.
    Heart,
}

/// How the front closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    Plain,
    Buttons,
    Zip,
    /// Two panels, this apart, with something beneath.
    Open,
}

/// The line of a hem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hem {
    Straight,
    /// Lower in the middle than at the sides, as a shirt's.
    Tails,
    /// Wavy, as a full skirt's.
    Wavy,
    /// A knitted band that draws the cloth in.
    Ribbed,
    /// Small arcs; only in unlike pictures.
    Scallops,
    /// Large points; only in unlike pictures.
    Points,
    /// Higher in the middle than at the sides, as where two petals meet; only in unlike pictures.
    Petals,
}

/// A sleeve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SleeveCut {
    /// How far it reaches along the arm: ½ the elbow, 1 the wrist.
    pub length: f32,
    /// How far it stands off the arm at top and cuff, in centimetres.
    pub ease: (f32, f32),
    /// How much it bulges between, in centimetres.
    pub puff: f32,
    /// How far below the armpit it leaves the trunk, in centimetres.
    pub drop: f32,
    /// Whether it ends in a band.
    pub cuff: bool,
}

/// How cloth falls about a trunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drape {
    /// How far it stands off, in centimetres.
    pub ease: f32,
    /// 0 follows the waist, 1 falls straight.
    pub boxy: f32,
    /// Added to each side per metre below `flare_from`, in centimetres.
    pub flare: f32,
    pub flare_from: f32,
}

/// Everything above the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TopCut {
    pub neck: Neck,
    /// Half the neckline's width and its depth, in centimetres.
    pub neck_half: f32,
    pub neck_depth: f32,
    /// Where a sleeveless shoulder ends, across from the middle, in centimetres.
    pub strap: f32,
    pub sleeve: Option<SleeveCut>,
    pub front: Front,
    pub drape: Drape,
    pub hem: Hem,
    /// Where it ends, in centimetres below the hollow of the neck.
    pub hem_y: f32,
    /// How much lower the hem's right end is than its middle, in centimetres.
    pub tilt: f32,
    /// Whether a hood lies on the shoulders.
    pub hood: bool,
    /// Breast pockets, a printed motif, another cloth at shoulders or across the chest.
    pub pocket: bool,
    pub motif: bool,
    pub yoke: bool,
}

/// Everything below the waist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BottomCut {
    pub legs: bool,
    pub waist_y: f32,
    /// For legs: how far along them, 1 the ankle. For skirts: centimetres below the hollow of the neck.
    pub length: f32,
    /// How far legs stand off at thigh and hem, in centimetres.
    pub ease: (f32, f32),
    /// For skirts.
    pub drape: Drape,
    pub hem: Hem,
    /// How much lower a skirt's right end is than its middle, in centimetres.
    pub tilt: f32,
    pub pleats: bool,
    pub pockets: bool,
    pub belt: bool,
    /// Turned-up hems, rips, a lighter thigh, as of jeans.
    pub jeans: bool,
}

/// How a full-body garment shows its waist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waist {
    Seam,
    Belt,
    /// The skirt is of another cloth.
    TwoCloths,
}

/// A garment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cut {
    Top(TopCut),
    Bottom(BottomCut),
    /// A dress or coat: the trunk goes down to the hem; the waist lies at this height.
    Dress(TopCut, f32, Waist),
    /// A bodice and legs in one.
    Jumpsuit(TopCut, BottomCut, Waist),
}

impl Cut {
    /// FLD's kind of clothes.
    pub fn clothes_type(&self) -> ClothesType {
        match self {
            Self::Top(_) => ClothesType::Upper,
            Self::Bottom(_) => ClothesType::Lower,
            Self::Dress(..) | Self::Jumpsuit(..) => ClothesType::Full,
        }
    }
}
