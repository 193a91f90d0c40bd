//! The pieces of an image: flat shapes in layers, each with its cloth, soft shading and sharp
//! marks.
use crate::{color::Color, geometry::point::Pt};

/// The owner of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The labeled garment with this number.
    Garment(usize),
    /// A garment without labels.
    Other,
    /// Skin, hair, shoes, hangers.
    Body,
    /// An object between the camera and the wearer.
    Occluder,
}

/// The owner of the labeled garment's pieces in an image in FLD's format.
pub(crate) const TARGET: Owner = Owner::Garment(0);

/// The part of its owner that a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The main part.
    Trunk,
    /// The sleeve at the image's left (0) or right (1).
    Sleeve(usize),
    /// Anything else.
    Trim,
}

/// What fills a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fill {
    /// One color.
    Plain(Color),
    /// One color with this opacity (0 clear, 1 opaque).
    Sheer(Color, f32),
    /// The scene's cloth with this number, with a lining behind its holes.
    Cloth(usize),
    /// The scene's cloth with this number, with see-through holes.
    Veil(usize),
}

/// A soft light or dark line, blurred and clipped to its piece: a fold, or the dark side of a limb.
#[derive(Debug, Clone)]
pub(crate) struct Soft {
    pub line: Vec<Pt>,
    pub width: f32,
    /// Tone, from −1 (black) to 1 (white).
    pub tone: f32,
    /// Whether its ends are pointed, like those of folds.
    pub tapered: bool,
}

/// A sharp detail on a piece.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// A line with a width, a color and an opacity; dashed if `dash` is positive.
    Line { line: Vec<Pt>, width: f32, color: Color, alpha: f32, dash: f32 },
    /// A filled shape.
    Area { outline: Vec<Pt>, fill: Fill },
}

/// A flat piece, in centimeters of its wearer until a [`Lens`] maps it to pixels.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Pieces are painted in ascending order; equal ones in the order they were added.
    pub order: f32,
    pub owner: Owner,
    pub part: Part,
    pub outline: Vec<Pt>,
    pub fill: Fill,
    /// The origin of the cloth's weave, and its direction.
    pub origin: Pt,
    pub grain: Pt,
    pub soft: Vec<Soft>,
    pub marks: Vec<Mark>,
    /// The strength of its shadow on the pieces below, 0 for none.
    pub shadow: f32,
    /// The strength of its rim, 0 for none.
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

    /// Sets the part.
    pub fn part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Moves the piece.
    pub fn shift(&mut self, by: Pt) {
        self.origin = self.origin + by;
        self.each_line(|line| line.iter_mut().for_each(|p| *p = *p + by));
    }

    /// Applies `change` to all of its lines; the origin stays the same.
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

    /// Sets the strengths of shadow and rim.
    pub fn raised(mut self, shadow: f32, rim: f32) -> Self {
        (self.shadow, self.rim) = (shadow, rim);
        self
    }

    /// Sets the origin and direction of the weave.
    pub fn weave(mut self, origin: Pt, grain: Pt) -> Self {
        (self.origin, self.grain) = (origin, grain);
        self
    }

    /// Adds a soft line.
    pub fn shade(&mut self, line: Vec<Pt>, width: f32, tone: f32) {
        self.soft.push(Soft { line, width, tone, tapered: false });
    }

    /// Adds a soft line with pointed ends.
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

    /// Darkens both sides, more so the one away from the light.
    pub fn round(&mut self, left: Vec<Pt>, right: Vec<Pt>, width: f32, light: f32, depth: f32) {
        let (lit, dark) = if light < 0.0 { (left, right) } else { (right, left) };
        self.shade(dark.clone(), width * 1.5, -0.2 * depth);
        self.shade(dark, width * 0.6, -0.24 * depth);
        self.shade(lit, width * 0.6, -0.2 * depth);
    }
}
