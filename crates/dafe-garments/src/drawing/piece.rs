//! What an image is made of: flat pieces, one over the other, each with its cloth, soft shading and
//! sharp marks.
use crate::{color::Color, geometry::point::Pt};

/// Whom a piece belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The labelled garment of this number.
    Garment(usize),
    /// A garment without labels.
    Other,
    /// Skin, hair, shoes, hangers.
    Body,
    /// What stands between the camera and the wearer.
    Occluder,
}

/// Who owns the pieces of the one garment that an image in FLD's format is about.
pub(crate) const TARGET: Owner = Owner::Garment(0);

/// Which part of its owner a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The main part.
    Trunk,
    /// The image's left or right sleeve: 0 or 1.
    Sleeve(usize),
    /// Anything else.
    Trim,
}

/// What fills a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fill {
    /// One color.
    Plain(Color),
    /// One color, let through by this much (0 clear, 1 opaque).
    Sheer(Color, f32),
    /// The scene's cloth of this number, lined where it has holes.
    Cloth(usize),
    /// The scene's cloth of this number; what is beneath shows through its holes.
    Veil(usize),
}

/// A soft light or dark line, blurred and clipped to its piece: a fold, or the dark side of a limb.
#[derive(Debug, Clone)]
pub(crate) struct Soft {
    pub line: Vec<Pt>,
    pub width: f32,
    /// −1 black … 1 white.
    pub tone: f32,
    /// Whether it ends in points, as folds do.
    pub tapered: bool,
}

/// A sharp detail on a piece.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// A line of a width and color (with its opacity); dashed where `dash` is positive.
    Line { line: Vec<Pt>, width: f32, color: Color, alpha: f32, dash: f32 },
    /// A filled shape.
    Area { outline: Vec<Pt>, fill: Fill },
}

/// One flat piece, in centimeters of its wearer until a [`Lens`] puts it into pixels.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Pieces are painted by ascending order, equal ones as they came.
    pub order: f32,
    pub owner: Owner,
    pub part: Part,
    pub outline: Vec<Pt>,
    pub fill: Fill,
    /// Where the cloth's weave begins, and the way it falls.
    pub origin: Pt,
    pub grain: Pt,
    pub soft: Vec<Soft>,
    pub marks: Vec<Mark>,
    /// How dark a shadow it throws on what lies below, 0 for none.
    pub shadow: f32,
    /// How strong its own rim is painted, 0 for none.
    pub rim: f32,
}

impl Piece {
    /// A piece without shading.
    pub fn new(order: f32, owner: Owner, outline: Vec<Pt>, fill: Fill) -> Self {
        Self {
            order,
            owner,
            part: Part::Trim,
            outline,
            fill,
            origin: Pt::default(),
            grain: Pt { x: 0.0, y: 1.0 },
            soft: Vec::new(),
            marks: Vec::new(),
            shadow: 0.0,
            rim: 0.0,
        }
    }

    /// Says which part it is.
    pub fn part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Moves all of it.
    pub fn shift(&mut self, by: Pt) {
        self.origin = self.origin + by;
        self.each_line(|line| line.iter_mut().for_each(|p| *p = *p + by));
    }

    /// Hands all of its points to `change`, line by line; its origin is left alone.
    pub fn each_line(&mut self, mut change: impl FnMut(&mut Vec<Pt>)) {
        change(&mut self.outline);
        self.soft.iter_mut().for_each(|soft| change(&mut soft.line));
        for mark in &mut self.marks {
            match mark {
                Mark::Line { line, .. } => change(line),
                Mark::Area { outline, .. } => change(outline),
            }
        }
    }

    /// Throws a shadow and gets a rim.
    pub fn raised(mut self, shadow: f32, rim: f32) -> Self {
        (self.shadow, self.rim) = (shadow, rim);
        self
    }

    /// Lays the cloth.
    pub fn weave(mut self, origin: Pt, grain: Pt) -> Self {
        (self.origin, self.grain) = (origin, grain);
        self
    }

    /// Adds a soft line.
    pub fn shade(&mut self, line: Vec<Pt>, width: f32, tone: f32) {
        self.soft.push(Soft { line, width, tone, tapered: false });
    }

    /// Adds a soft line that ends in points.
    pub fn crease(&mut self, line: Vec<Pt>, width: f32, tone: f32) {
        self.soft.push(Soft { line, width, tone, tapered: true });
    }

    /// Adds a sharp line.
    pub fn line(&mut self, line: Vec<Pt>, width: f32, color: Color, alpha: f32) {
        self.marks.push(Mark::Line { line, width, color, alpha, dash: 0.0 });
    }

    /// Adds a row of stitches.
    pub fn stitches(&mut self, line: Vec<Pt>, color: Color) {
        self.marks.push(Mark::Line { line, width: 0.28, color, alpha: 0.75, dash: 0.9 });
    }

    /// Adds a filled shape.
    pub fn area(&mut self, outline: Vec<Pt>, fill: Fill) {
        self.marks.push(Mark::Area { outline, fill });
    }

    /// Darkens both sides, the one away from the light more.
    pub fn round(&mut self, left: Vec<Pt>, right: Vec<Pt>, width: f32, light: f32, depth: f32) {
        let (lit, dark) = if light < 0.0 { (left, right) } else { (right, left) };
        self.shade(dark.clone(), width * 1.5, -0.2 * depth);
        self.shade(dark, width * 0.6, -0.24 * depth);
        self.shade(lit, width * 0.6, -0.2 * depth);
    }
}
