//! Which labeled landmarks a metric scores.
use crate::{landmark::Visibility, named::named_enum};

/// Which labeled landmarks are scored. Truncated and absent landmarks have no position and never
/// are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VisibilityRule {
    /// Only visible landmarks: the rule of the normalized error, and DeepFashion2's "vis".
    #[default]
    Visible,
    /// Visible and occluded landmarks: MMPose's rule, and DeepFashion2's "vis + occ".
    VisibleAndOccluded,
}

named_enum!(VisibilityRule, "visibility rule", {
    Visible => "visible",
    VisibleAndOccluded => "visible-and-occluded",
});

impl VisibilityRule {
    /// Whether a landmark of this visibility is scored.
    pub fn counts(self, visibility: Visibility) -> bool {
        match self {
            Self::Visible => visibility == Visibility::Visible,
            Self::VisibleAndOccluded => visibility.has_position(),
        }
    }
}
