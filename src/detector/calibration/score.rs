//! From a landmark's score to a probability.
use serde::{Deserialize, Serialize};

/// A logistic curve from a landmark's score to the probability of a property: that the landmark is
/// visible, or that its position is right.
///
/// ```
/// use dafe::detector::ScoreCalibration;
///
/// let curve = ScoreCalibration { slope: 8.0, intercept: -4.0, threshold: 0.4 };
/// assert_eq!(curve.probability(0.5), 0.5); // 1 / (1 + exp(−(8 · 0.5 − 4)))
/// assert!(curve.probability(0.9) > 0.95);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreCalibration {
    /// The slope of the curve `1 / (1 + exp(−(slope · score + intercept)))` (Platt scaling, 1999).
    pub slope: f32,
    /// The intercept of the curve; see [`Self::slope`].
    pub intercept: f32,
    /// The property is taken to hold from this score on: where balanced accuracy is highest on the
    /// split.
    pub threshold: f32,
}

/// A fitted curve, and the balanced accuracy of its threshold on the split it was fitted to.
pub(super) struct Fitted {
    pub curve: ScoreCalibration,
    pub balanced_accuracy: f64,
}

impl ScoreCalibration {
    /// The fewest positive and the fewest negative samples to fit a curve to.
    const LEAST: usize = 10;

    /// Fits a curve to scores, each with whether the property holds.
    pub(super) fn fit(mut scored: Vec<(f32, bool)>) -> Option<Fitted> {
        let holds = scored.iter().filter(|(_, holds)| *holds).count();
        let fails = scored.len() - holds;
        if holds.min(fails) < Self::LEAST {
            return None;
        }
        scored.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let (balanced_accuracy, threshold) = best_threshold(&scored, holds, fails);
        let [slope, intercept] = platt(&scored, holds, fails);
        let curve = Self { slope: slope as f32, intercept: intercept as f32, threshold };
        Some(Fitted { curve, balanced_accuracy })
    }

    /// The probability of the property at this score, 0 to 1.
    pub fn probability(&self, score: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * score + self.intercept)).exp())
    }

    pub(super) fn is_finite(&self) -> bool {
        let Self { slope, intercept, threshold } = *self;
        [slope, intercept, threshold].into_iter().all(f32::is_finite)
    }
}

/// The highest balanced accuracy of any threshold, and that threshold: midway between two of the
/// sorted scores, or the lowest score. The lowest threshold wins ties.
fn best_threshold(scored: &[(f32, bool)], holds: usize, fails: usize) -> (f64, f32) {
    let (mut holding_below, mut failing_below) = (0, 0);
    // The lowest score: everything is positive, with a balanced accuracy of ½.
    let mut best = (0.5, scored[0].0);
    for (i, &(score, holds_here)) in scored.iter().enumerate() {
        *if holds_here { &mut holding_below } else { &mut failing_below } += 1;
        let Some(&(next, _)) = scored.get(i + 1).filter(|(next, _)| *next > score) else {
            continue;
        };
        let found = (holds - holding_below) as f64 / holds as f64;
        let accuracy = (found + failing_below as f64 / fails as f64) / 2.0;
        if accuracy > best.0 {
            best = (accuracy, score + (next - score) / 2.0);
        }
    }
    best
}

/// Slope and intercept of the logistic curve of maximum likelihood.
///
/// Targets are moved slightly inwards from 0 and 1 as in Platt (1999). The method is Newton's with
/// step halving (Lin, Lin and Weng, 2007).
fn platt(scored: &[(f32, bool)], holds: usize, fails: usize) -> [f64; 2] {
    const STEPS: usize = 100;
    let high = (holds as f64 + 1.0) / (holds as f64 + 2.0);
    let low = 1.0 / (fails as f64 + 2.0);
    let points =
        || scored.iter().map(|&(score, holds)| (f64::from(score), if holds { high } else { low }));
    // The negative log-likelihood; ln(1 + eᶠ) in a form that doesn't overflow.
    let cost = |[slope, intercept]: [f64; 2]| -> f64 {
        let each = points().map(|(score, target)| {
            let f = slope * score + intercept;
            f.max(0.0) - target * f + (-f.abs()).exp().ln_1p()
        });
        each.sum()
    };
    let mut at = [0.0, ((holds + 1) as f64 / (fails + 1) as f64).ln()];
    for _ in 0..STEPS {
        let (mut gradient, mut hessian) = ([0.0; 2], [1e-12, 0.0, 1e-12]);
        for (score, target) in points() {
            let p = 1.0 / (1.0 + (-(at[0] * score + at[1])).exp());
            let (off, weight) = (p - target, p * (1.0 - p));
            gradient = [gradient[0] + off * score, gradient[1] + off];
            hessian[0] += weight * score * score;
            hessian[1] += weight * score;
            hessian[2] += weight;
        }
        if gradient.iter().all(|slope| slope.abs() < 1e-9) {
            break;
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let step = [
            (hessian[1] * gradient[1] - hessian[2] * gradient[0]) / determinant,
            (hessian[1] * gradient[0] - hessian[0] * gradient[1]) / determinant,
        ];
        let moved = |share: f64| [at[0] + share * step[0], at[1] + share * step[1]];
        let now = cost(at);
        let shares = std::iter::successors(Some(1.0), |share| Some(share / 2.0)).take(40);
        match shares.map(moved).find(|&next| cost(next) < now) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_scores_have_the_probabilities_that_platts_targets_have_on_average() {
        // A curve with two parameters fits both means exactly: 30 of 40 visible at 0.8, 10 of 40 at
        // 0.2.
        let kind =
            |score, visible: usize| (0..40).map(move |i| (score, i < visible)).collect::<Vec<_>>();
        let fitted = ScoreCalibration::fit([kind(0.2, 10), kind(0.8, 30)].concat()).unwrap().curve;
        let (high, low) = (41.0 / 42.0, 1.0 / 42.0);
        let mean = |visible: f32| (visible * high + (40.0 - visible) * low) / 40.0;
        approx::assert_abs_diff_eq!(fitted.probability(0.8), mean(30.0), epsilon = 1e-6);
        approx::assert_abs_diff_eq!(fitted.probability(0.2), mean(10.0), epsilon = 1e-6);
        assert_eq!(fitted.threshold, 0.5);
    }

    #[test]
    fn the_threshold_is_where_balanced_accuracy_is_highest() {
        // With the threshold at 0.6, 2 of 100 visible ones and 1 of 10 hidden ones are wrong; any
        // other threshold has a lower balanced accuracy.
        let mut scored = vec![(0.9, true); 98];
        scored.extend(vec![(0.3, true); 2]);
        scored.extend(vec![(0.3, false); 9]);
        scored.push((0.95, false));
        let fitted = ScoreCalibration::fit(scored).unwrap().curve;
        approx::assert_abs_diff_eq!(fitted.threshold, 0.6, epsilon = 1e-6);
        assert!(fitted.threshold > 0.3 && fitted.threshold <= 0.9);
    }

    #[test]
    fn kinds_that_are_told_apart_without_error_give_finite_numbers() {
        let scored = (0..40).map(|i| (i as f32 / 40.0, i >= 20)).collect();
        let fitted = ScoreCalibration::fit(scored).unwrap().curve;
        assert!(fitted.slope.is_finite() && fitted.intercept.is_finite());
        assert!(fitted.probability(0.95) > 0.9 && fitted.probability(0.05) < 0.1);
        // Equal scores carry no information: all are predicted visible, with the split's frequency.
        let scored = (0..40).map(|i| (0.5, i >= 10)).collect();
        let fitted = ScoreCalibration::fit(scored).unwrap().curve;
        assert_eq!(fitted.threshold, 0.5);
        approx::assert_abs_diff_eq!(fitted.probability(0.5), 0.75, epsilon = 0.03);
        assert!(ScoreCalibration::fit(vec![(0.5, true); 40]).is_none());
    }
}
