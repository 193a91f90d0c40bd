//! What is learnt from a validation split after training: which scores mean that a landmark can be seen, and how much larger
//! than its landmarks a garment's box is.
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    data::LandmarkDataset,
    geometry::BoundingBox,
    landmark::{LandmarkSample, Visibility, VisibilityEstimate},
    metric::VisibilityReport,
    predict::Predictions,
};

/// What a model knows of its scores and of the boxes that it was trained in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// By landmark; `None` where the split has too few visible or too few hidden ones to learn from.
    pub landmarks: Vec<Option<LandmarkCalibration>>,
    /// How far labelled boxes reach beyond their landmarks, at the left, top, right and bottom: medians, in the width and
    /// height that the landmarks span.
    pub margins: [f32; 4],
}

/// What one landmark's score says of its visibility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandmarkCalibration {
    /// With [`Self::intercept`], the probability of being visible: `1 / (1 + exp(−(slope · score + intercept)))` (Platt, 1999).
    pub slope: f32,
    /// See [`Self::slope`].
    pub intercept: f32,
    /// From this score on, the landmark is taken for visible: where the split's balanced accuracy is highest.
    pub threshold: f32,
}

impl Calibration {
    /// What `found`, predicted for the labelled `dataset` in its own boxes, says of the scores.
    pub fn fit(found: &Predictions, dataset: &dyn LandmarkDataset) -> Self {
        let mut scored = vec![Vec::new(); dataset.schema().len()];
        let mut margins: [Vec<f32>; 4] = Default::default();
        for prediction in &found.predictions {
            let sample = dataset.sample(prediction.index);
            let labelled = scored.iter_mut().zip(&sample.landmarks).zip(&prediction.scores);
            for ((scored, landmark), &score) in labelled {
                if landmark.visibility != Visibility::Absent && score.is_finite() {
                    scored.push((score, landmark.visibility == Visibility::Visible));
                }
            }
            if let Some(reach) = reach(&sample) {
                margins.iter_mut().zip(reach).for_each(|(all, one)| all.push(one));
            }
        }
        Self {
            landmarks: scored.into_iter().map(LandmarkCalibration::fit).collect(),
            margins: margins.map(|all| median(all).unwrap_or(Self::MARGIN)),
        }
    }

    /// The margin of models that know none.
    pub(super) const MARGIN: f32 = 0.2;

    /// What is taken for the visibility of landmark `landmark`, given its score.
    ///
    /// # Panics
    /// If there is no such landmark.
    pub fn estimate(&self, landmark: usize, score: f32) -> Option<VisibilityEstimate> {
        self.landmarks[landmark].map(|calibration| calibration.estimate(score))
    }

    /// How good the estimates are on predictions for another labelled split.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn report(&self, found: &Predictions, dataset: &dyn LandmarkDataset) -> VisibilityReport {
        let mut report = VisibilityReport::default();
        for prediction in &found.predictions {
            let scores = prediction.scores.iter().enumerate();
            let estimates: Vec<_> = scores.map(|(i, &score)| self.estimate(i, score)).collect();
            report.update(&estimates, &dataset.sample(prediction.index));
        }
        report
    }

    pub(super) fn validate(&self, landmarks: usize) -> Result<(), Error> {
        if self.landmarks.len() != landmarks {
            return Err(Error::config(format!(
                "calibration of {} landmarks for {landmarks}",
                self.landmarks.len()
            )));
        }
        let numbers = self.landmarks.iter().flatten().flat_map(|one| {
            let LandmarkCalibration { slope, intercept, threshold } = *one;
            [slope, intercept, threshold]
        });
        match numbers.chain(self.margins).all(f32::is_finite) {
            true => Ok(()),
            false => Err(Error::config("calibration: a number is not finite")),
        }
    }
}

impl LandmarkCalibration {
    /// Fewer of a kind tell nothing.
    const LEAST: usize = 10;

    /// From scores and whether the landmark was visible.
    fn fit(mut scored: Vec<(f32, bool)>) -> Option<Self> {
        let visible = scored.iter().filter(|(_, visible)| *visible).count();
        let hidden = scored.len() - visible;
        if visible.min(hidden) < Self::LEAST {
            return None;
        }
        scored.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let threshold = best_threshold(&scored, visible, hidden);
        let [slope, intercept] = platt(&scored, visible, hidden);
        Some(Self { slope: slope as f32, intercept: intercept as f32, threshold })
    }

    /// How probable it is that a landmark of this score is visible.
    pub fn probability(&self, score: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * score + self.intercept)).exp())
    }

    /// What is taken for the visibility of a landmark of this score.
    pub fn estimate(&self, score: f32) -> VisibilityEstimate {
        VisibilityEstimate {
            probability: self.probability(score),
            visible: score >= self.threshold,
        }
    }
}

/// The score between two of the sorted ones, or below all, from which on calling landmarks visible gives the highest balanced
/// accuracy; of equals the lowest.
fn best_threshold(scored: &[(f32, bool)], visible: usize, hidden: usize) -> f32 {
    let (mut visible_below, mut hidden_below) = (0, 0);
    // Everything is visible: ½.
    let mut best = (0.5, scored[0].0);
    for (i, &(score, is_visible)) in scored.iter().enumerate() {
        *if is_visible { &mut visible_below } else { &mut hidden_below } += 1;
        let Some(&(next, _)) = scored.get(i + 1).filter(|(next, _)| *next > score) else {
            continue;
        };
        let found = (visible - visible_below) as f64 / visible as f64;
        let accuracy = (found + hidden_below as f64 / hidden as f64) / 2.0;
        if accuracy > best.0 {
            best = (accuracy, score + (next - score) / 2.0);
        }
    }
    best.1
}

/// Slope and intercept of the logistic curve that is likeliest for the labels, drawn in a little from 0 and 1 as in Platt
/// (1999), by Newton's method with halved steps (Lin, Lin and Weng, 2007).
fn platt(scored: &[(f32, bool)], visible: usize, hidden: usize) -> [f64; 2] {
    const STEPS: usize = 100;
    let high = (visible as f64 + 1.0) / (visible as f64 + 2.0);
    let low = 1.0 / (hidden as f64 + 2.0);
    let points = || {
        scored.iter().map(|&(score, visible)| (f64::from(score), if visible { high } else { low }))
    };
    // The negative logarithm of the likelihood; ln(1 + eᶠ) in a form that doesn't overflow.
    let cost = |[slope, intercept]: [f64; 2]| -> f64 {
        let each = points().map(|(score, target)| {
            let f = slope * score + intercept;
            f.max(0.0) - target * f + (-f.abs()).exp().ln_1p()
        });
        each.sum()
    };
    let mut at = [0.0, ((visible + 1) as f64 / (hidden + 1) as f64).ln()];
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

/// How far a sample's box reaches beyond its landmarks on each side, in what they span.
fn reach(sample: &LandmarkSample) -> Option<[f32; 4]> {
    let located = sample.landmarks.iter().filter(|landmark| landmark.visibility.has_position());
    let span = BoundingBox::spanned_by(located.map(|landmark| [landmark.x, landmark.y]))?;
    let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
    let (w, h) = (span.width(), span.height());
    Some([(span.x1 - x1) / w, (span.y1 - y1) / h, (x2 - span.x2) / w, (y2 - span.y2) / h])
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    // Boxes that cut landmarks off are no reason to do so.
    values.get(values.len() / 2).map(|median| median.clamp(0.0, 1.0))
}
