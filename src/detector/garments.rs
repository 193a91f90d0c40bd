//! Detection of all garments in an image.
use serde::{Deserialize, Serialize};

use super::{
    detection::{CategoryChoice, Detection, DetectionRequest, InputImage},
    landmark_detector::LandmarkDetector,
    suppression::{Candidate, suppressed},
};
use crate::{Result, geometry::BoundingBox, heatmap::ImageLandmarks};

/// A garment detected in an image, with its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedGarment {
    /// The garment's landmarks, category and region.
    pub detection: Detection,
    /// The confidence that this is a garment, 0 to 1; see [`LandmarkDetector::detect_all`].
    pub score: f32,
}

/// The windows of the first passes: left, top, right and bottom, as fractions of the image's width
/// and height. Garments that are small in the whole image are larger in a window.
const WINDOWS: [[f32; 4]; 6] = [
    [0.0, 0.0, 1.0, 1.0],
    [0.15, 0.15, 0.85, 0.85],
    [0.0, 0.0, 1.0, 0.6],
    [0.0, 0.4, 1.0, 1.0],
    [0.0, 0.0, 0.6, 1.0],
    [0.4, 0.0, 1.0, 1.0],
];

/// How many times regions are refined.
const ROUNDS: usize = 3;

/// The most regions of one round. Only schemas with many categories and overconfident networks
/// reach it.
const MOST: usize = 32;

/// Regions with at least this intersection over union are duplicates.
const ALIKE: f32 = 0.8;

impl LandmarkDetector {
    /// The default score from which on [`Self::detect_all`] reports a garment.
    pub const GARMENT_SCORE: f32 = 0.45;

    /// Finds all garments in an image, such as a person's top and trousers, best first.
    ///
    /// The list is empty if there is none. Takes an [`RgbImage`](image::RgbImage) or a
    /// [`DynamicImage`](image::DynamicImage).
    ///
    /// The first passes see the whole image and five windows of it. Each proposes regions: one
    /// around the landmarks of each [category](super::DetectorConfig::infers_category), and one
    /// around all landmarks. Further passes refine each region until no new one is found. That is
    /// about 14 passes, where [`Self::detect`] takes [two or four](super::Search). Of detections
    /// whose regions or landmarks coincide, the one with the highest score is kept: either a dress,
    /// or the top and the skirt that its halves look like.
    ///
    /// A garment's score is the mean score of its category's landmarks, times the intersection over
    /// union of the region that the network saw with the region around these landmarks. The two
    /// regions agree on a real garment and differ elsewhere. Garments below `min_score` are left
    /// out. [`Self::GARMENT_SCORE`] is a reasonable default; the scores on your own images can
    /// suggest a better one.
    ///
    /// ```no_run
    /// use dafe::{data::image::read_image, prelude::*};
    ///
    /// let detector = LandmarkDetector::load("runs/fld", &Device::default())?;
    /// let image = read_image("street.jpg")?;
    /// let garments = detector.detect_all(&image, LandmarkDetector::GARMENT_SCORE)?;
    /// if garments.is_empty() {
    ///     println!("no garment found");
    /// }
    /// for garment in garments {
    ///     println!("{:?}: score {:.2}", garment.detection.category, garment.score);
    /// }
    /// # Ok::<(), dafe::Error>(())
    /// ```
    ///
    /// # Errors
    /// An [input error](crate::ErrorKind::Input) if the image has no pixels.
    pub fn detect_all<'a>(
        &self,
        image: impl Into<InputImage<'a>>,
        min_score: f32,
    ) -> Result<Vec<DetectedGarment>> {
        let image = image.into();
        let request = DetectionRequest::new(&image.0);
        let whole = self.first_regions(&[request])?[0];
        let windows: Vec<_> = WINDOWS.iter().filter_map(|part| window(&whole, *part)).collect();
        let mut candidates = self.candidates(request, self.seeds(request, &windows));
        candidates.retain(|candidate| candidate.score >= min_score);
        let garment = |Candidate { region, found, score, .. }: Candidate| DetectedGarment {
            detection: self.detection(&found, region, CategoryChoice::Inferred),
            score,
        };
        Ok(suppressed(candidates).into_iter().map(garment).collect())
    }

    /// The regions that passes over `windows` propose.
    fn seeds(&self, request: DetectionRequest<'_>, windows: &[BoundingBox]) -> Vec<BoundingBox> {
        let categories = 0..self.config.schema.categories().len();
        let each: Vec<_> = std::iter::once(None).chain(categories.map(Some)).collect();
        let looks = self.look_at(request, windows);
        let regions = looks
            .iter()
            .flat_map(|found| each.iter().filter_map(|&category| self.region(found, category)));
        distinct(regions, &[])
    }

    /// Candidates in `regions`, and in the regions refined from them.
    fn candidates(
        &self,
        request: DetectionRequest<'_>,
        mut regions: Vec<BoundingBox>,
    ) -> Vec<Candidate> {
        let (mut candidates, mut seen) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let looks = self.look_at(request, &regions);
            let mut next = Vec::new();
            for (&region, found) in regions.iter().zip(looks) {
                let category = self.category(CategoryChoice::Inferred, &found.scores);
                let category = category.map(|category| category.index);
                let Some(spanned) = self.region(&found, category) else { continue };
                let landmarks = self.config.schema.landmarks_of(category);
                let score = mean(&found.scores, &landmarks) * region.iou(&spanned);
                candidates.push(Candidate { region, found, landmarks, score });
                next.push(spanned);
            }
            seen.append(&mut regions);
            regions = distinct(next, &seen);
            if regions.is_empty() {
                break;
            }
        }
        candidates
    }

    /// Runs the network on each region of one image.
    fn look_at(
        &self,
        request: DetectionRequest<'_>,
        regions: &[BoundingBox],
    ) -> Vec<ImageLandmarks> {
        self.look(&vec![request; regions.len()], regions)
    }
}

/// The window of an image from `left`, `top` to `right`, `bottom`, in fractions.
fn window(whole: &BoundingBox, [left, top, right, bottom]: [f32; 4]) -> Option<BoundingBox> {
    let (w, h) = (whole.width(), whole.height());
    BoundingBox::new(w * left, h * top, w * right, h * bottom)
}

/// Removes duplicates from `regions`, and those that duplicate one of `seen`; keeps the first, and
/// at most [`MOST`].
fn distinct(
    regions: impl IntoIterator<Item = BoundingBox>,
    seen: &[BoundingBox],
) -> Vec<BoundingBox> {
    let mut kept: Vec<BoundingBox> = Vec::new();
    for region in regions {
        if kept.iter().chain(seen).all(|other| region.iou(other) < ALIKE) {
            kept.push(region);
        }
    }
    kept.truncate(MOST);
    kept
}

/// The mean score of some landmarks, each clamped to 0..=1.
fn mean(scores: &[f32], landmarks: &[usize]) -> f32 {
    let sum: f32 = landmarks.iter().map(|&i| scores[i].clamp(0.0, 1.0)).sum();
    sum / landmarks.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(x1: f32, y1: f32, x2: f32, y2: f32) -> BoundingBox {
        BoundingBox::new(x1, y1, x2, y2).unwrap()
    }

    #[test]
    fn windows_by_hand() {
        let whole = BoundingBox::whole(200, 100);
        assert_eq!(window(&whole, WINDOWS[0]), Some(whole));
        assert_eq!(window(&whole, [0.25, 0.5, 1.0, 1.0]), Some(corners(50.0, 50.0, 200.0, 100.0)));
    }

    #[test]
    fn regions_that_are_alike_are_looked_at_once() {
        let region = corners(0.0, 0.0, 100.0, 100.0);
        // 80 of 100 pixels are shared, and 79.
        let (alike, other) = (corners(0.0, 0.0, 100.0, 80.0), corners(0.0, 0.0, 100.0, 79.0));
        assert_eq!(distinct([region, alike, other], &[]), [region, other]);
        assert_eq!(distinct([alike, other], &[region]), [other]);
        let many = (0..100).map(|i| corners(i as f32 * 10.0, 0.0, i as f32 * 10.0 + 9.0, 9.0));
        assert_eq!(distinct(many, &[]).len(), MOST);
    }

    #[test]
    fn scores_are_averaged_within_0_and_1() {
        assert_eq!(mean(&[0.5, -1.0, 9.0, 2.0], &[0, 1, 3]), 0.5);
        assert_eq!(mean(&[0.5], &[]), 0.0);
    }
}
