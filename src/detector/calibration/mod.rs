//! Calibration fitted on the validation split after training: the probability that a landmark is
//! visible, that its position is right, and that the category is right, and the margins between
//! landmarks and boxes.
mod score;
mod temperature;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use score::ScoreCalibration;

#[cfg(doc)]
use crate::metric::LandmarkDistance;
use crate::{
    Error,
    data::LandmarkDataset,
    geometry::BoundingBox,
    landmark::{LandmarkSample, Visibility, VisibilityEstimate},
    metric::{ConfidenceReport, Placement, VisibilityReport, landmark_distances},
    predict::{Prediction, Predictions},
};

/// A model's calibration: what its scores mean, and the margins of the boxes it was trained in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// For each landmark, the probability that it is visible. `None` where the split has too few
    /// visible or too few hidden ones to fit, or where scores hardly separate the two.
    pub landmarks: Vec<Option<ScoreCalibration>>,
    /// The probability that a visible landmark is off by at most [`Self::MISPLACED`]. `None` where
    /// the split has too few correct or too few incorrect positions to fit. Landmarks are rendered
    /// from its threshold on ([`DetectorConfig::min_score`](super::DetectorConfig::min_score)).
    #[serde(default)]
    pub position: Option<ScoreCalibration>,
    /// Temperature of the category probabilities (Guo et al., 2017). Above 1 where the heatmaps are
    /// overconfident; `None` where the split has too few samples.
    #[serde(default)]
    pub category_temperature: Option<f64>,
    /// Margins between the landmarks and the labeled box at the left, top, right and bottom:
    /// medians, relative to the width and height that the landmarks span.
    pub margins: [f32; 4],
}

impl Calibration {
    /// A position is incorrect if it is off by more than this fraction of the labeled box (the
    /// [normalized distance](LandmarkDistance::normalized)): it is on another part of the garment.
    pub const MISPLACED: f64 = 0.2;

    /// The margin of models without calibration, and where no sample has one.
    pub(super) const MARGIN: f32 = 0.2;

    /// The lowest balanced accuracy at which a score is used to predict a landmark's visibility.
    /// Below it, the prediction would hardly be better than a constant one, which has ½.
    const TELLS_VISIBILITY: f64 = 0.75;

    /// Fits the calibration to `found`, the predictions for the labeled `dataset` in its own
    /// boxes.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn fit(found: &Predictions, dataset: &dyn LandmarkDataset) -> Self {
        let schema = dataset.schema();
        let mut by_visibility = vec![Vec::new(); schema.len()];
        let mut by_position = Vec::new();
        let mut by_category = Vec::new();
        let mut margins: [Vec<f32>; 4] = Default::default();
        for prediction in &found.predictions {
            let sample = dataset.sample(prediction.index);
            let labeled = by_visibility.iter_mut().zip(&sample.landmarks).zip(&prediction.scores);
            for ((scored, landmark), &score) in labeled {
                if landmark.visibility != Visibility::Absent && score.is_finite() {
                    scored.push((score, landmark.visibility == Visibility::Visible));
                }
            }
            by_position.extend(positions(prediction, &sample));
            if let Some(category) = sample.category {
                by_category.push((schema.category_probabilities(&prediction.scores), category));
            }
            if let Some(reach) = reach(&sample) {
                margins.iter_mut().zip(reach).for_each(|(all, one)| all.push(one));
            }
        }
        let visibility = by_visibility.into_iter().map(|scored| {
            let fitted = ScoreCalibration::fit(scored)?;
            (fitted.balanced_accuracy >= Self::TELLS_VISIBILITY).then_some(fitted.curve)
        });
        Self {
            landmarks: visibility.collect(),
            position: ScoreCalibration::fit(by_position).map(|fitted| fitted.curve),
            category_temperature: temperature::fit(&by_category),
            margins: margins.map(|all| median(all).unwrap_or(Self::MARGIN)),
        }
    }

    /// The visibility of landmark `landmark`, estimated from its score.
    ///
    /// # Panics
    /// If there is no such landmark.
    pub fn visibility(&self, landmark: usize, score: f32) -> Option<VisibilityEstimate> {
        self.landmarks[landmark].map(|curve| VisibilityEstimate {
            probability: curve.probability(score),
            visible: score >= curve.threshold,
        })
    }

    /// The probability that a landmark of this score is off by at most [`Self::MISPLACED`].
    pub fn confidence(&self, score: f32) -> Option<f32> {
        self.position.map(|curve| curve.probability(score))
    }

    /// Calibrates [`LandmarkSchema::category_probabilities`]: raises them to the power of 1 /
    /// [`Self::category_temperature`] and normalizes them to sum to 1.
    ///
    /// [`LandmarkSchema::category_probabilities`]: crate::landmark::LandmarkSchema::category_probabilities
    pub fn category_probabilities(&self, probabilities: &[f64]) -> Vec<f64> {
        temperature::applied(probabilities, self.category_temperature.unwrap_or(1.0))
    }

    /// Measures the visibility estimates on predictions for another labeled split.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn visibility_report(
        &self,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
    ) -> VisibilityReport {
        let mut report = VisibilityReport::default();
        for prediction in &found.predictions {
            let scores = prediction.scores.iter().enumerate();
            let estimates: Vec<_> = scores.map(|(i, &score)| self.visibility(i, score)).collect();
            report.update(&estimates, &dataset.sample(prediction.index));
        }
        report
    }

    /// Measures the confidence of positions on predictions for another labeled split; `None`
    /// without [`Self::position`].
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn confidence_report(
        &self,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
    ) -> Option<ConfidenceReport> {
        let curve = self.position?;
        let mut report = ConfidenceReport::default();
        for prediction in &found.predictions {
            let sample = dataset.sample(prediction.index);
            let placements = positions(prediction, &sample).map(|(score, correct)| Placement {
                confidence: curve.probability(score),
                rendered: score >= curve.threshold,
                correct,
            });
            report.update(placements, &sample.image);
        }
        Some(report)
    }

    pub(super) fn validate(&self, landmarks: usize) -> Result<(), Error> {
        if self.landmarks.len() != landmarks {
            return Err(Error::config(format!(
                "calibration of {} landmarks for {landmarks}",
                self.landmarks.len()
            )));
        }
        let mut curves = self.landmarks.iter().chain([&self.position]).flatten();
        let temperature = self.category_temperature.unwrap_or(1.0);
        if !curves.all(ScoreCalibration::is_finite) || !self.margins.iter().all(|x| x.is_finite()) {
            return Err(Error::config("calibration: a number is not finite"));
        }
        match temperature.is_finite() && temperature > 0.0 {
            true => Ok(()),
            false => Err(Error::config(format!(
                "calibration: category_temperature is {temperature}, not above 0"
            ))),
        }
    }
}

/// The score of each visible landmark, and whether its position is correct.
fn positions<'a>(
    prediction: &'a Prediction,
    sample: &'a LandmarkSample,
) -> impl Iterator<Item = (f32, bool)> + 'a {
    let Prediction { positions, scores, .. } = prediction;
    let distances = landmark_distances(positions, &sample.landmarks, &sample.bounding_box, None);
    distances
        .filter(|distance| distance.visibility == Visibility::Visible)
        .map(move |distance| {
            (scores[distance.landmark], distance.normalized <= Calibration::MISPLACED)
        })
        .filter(|(score, _)| score.is_finite())
}

/// The margins of a sample's box on each side, relative to the width and height of its landmarks.
fn reach(sample: &LandmarkSample) -> Option<[f32; 4]> {
    let located = sample.landmarks.iter().filter(|landmark| landmark.visibility.has_position());
    let span = BoundingBox::spanned_by(located.map(|landmark| [landmark.x, landmark.y]))?;
    let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
    let (w, h) = (span.width(), span.height());
    Some([(span.x1 - x1) / w, (span.y1 - y1) / h, (x2 - span.x2) / w, (y2 - span.y2) / h])
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    // Some boxes cut landmarks off; a detected garment's box should not.
    values.get(values.len() / 2).map(|median| median.clamp(0.0, 1.0))
}
