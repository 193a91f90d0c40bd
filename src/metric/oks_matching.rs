//! Matching of detections to ground truths within one image and category, as in COCO's evaluation.
use super::{OksDetection, OksTruth, VisibilityRule, object_keypoint_similarity};
use crate::named::named_enum;

/// The number of similarity thresholds: 0.50, 0.55, … 0.95.
pub(super) const THRESHOLDS: usize = 10;

/// The most detections of one category that are counted in an image: those with the best scores.
pub(super) const MAX_DETECTIONS: usize = 20;

/// COCO's object sizes, by area in square pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaRange {
    /// Up to 100 000² pixels.
    All,
    /// 32² to 96² pixels.
    Medium,
    /// 96² to 100 000² pixels.
    Large,
}

named_enum!(AreaRange, "area range", { All => "all", Medium => "medium", Large => "large" });

impl AreaRange {
    /// Both ends are included.
    fn contains(self, area: f64) -> bool {
        let [small, medium, end] = [32.0f64.powi(2), 96.0f64.powi(2), 1e10];
        match self {
            Self::All => (0.0..=end).contains(&area),
            Self::Medium => (small..=medium).contains(&area),
            Self::Large => (medium..=end).contains(&area),
        }
    }
}

/// A detection after matching. Bit `t` of each mask is for threshold `t`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matched {
    pub score: f64,
    /// Whether it matched a ground truth.
    pub found: u16,
    /// Whether it is ignored: counted neither as correct nor as incorrect.
    pub ignored: u16,
}

/// Threshold `t`, rounded like numpy's `linspace(.5, .95, 10)` in COCO's code.
pub(super) fn threshold(t: usize) -> f64 {
    if t + 1 == THRESHOLDS { 0.95 } else { 0.5 + t as f64 * ((0.95 - 0.5) / 9.0) }
}

/// The ground truths and detections of one category in one image, and their similarities.
pub(super) struct ImageCategory<'a> {
    truths: Vec<&'a OksTruth<'a>>,
    /// Whether each truth is ignored: crowds, and truths without labeled landmarks.
    ignored: Vec<bool>,
    /// Best score first.
    detections: Vec<&'a OksDetection<'a>>,
    detection_areas: Vec<f64>,
    /// By detection, then truth.
    similarities: Vec<f64>,
}

impl<'a> ImageCategory<'a> {
    pub fn new(
        truths: Vec<&'a OksTruth<'a>>,
        mut detections: Vec<&'a OksDetection<'a>>,
        sigmas: &[f64],
        rule: VisibilityRule,
    ) -> Self {
        // A stable sort: of equal scores, the first detection stays first.
        detections.sort_by(|a, b| rank(b.score).total_cmp(&rank(a.score)));
        detections.truncate(MAX_DETECTIONS);
        let unlabeled = |truth: &OksTruth<'_>| {
            !truth.landmarks.iter().any(|landmark| rule.counts(landmark.visibility))
        };
        Self {
            ignored: truths.iter().map(|truth| truth.crowd || unlabeled(truth)).collect(),
            detection_areas: detections.iter().map(|detection| detection.area()).collect(),
            similarities: detections
                .iter()
                .flat_map(|detection| {
                    truths
                        .iter()
                        .map(|truth| object_keypoint_similarity(detection, truth, sigmas, rule))
                })
                .collect(),
            truths,
            detections,
        }
    }

    /// The number of truths to be found, and the matched detections, best score first.
    pub fn matched(&self, range: AreaRange) -> (u32, Vec<Matched>) {
        let ignored =
            |truth: usize| self.ignored[truth] || !range.contains(self.truths[truth].area);
        let (mut order, last): (Vec<usize>, Vec<usize>) =
            (0..self.truths.len()).partition(|&truth| !ignored(truth));
        let wanted = order.len();
        order.extend(last);
        let mut matched: Vec<Matched> = self
            .detections
            .iter()
            .map(|detection| Matched { score: rank(detection.score), found: 0, ignored: 0 })
            .collect();
        for t in 0..THRESHOLDS {
            let mut taken = vec![false; self.truths.len()];
            for (detection, matched) in matched.iter_mut().enumerate() {
                match self.best(detection, threshold(t), &order, wanted, &taken) {
                    Some(place) => {
                        taken[order[place]] = true;
                        matched.found |= 1 << t;
                        matched.ignored |= u16::from(place >= wanted) << t;
                    }
                    None => {
                        let outside = !range.contains(self.detection_areas[detection]);
                        matched.ignored |= u16::from(outside) << t;
                    }
                }
            }
        }
        (wanted as u32, matched)
    }

    /// The position in `order` of the truth most similar to a detection; the last of equals.
    ///
    /// The first `wanted` positions are counted; the others are ignored truths, which are only
    /// considered where none of the first matches.
    fn best(
        &self,
        detection: usize,
        threshold: f64,
        order: &[usize],
        wanted: usize,
        taken: &[bool],
    ) -> Option<usize> {
        let mut least = threshold.min(1.0 - 1e-10);
        let mut best = None;
        for (place, &truth) in order.iter().enumerate() {
            if place == wanted && best.is_some() {
                break;
            }
            let similarity = self.similarities[detection * self.truths.len() + truth];
            let free = !taken[truth] || self.truths[truth].crowd;
            if free && similarity >= least {
                least = similarity;
                best = Some(place);
            }
        }
        best
    }
}

/// A sort key of a score: NaN is lowest.
fn rank(score: f64) -> f64 {
    // −0 and 0 are the same score.
    if score.is_nan() { f64::NEG_INFINITY } else { score + 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_numpys() {
        // numpy.linspace(.5, .95, 10).tolist(): not all are the nearest to a multiple of 0.05.
        let wanted = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95];
        assert_eq!(std::array::from_fn(threshold), wanted);
    }

    #[test]
    fn ranges_include_both_ends() {
        let of = |area| AreaRange::ALL.iter().map(|range| range.contains(area)).collect::<Vec<_>>();
        assert_eq!(of(1023.9), [true, false, false]);
        assert_eq!(of(1024.0), [true, true, false]);
        assert_eq!(of(9216.0), [true, true, true]);
        assert_eq!(of(9216.1), [true, false, true]);
        assert_eq!(of(1.1e10), [false; 3]);
    }
}
