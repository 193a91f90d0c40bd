//! Whether a landmark can be seen, labelled and estimated.
use serde::{Deserialize, Serialize};

use crate::named::named_enum;

/// Whether a landmark can be seen (FLD's terms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// In the image and seen.
    Visible,
    /// In the image, behind something; the position is an annotator's estimate.
    Occluded,
    /// Outside the image, or, in datasets that don't tell these apart (DeepFashion2, COCO), not
    /// labelled; coordinates mean nothing.
    Truncated,
    /// A thing of this category has no such landmark; coordinates mean nothing.
    Absent,
}

named_enum!(Visibility, "visibility", {
    Visible => "visible",
    Occluded => "occluded",
    Truncated => "truncated",
    Absent => "absent",
});

impl Visibility {
    /// Whether the coordinates mean something: visible or occluded.
    pub fn has_position(self) -> bool {
        matches!(self, Self::Visible | Self::Occluded)
    }
}

/// What is taken for a landmark's visibility, given that the thing has such a landmark: visible, as against occluded or
/// truncated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VisibilityEstimate {
    /// How probable it is that the landmark can be seen, 0 to 1.
    pub probability: f32,
    /// Whether it is taken for visible. The limit is where both kinds are told apart best, not where the probability is a
    /// half: where nearly all landmarks are visible, one may be taken for hidden though it is probably visible.
    pub visible: bool,
}
