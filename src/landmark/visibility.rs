//! The visibility of a landmark, annotated or estimated.
use serde::{Deserialize, Serialize};

use crate::named::named_enum;

/// The visibility of a landmark (FLD's terms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// In the image and visible.
    Visible,
    /// In the image but hidden behind something; the position is an annotator's estimate.
    Occluded,
    /// Outside the image, or, in datasets that don't distinguish the two (DeepFashion2, COCO), not
    /// annotated; the coordinates are meaningless.
    Truncated,
    /// Objects of this category have no such landmark; the coordinates are meaningless.
    Absent,
}

named_enum!(Visibility, "visibility", {
    Visible => "visible",
    Occluded => "occluded",
    Truncated => "truncated",
    Absent => "absent",
});

impl Visibility {
    /// Whether the coordinates are meaningful: visible or occluded.
    pub fn has_position(self) -> bool {
        matches!(self, Self::Visible | Self::Occluded)
    }
}

/// The estimated visibility of a landmark that the object has: visible, or else occluded or
/// truncated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VisibilityEstimate {
    /// The probability that the landmark is visible, 0 to 1.
    pub probability: f32,
    /// Whether it is classified as visible. The threshold is where the two classes are separated
    /// best, not at a probability of one half: if nearly all landmarks are visible, one may be
    /// classified as hidden although it is probably visible.
    pub visible: bool,
}
