//! What a garment that is to be annotated brings along.
use crate::{
    clothes::cut::Cut,
    drawing::{anchor::Anchor, piece::Owner},
    sewing::seam::Seam,
};

/// A garment to be annotated.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    /// Its number in the image, which its [`Owner`] names.
    pub number: usize,
    pub cut: Cut,
    /// FLD's landmarks.
    pub anchors: Vec<Anchor>,
    /// What DeepFashion2's landmarks lie on.
    pub seams: Vec<Seam>,
    /// DeepFashion2's number of how it is seen.
    pub viewpoint: u8,
}

impl Labelled {
    /// Who its pieces belong to.
    pub fn owner(&self) -> Owner {
        Owner::Garment(self.number)
    }
}
