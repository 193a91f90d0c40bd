//! What a picture is made of: flat pieces, one over the other, each with its cloth, soft shading and sharp marks.
use super::{colour::Colour, lens::Lens, shape::Pt};

/// Whom a piece belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The labelled garment of this number.
    Garment(usize),
    /// A garment without labels.
    Other,
    /// Skin, hair, shoes, hangers.
    Body,
    /// What stands between the camera and the wearer.
    Occluder,
}

/// Which part of its owner a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The main part.
    Trunk,
    /// The picture's left or right sleeve: 0 or 1.
    Sleeve(usize),
    /// Anything else.
    Trim,
}

/// What fills a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fill {
    /// One colour.
    Plain(Colour),
    /// One colour, let through by this much (0 clear, 1 opaque).
    Sheer(Colour, f32),
    /// The scene's cloth of this number, lined where it has holes.
    Cloth(usize),
    /// The scene's cloth of this number; what is beneath shows through its holes.
    Veil(usize),
}

/// A soft light or dark line, blurred and clipped to its piece: a fold, or the dark side of a limb.
#[derive(Debug, Clone)]
pub(super) struct Soft {
    pub line: Vec<Pt>,
    pub width: f32,
    /// −1 black … 1 white.
    pub tone: f32,
    /// Whether it ends in points, as folds do.
    pub tapered: bool,
}

/// A sharp detail on a piece.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of a width and colour (with its opacity); dashed where `dash` is positive.
    Line { line: Vec<Pt>, width: f32, colour: Colour, alpha: f32, dash: f32 },
    /// A filled shape.
    Area { outline: Vec<Pt>, fill: Fill },
}

/// One flat piece, in centimetres of its wearer until a [`Lens`] puts it into pixels.
#[derive(Debug, Clone)]
pub(super) struct Piece {
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
    /// How strong its own rim is drawn, 0 for none.
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
    pub fn line(&mut self, line: Vec<Pt>, width: f32, colour: Colour, alpha: f32) {
        self.marks.push(Mark::Line { line, width, colour, alpha, dash: 0.0 });
    }

    /// Adds a row of stitches.
    pub fn stitches(&mut self, line: Vec<Pt>, colour: Colour) {
        self.marks.push(Mark::Line { line, width: 0.28, colour, alpha: 0.75, dash: 0.9 });
    }

    /// Adds a filled shape.
    pub fn area(&mut self, outline: Vec<Pt>, fill: Fill) {
        self.marks.push(Mark::Area { outline, fill });
    }
}

/// A landmark on its way into the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    /// FLD's slot, 0 to 7, or the landmark's number in its DeepFashion2 category.
    pub slot: usize,
    /// The garment that it belongs to.
    pub owner: Owner,
    pub at: Pt,
    /// The order of the last piece that makes it up: only later ones can hide it.
    pub order: f32,
    /// The part that carries it.
    pub part: Part,
    /// Whether it lies where parts of its garment meet, so that none of them hides it.
    pub joint: bool,
}

impl Anchor {
    /// The anchor in the picture.
    pub fn placed(&self, lens: &Lens) -> Self {
        Self { at: lens.apply(self.at), ..*self }
    }
}
