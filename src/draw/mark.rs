//! A landmark to draw, and its shape.
use crate::{
    detector::DetectedLandmark,
    landmark::{Landmark, Visibility},
};

/// A landmark to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LandmarkMark {
    /// The landmark's index in the schema.
    pub index: usize,
    /// Position `[x, y]` in the image's pixels.
    pub position: [f32; 2],
    /// Whether the landmark is visible; `None` if unknown. Hidden landmarks are drawn hollow or
    /// dashed.
    pub visible: Option<bool>,
}

impl LandmarkMark {
    /// Creates a mark of unknown visibility.
    pub fn new(index: usize, position: [f32; 2]) -> Self {
        Self { index, position, visible: None }
    }

    /// Creates marks for the labeled landmarks that have a position.
    ///
    /// ```
    /// use dafe::{
    ///     draw::LandmarkMark,
    ///     landmark::{Landmark, Visibility},
    /// };
    ///
    /// let labels = [Landmark::ABSENT, Landmark::new(40.0, 20.0, Visibility::Occluded)];
    /// let mark = LandmarkMark { visible: Some(false), ..LandmarkMark::new(1, [40.0, 20.0]) };
    /// assert_eq!(LandmarkMark::labeled(&labels), [mark]);
    /// ```
    pub fn labeled(landmarks: &[Landmark]) -> Vec<Self> {
        let mark = |(index, landmark): (usize, &Landmark)| Self {
            index,
            position: [landmark.x, landmark.y],
            visible: Some(landmark.visibility == Visibility::Visible),
        };
        let labeled = |(_, landmark): &(usize, &Landmark)| landmark.visibility.has_position();
        landmarks.iter().enumerate().filter(labeled).map(mark).collect()
    }
}

impl From<&DetectedLandmark> for LandmarkMark {
    fn from(found: &DetectedLandmark) -> Self {
        let visible = found.visibility.as_ref().map(|visibility| visibility.visible);
        Self { index: found.index, position: [found.x, found.y], visible }
    }
}

/// The shape of a set of landmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Marker {
    /// Filled dots, hollow for hidden landmarks: predictions.
    Dot,
    /// Rings, larger than the dots, dashed for hidden landmarks: the ground truth.
    Ring,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_without_a_position_are_no_marks() {
        let landmarks = [Visibility::Occluded, Visibility::Absent, Visibility::Visible]
            .map(|visibility| Landmark::new(1.0, 2.0, visibility));
        let mark = |index, visible| LandmarkMark {
            visible: Some(visible),
            ..LandmarkMark::new(index, [1.0, 2.0])
        };
        assert_eq!(LandmarkMark::labeled(&landmarks), [mark(0, false), mark(2, true)]);
    }
}
