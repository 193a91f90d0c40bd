//! The region of a garment, estimated from the landmarks found in a first pass.
use super::{calibration::Calibration, landmark_detector::LandmarkDetector};
use crate::{geometry::BoundingBox, heatmap::ImageLandmarks};

/// Landmarks below this score are ignored.
const CONFIDENT: f32 = 0.3;

impl LandmarkDetector {
    /// The region around the confident landmarks of a category, or of all, with this model's
    /// margins.
    pub(super) fn region(
        &self,
        found: &ImageLandmarks,
        category: Option<usize>,
    ) -> Option<BoundingBox> {
        let margins = self.config.calibration.as_ref().map(|calibration| calibration.margins);
        let margins = margins.unwrap_or([Calibration::MARGIN; 4]);
        region(found, &self.config.schema.landmarks_of(category), margins)
    }
}

/// The box around the confident ones of `landmarks` (indices), with a [`Calibration`]'s margins.
/// `None` where fewer than two are confident, or all are at the same position.
fn region(found: &ImageLandmarks, landmarks: &[usize], margins: [f32; 4]) -> Option<BoundingBox> {
    let confident = landmarks.iter().filter(|&&i| found.scores[i] >= CONFIDENT);
    let span = BoundingBox::spanned_by(confident.map(|&i| found.positions[i]))?;
    // Landmarks on one line, such as two collars, don't show the garment's extent across it.
    let least = span.width().max(span.height()) / 2.0;
    let (w, h) = (span.width().max(least), span.height().max(least));
    let [x, y] = span.center();
    let [left, top, right, bottom] = margins;
    BoundingBox::new(
        x - w * (0.5 + left),
        y - h * (0.5 + top),
        x + w * (0.5 + right),
        y + h * (0.5 + bottom),
    )
}

/// The region that a pass over `region` found, unless it is less than half as long: a pass that
/// loses most of its region is more likely wrong than better.
pub(super) fn refined(region: BoundingBox, found: BoundingBox) -> BoundingBox {
    let longer = |one: &BoundingBox| one.width().max(one.height());
    if longer(&found) < longer(&region) / 2.0 { region } else { found }
}

/// The box with the same center and sides `times` as long; `None` where it would be too large.
pub(super) fn scaled(region: &BoundingBox, times: f32) -> Option<BoundingBox> {
    let [x, y] = region.center();
    let (w, h) = (region.width() * times / 2.0, region.height() * times / 2.0);
    BoundingBox::new(x - w, y - h, x + w, y + h)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(x1: f32, y1: f32, x2: f32, y2: f32) -> BoundingBox {
        BoundingBox::new(x1, y1, x2, y2).unwrap()
    }

    fn found(positions: &[[f32; 2]], scores: &[f32]) -> ImageLandmarks {
        ImageLandmarks { positions: positions.to_vec(), scores: scores.to_vec() }
    }

    #[test]
    fn regions_by_hand() {
        let seen = found(&[[10.0, 20.0], [50.0, 100.0], [900.0, 900.0]], &[0.3, 0.9, 0.29]);
        // The landmarks span 20 × 80, widened to 40 × 80 (at least half as wide as high). Margins
        // are a tenth at the left, a quarter at the top, a half at the right, and none at the
        // bottom. The third landmark is not confident.
        let margins = [0.1, 0.25, 0.5, 0.0];
        let region_of = |landmarks: &[usize]| region(&seen, landmarks, margins);
        assert_eq!(region_of(&[0, 1, 2]), Some(corners(6.0, 0.0, 70.0, 100.0)));
        assert_eq!(region_of(&[0, 2]), None);
        // On a horizontal line, 40 wide: extended to half of that in height.
        let line = found(&[[10.0, 50.0], [50.0, 51.0]], &[1.0, 1.0]);
        assert_eq!(region(&line, &[0, 1], [0.0; 4]), Some(corners(10.0, 40.5, 50.0, 60.5)));
    }

    #[test]
    fn a_region_that_loses_most_is_not_taken() {
        let region = corners(0.0, 0.0, 50.0, 100.0);
        let half = corners(10.0, 10.0, 20.0, 60.0);
        assert_eq!(refined(region, half), half);
        assert_eq!(refined(region, corners(10.0, 10.0, 20.0, 59.0)), region);
        // As long, though narrower; or longer.
        let wider = corners(-20.0, 0.0, 80.0, 90.0);
        assert_eq!(refined(region, wider), wider);
    }

    #[test]
    fn scaled_boxes_keep_their_center() {
        let region = corners(10.0, 20.0, 30.0, 60.0);
        assert_eq!(scaled(&region, 1.5), Some(corners(5.0, 10.0, 35.0, 70.0)));
        let largest = corners(0.0, 0.0, BoundingBox::MAX_SIDE, 10.0);
        assert_eq!(scaled(&largest, 1.5), None);
    }
}
