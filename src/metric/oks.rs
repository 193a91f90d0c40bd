//! Object keypoint similarity (OKS), as COCO's evaluation computes it.
use super::VisibilityRule;
use crate::{geometry::BoundingBox, landmark::Landmark};

/// A labeled instance (ground truth) for [`OksEvaluator`](super::OksEvaluator).
#[derive(Debug, Clone, Copy)]
pub struct OksTruth<'a> {
    /// The category's index, from 0.
    pub category: usize,
    /// The landmarks of the schema; those that the category lacks are absent.
    pub landmarks: &'a [Landmark],
    /// The box, in pixels.
    pub bounding_box: BoundingBox,
    /// The area in square pixels, which scales similarities and determines the area range.
    pub area: f64,
    /// COCO's `iscrowd`: the instance is ignored, and any number of detections may match it.
    pub crowd: bool,
}

impl<'a> OksTruth<'a> {
    /// Creates a single instance with the area of its box, as in DeepFashion2.
    pub fn new(category: usize, landmarks: &'a [Landmark], bounding_box: BoundingBox) -> Self {
        let [x1, y1, x2, y2] = corners(&bounding_box);
        Self { category, landmarks, bounding_box, area: (x2 - x1) * (y2 - y1), crowd: false }
    }
}

/// A detection for [`OksEvaluator`](super::OksEvaluator).
#[derive(Debug, Clone, Copy)]
pub struct OksDetection<'a> {
    /// The category's index, from 0.
    pub category: usize,
    /// `[x, y]` of each landmark of the schema, in pixels. DeepFashion2's result files have
    /// `[0, 0]` for the landmarks of other categories.
    pub positions: &'a [[f32; 2]],
    /// The detection's score; NaN ranks last.
    pub score: f64,
}

impl OksDetection<'_> {
    /// The area of the axis-aligned rectangle around *all* positions, which COCO's evaluation uses
    /// as the detection's area; 0 if no position is finite.
    pub fn area(&self) -> f64 {
        let extent = |axis: usize| {
            let values = self.positions.iter().map(|position| f64::from(position[axis]));
            let (low, high) = values
                .filter(|value| value.is_finite())
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                    (low.min(v), high.max(v))
                });
            (high - low).max(0.0)
        };
        extent(0) * extent(1)
    }
}

/// Object keypoint similarity of a detection and a ground truth.
///
/// This is the mean, over the landmarks of `truth` that `rule` counts, of
/// `exp(-d² / (2 area (2σ)²))`, where `d` is the distance to the detection's landmark in pixels and
/// σ the landmark's entry of `sigmas`, which must be positive. It is 1 if all positions are exact.
///
/// A ground truth without counted landmarks is ignored in averages, but detections may match it.
/// Its similarity is over all landmarks of the schema, and `d` is how far a landmark lies outside
/// the truth's box enlarged three times. A NaN position counts as infinitely far away.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::{OksDetection, OksTruth, VisibilityRule, object_keypoint_similarity},
///     prelude::*,
/// };
///
/// let landmarks = [Landmark::new(50.0, 50.0, Visibility::Visible)];
/// let truth = OksTruth::new(0, &landmarks, BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap());
/// let detection = OksDetection { category: 0, positions: &[[50.0, 60.0]], score: 0.9 };
/// let oks = object_keypoint_similarity(&detection, &truth, &[0.05], VisibilityRule::Visible);
/// // exp(−10² / (2 · 100² · 0.1²))
/// assert!((oks - f64::exp(-0.5)).abs() < 1e-9);
/// ```
///
/// # Panics
/// If the numbers of landmarks differ.
pub fn object_keypoint_similarity(
    detection: &OksDetection<'_>,
    truth: &OksTruth<'_>,
    sigmas: &[f64],
    rule: VisibilityRule,
) -> f64 {
    let n = sigmas.len();
    assert!(
        detection.positions.len() == n && truth.landmarks.len() == n,
        "{n} sigmas, but {} landmarks were detected and {} are labeled",
        detection.positions.len(),
        truth.landmarks.len()
    );
    let similarity = |dx: f64, dy: f64, sigma: f64| {
        // COCO's order of operations, and its guard against an area of 0.
        let exponent =
            (dx * dx + dy * dy) / (2.0 * sigma).powi(2) / (truth.area + f64::EPSILON) / 2.0;
        if exponent.is_nan() { 0.0 } else { (-exponent).exp() }
    };
    let landmarks = truth.landmarks.iter().zip(detection.positions).zip(sigmas);
    let (mut sum, mut counted) = (0.0, 0u32);
    for ((landmark, &[x, y]), &sigma) in landmarks.clone() {
        if rule.counts(landmark.visibility) {
            let dx = f64::from(x) - f64::from(landmark.x);
            let dy = f64::from(y) - f64::from(landmark.y);
            sum += similarity(dx, dy, sigma);
            counted += 1;
        }
    }
    if counted > 0 {
        return sum / f64::from(counted);
    }
    let [x1, y1, x2, y2] = corners(&truth.bounding_box);
    let outside = |at: f32, low: f64, high: f64| {
        let (at, side) = (f64::from(at), high - low);
        // NaN must stay NaN: `max` would turn it into 0.
        if at.is_nan() { at } else { (low - side - at).max(0.0) + (at - high - side).max(0.0) }
    };
    for ((_, &[x, y]), &sigma) in landmarks {
        sum += similarity(outside(x, x1, x2), outside(y, y1, y2), sigma);
    }
    if n == 0 { 0.0 } else { sum / n as f64 }
}

fn corners(&BoundingBox { x1, y1, x2, y2 }: &BoundingBox) -> [f64; 4] {
    [x1, y1, x2, y2].map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::Visibility;

    const SIGMAS: [f64; 2] = [0.1, 0.05];

    fn oks(positions: [[f32; 2]; 2], visibility: [Visibility; 2], rule: VisibilityRule) -> f64 {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 20.0).unwrap();
        let landmarks = visibility.map(|visibility| Landmark::new(5.0, 5.0, visibility));
        let truth = OksTruth::new(0, &landmarks, bounds);
        assert_eq!(truth.area, 200.0);
        let detection = OksDetection { category: 0, positions: &positions, score: 1.0 };
        object_keypoint_similarity(&detection, &truth, &SIGMAS, rule)
    }

    #[test]
    fn similarity_is_cocos_formula() {
        use Visibility::{Absent, Occluded, Visible};
        // 25 / (2 · 200 · 0.2²) = 1.5625 and 0.
        let positions = [[9.0, 8.0], [5.0, 5.0]];
        let first = (-1.5625f64).exp();
        let close =
            |found: f64, wanted: f64| approx::assert_abs_diff_eq!(found, wanted, epsilon = 1e-12);
        let both = VisibilityRule::VisibleAndOccluded;
        close(oks(positions, [Visible, Visible], both), (first + 1.0) / 2.0);
        close(oks(positions, [Visible, Occluded], both), (first + 1.0) / 2.0);
        close(oks(positions, [Visible, Occluded], VisibilityRule::Visible), first);
        // No landmark is counted, so the box is -10..20 × -20..40, and the first position is 3 and
        // 4 outside.
        close(oks([[23.0, 44.0], [20.0, -20.0]], [Absent; 2], both), (first + 1.0) / 2.0);
    }

    #[test]
    fn what_is_no_number_is_infinitely_far() {
        for visibility in [Visibility::Visible, Visibility::Absent] {
            let found =
                oks([[f32::NAN, 5.0], [5.0, 5.0]], [visibility; 2], VisibilityRule::Visible);
            assert_eq!(found, 0.5);
            let found = oks(
                [[f32::INFINITY, 5.0], [5.0, f32::NEG_INFINITY]],
                [visibility; 2],
                VisibilityRule::Visible,
            );
            assert_eq!(found, 0.0);
        }
    }

    #[test]
    fn areas_go_by_all_finite_positions() {
        let area =
            |positions: &[[f32; 2]]| OksDetection { category: 0, positions, score: 0.0 }.area();
        assert_eq!(area(&[[0.0, 0.0], [3.0, 1.0], [2.0, 5.0]]), 15.0);
        assert_eq!(area(&[[f32::NAN, 0.0], [3.0, 1.0], [2.0, f32::INFINITY]]), 1.0);
        assert_eq!(area(&[]), 0.0);
        assert_eq!(area(&[[f32::NAN; 2]]), 0.0);
    }
}
