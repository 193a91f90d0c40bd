//! A garment to annotate.
use crate::{
    clothes::cut::Cut,
    drawing::{anchor::Anchor, piece::Owner},
    sewing::seam::Seam,
};

/// A garment to annotate.
#[derive(Debug, Clone)]
pub(crate) struct Labeled {
    /// The garment's number in the image, as in its [`Owner`].
    pub number: usize,
    pub cut: Cut,
    /// FLD's landmarks.
    pub anchors: Vec<Anchor>,
    /// The lines of DeepFashion2's landmarks.
    pub seams: Vec<Seam>,
    /// DeepFashion2's number of the viewpoint.
    pub viewpoint: u8,
}

impl Labeled {
    /// The owner of its pieces.
    pub fn owner(&self) -> Owner {
        Owner::Garment(self.number)
    }
}
