//! All garments of an image.
use serde::{Deserialize, Serialize};

use super::{
    detection::{CategoryChoice, Detection, DetectionRequest, InputImage},
    landmark_detector::LandmarkDetector,
    suppression::{Candidate, suppressed},
};
use crate::{Result, geometry::BoundingBox, heatmap::ImageLandmarks};

/// A garment that was found in an image, and how sure that is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedGarment {
    /// Its landmarks, its category and the region that it was found in.
    pub detection: Detection,
    /// How sure it is, in 0..=1: see [`LandmarkDetector::detect_all`].
    pub score: f32,
}

/// The parts of an image that are looked at first, from its left, top, right and bottom, as
/// fractions of its width and height: garments that stand small in the whole are large in one.
const WINDOWS: [[f32; 4]; 6] = [
    [0.0, 0.0, 1.0, 1.0],
    [0.15, 0.15, 0.85, 0.85],
    [0.0, 0.0, 1.0, 0.6],
    [0.0, 0.4, 1.0, 1.0],
    [0.0, 0.0, 0.6, 1.0],
    [0.4, 0.0, 1.0, 1.0],
];

/// How often regions are looked at and corrected by what was seen in them.
const ROUNDS: usize = 3;

/// At most so many regions are looked at in a round: more are those of schemas with many
/// categories, and of networks that are sure of everything.
const MOST: usize = 32;

/// Regions that share this much (intersection over union) show the same.
const ALIKE: f32 = 0.8;

impl LandmarkDetector {
    /// The score from which on [`Self::detect_all`] takes something for a garment, unless another is
    /// asked for.
    pub const GARMENT_SCORE: f32 = 0.45;

    /// Finds all garments that an image shows, such as a top and trousers of one person, best first;
    /// an empty list where there is none. Takes an [`RgbImage`](image::RgbImage) or a
    /// [`DynamicImage`](image::DynamicImage).
    ///
    /// The whole image and five parts of it are looked at; each look gives regions, of each
    /// [category](super::DetectorConfig::infers_category)'s landmarks and of all; each region is
    /// looked at, and the one that is found there, until nothing new is found. That is some 14 looks,
    /// where [`Self::detect`] takes [two or four](super::Search). Of finds whose regions or landmarks
    /// are at the same place, the one with the highest score stays: a dress, or the top and the
    /// skirt that its halves look like.
    ///
    /// The score is the mean of the scores of the landmarks that the find's category has, times the
    /// intersection over union of the region that was looked at with the one that these landmarks
    /// span: a garment looks the same when it is looked at where it is, and what is none does not.
    /// Finds below `min_score` are left out ([`Self::GARMENT_SCORE`] is a fair choice, and a model's
    /// own scores on images of yours say a better one).
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

    /// The regions that looks at `windows` suggest.
    fn seeds(&self, request: DetectionRequest<'_>, windows: &[BoundingBox]) -> Vec<BoundingBox> {
        let categories = 0..self.config.schema.categories().len();
        let each: Vec<_> = std::iter::once(None).chain(categories.map(Some)).collect();
        let looks = self.look_at(request, windows);
        let regions = looks
            .iter()
            .flat_map(|found| each.iter().filter_map(|&category| self.region(found, category)));
        distinct(regions, &[])
    }

    /// What is seen in `regions`, and in those that are found there.
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

    /// What the network sees in each region of one image.
    fn look_at(
        &self,
        request: DetectionRequest<'_>,
        regions: &[BoundingBox],
    ) -> Vec<ImageLandmarks> {
        self.look(&vec![request; regions.len()], regions)
    }
}

/// The part of an image from `left`, `top` to `right`, `bottom`, in fractions.
fn window(whole: &BoundingBox, [left, top, right, bottom]: [f32; 4]) -> Option<BoundingBox> {
    let (w, h) = (whole.width(), whole.height());
    BoundingBox::new(w * left, h * top, w * right, h * bottom)
}

/// The first of those of `regions` that are alike, without those that are like one of `seen`; at
/// most [`MOST`].
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

/// The mean of some of the scores, in 0..=1.
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
        // 80 of 100, and 79.
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
