//! Average precision and recall (AP, AR) by object keypoint similarity, as COCO and DeepFashion2
//! evaluate landmarks.
use serde::{Deserialize, Serialize};

use super::{
    AreaRange, Bootstrap, Interval, OksDetection, OksTruth, VisibilityRule,
    landmark_means::mean,
    oks_matching::{ImageCategory, MAX_DETECTIONS, Matched, THRESHOLDS},
};

/// Accumulates detections and ground truths, and evaluates average precision by object keypoint
/// similarity.
///
/// It computes the same as pycocotools' `COCOeval` for keypoints. In each image and category, the
/// 20 detections with the best scores are matched, best first, to the most similar ground truth
/// that is still unmatched; a detection is correct if the similarity reaches a threshold.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::{AreaRange, OksDetection, OksEvaluator, OksTruth, VisibilityRule},
///     prelude::*,
/// };
///
/// let mut evaluator = OksEvaluator::new(vec![0.05; 2], 1, VisibilityRule::Visible);
/// let landmarks =
///     [[10.0, 10.0], [60.0, 90.0]].map(|[x, y]| Landmark::new(x, y, Visibility::Visible));
/// let truth = OksTruth::new(0, &landmarks, BoundingBox::new(0.0, 0.0, 80.0, 100.0).unwrap());
/// let near = OksDetection { category: 0, positions: &[[11.0, 10.0], [60.0, 92.0]], score: 0.8 };
/// let far = OksDetection { category: 0, positions: &[[90.0, 90.0], [0.0, 0.0]], score: 0.9 };
/// evaluator.update(&[truth], &[near, far]);
/// // The incorrect one has the better score: where the correct one is found, precision is ½.
/// let found = evaluator.evaluate().mean(AreaRange::All).unwrap();
/// assert!((found.ap() - 0.5).abs() < 1e-9 && found.ar() == 1.0);
/// ```
#[derive(Debug, Clone)]
pub struct OksEvaluator {
    sigmas: Vec<f64>,
    rule: VisibilityRule,
    images: u32,
    /// By area range, then category.
    groups: [Vec<Group>; 3],
}

/// The matches of one category and area range.
#[derive(Debug, Clone, Default)]
struct Group {
    /// The number of ground truths to be found, by image.
    truths: Vec<(u32, u32)>,
    detections: Vec<(u32, Matched)>,
}

impl OksEvaluator {
    /// Creates an empty evaluator. `sigmas` has one entry per landmark of the schema.
    ///
    /// # Panics
    /// If a sigma is not a positive number: the similarity of an exact position would be 0/0.
    pub fn new(sigmas: Vec<f64>, num_categories: usize, rule: VisibilityRule) -> Self {
        if let Some(i) = sigmas.iter().position(|sigma| !(sigma.is_finite() && *sigma > 0.0)) {
            panic!("sigma {i} is {}, not a positive number", sigmas[i]);
        }
        let groups = [(); 3].map(|()| vec![Group::default(); num_categories]);
        Self { sigmas, rule, images: 0, groups }
    }

    /// The number of images.
    pub fn num_images(&self) -> usize {
        self.images as usize
    }

    /// Matches the detections in one image with *all* of its ground truths.
    ///
    /// Of detections with equal scores, those that are added first rank first, across images too;
    /// pycocotools orders images by id.
    ///
    /// # Panics
    /// If a number of landmarks differs from the number of sigmas, or a category doesn't exist.
    pub fn update(&mut self, truths: &[OksTruth<'_>], detections: &[OksDetection<'_>]) {
        let num_categories = self.groups[0].len();
        let categories = truths.iter().map(|truth| truth.category);
        let mut present: Vec<usize> =
            categories.chain(detections.iter().map(|detection| detection.category)).collect();
        present.sort_unstable();
        present.dedup();
        for category in present {
            assert!(
                category < num_categories,
                "category {category}, but there are {num_categories}"
            );
            let image = ImageCategory::new(
                truths.iter().filter(|truth| truth.category == category).collect(),
                detections.iter().filter(|detection| detection.category == category).collect(),
                &self.sigmas,
                self.rule,
            );
            for &range in AreaRange::ALL {
                let (wanted, matched) = image.matched(range);
                let group = &mut self.groups[range as usize][category];
                if wanted > 0 {
                    group.truths.push((self.images, wanted));
                }
                group.detections.extend(matched.into_iter().map(|one| (self.images, one)));
            }
        }
        self.images += 1;
    }

    /// Precision and recall over all images.
    pub fn evaluate(&self) -> AveragePrecision {
        self.ranked().evaluate_resampled(&vec![1; self.num_images()])
    }

    /// The confidence interval of each of [`AveragePrecision::headlines`], by a bootstrap over
    /// images.
    pub fn intervals(&self, bootstrap: &Bootstrap) -> [Option<Interval>; 10] {
        let ranked = self.ranked();
        bootstrap.intervals(self.num_images(), |times| {
            ranked.evaluate_resampled(times).headlines().map(|(_, value)| value)
        })
    }

    /// Sorts each group's detections by score.
    fn ranked(&self) -> Self {
        let mut ranked = self.clone();
        for group in ranked.groups.iter_mut().flatten() {
            group.detections.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
        }
        ranked
    }

    /// Evaluates with each image repeated as often as `times` says; detections must be ranked.
    /// Copies of a detection are adjacent, so only the last copy can be a point of the curve.
    fn evaluate_resampled(&self, times: &[u32]) -> AveragePrecision {
        let [all, medium, large] = &self.groups;
        let evaluate =
            |groups: &[Group]| groups.iter().map(|group| group.evaluate(times)).collect();
        AveragePrecision { categories: [evaluate(all), evaluate(medium), evaluate(large)] }
    }
}

impl Group {
    fn evaluate(&self, times: &[u32]) -> Option<PrecisionRecall> {
        let times = |image: u32| u64::from(times[image as usize]);
        let wanted: u64 =
            self.truths.iter().map(|&(image, count)| times(image) * u64::from(count)).sum();
        if wanted == 0 {
            return None;
        }
        let mut found = PrecisionRecall { precision: [0.0; THRESHOLDS], recall: [0.0; THRESHOLDS] };
        let mut curve = Vec::new();
        for t in 0..THRESHOLDS {
            curve.clear();
            let (mut correct, mut incorrect) = (0, 0);
            for (image, matched) in &self.detections {
                if matched.ignored >> t & 1 == 1 {
                    continue;
                }
                if matched.found >> t & 1 == 0 {
                    incorrect += times(*image);
                } else if times(*image) > 0 {
                    correct += times(*image);
                    let precision = correct as f64 / ((correct + incorrect) as f64 + f64::EPSILON);
                    curve.push([correct as f64 / wanted as f64, precision]);
                }
            }
            found.precision[t] = interpolated(&mut curve);
            found.recall[t] = correct as f64 / wanted as f64;
        }
        Some(found)
    }
}

/// The mean precision at the recalls 0, 0.01, … 1.
///
/// `curve` has `[recall, precision]` at each correct detection. The precision at a recall is the
/// best at that recall or a higher one, 0 if it isn't reached.
fn interpolated(curve: &mut [[f64; 2]]) -> f64 {
    let mut best: f64 = 0.0;
    for point in curve.iter_mut().rev() {
        best = best.max(point[1]);
        point[1] = best;
    }
    let mut points = curve.iter().peekable();
    let mut sum = 0.0;
    for step in 0..=100 {
        // Rounded like numpy's `linspace(0, 1, 101)`, so that a recall of 0.29 reaches 0.29.
        let recall = if step == 100 { 1.0 } else { f64::from(step) * 0.01 };
        while points.next_if(|point| point[0] < recall).is_some() {}
        sum += points.peek().map_or(0.0, |point| point[1]);
    }
    sum / 101.0
}

/// Precision and recall at each similarity threshold, 0.50, 0.55, … 0.95.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecall {
    /// The mean precision at 101 recalls, by threshold.
    pub precision: [f64; THRESHOLDS],
    /// The fraction of ground truths that are found, by threshold.
    pub recall: [f64; THRESHOLDS],
}

impl PrecisionRecall {
    /// Average precision (AP): the mean over thresholds.
    pub fn ap(&self) -> f64 {
        self.precision.iter().sum::<f64>() / THRESHOLDS as f64
    }

    /// Average recall (AR): the mean over thresholds.
    pub fn ar(&self) -> f64 {
        self.recall.iter().sum::<f64>() / THRESHOLDS as f64
    }
}

/// Precision and recall by area range and category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AveragePrecision {
    categories: [Vec<Option<PrecisionRecall>>; 3],
}

impl AveragePrecision {
    /// The most detections of one category that are counted in an image: those with the best
    /// scores.
    pub const MAX_DETECTIONS: usize = MAX_DETECTIONS;

    /// The values of each category; `None` for categories without ground truths of that size.
    pub fn categories(&self, range: AreaRange) -> &[Option<PrecisionRecall>] {
        &self.categories[range as usize]
    }

    /// The mean over the categories with ground truths of that size; `None` if there are none.
    pub fn mean(&self, range: AreaRange) -> Option<PrecisionRecall> {
        let present: Vec<_> = self.categories(range).iter().flatten().collect();
        let over = |value: &dyn Fn(&PrecisionRecall) -> f64| {
            mean(present.iter().map(|category| value(category))).unwrap_or(0.0)
        };
        (!present.is_empty()).then(|| PrecisionRecall {
            precision: std::array::from_fn(|t| over(&|category| category.precision[t])),
            recall: std::array::from_fn(|t| over(&|category| category.recall[t])),
        })
    }

    /// COCO's ten keypoint metrics with their names, in COCO's order. `None` where COCO prints −1:
    /// no ground truths.
    pub fn headlines(&self) -> [(&'static str, Option<f64>); 10] {
        let [all, medium, large] =
            [AreaRange::All, AreaRange::Medium, AreaRange::Large].map(|range| self.mean(range));
        // Thresholds 0 and 5 are 0.50 and 0.75.
        [
            ("AP", all.map(|found| found.ap())),
            ("AP50", all.map(|found| found.precision[0])),
            ("AP75", all.map(|found| found.precision[5])),
            ("APm", medium.map(|found| found.ap())),
            ("APl", large.map(|found| found.ap())),
            ("AR", all.map(|found| found.ar())),
            ("AR50", all.map(|found| found.recall[0])),
            ("AR75", all.map(|found| found.recall[5])),
            ("ARm", medium.map(|found| found.ar())),
            ("ARl", large.map(|found| found.ar())),
        ]
    }
}
