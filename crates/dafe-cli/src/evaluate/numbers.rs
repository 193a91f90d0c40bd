//! The measured numbers.
use dafe::{
    detector::{Calibration, DetectorConfig},
    metric::{
        Bootstrap, Estimate, LandmarkReport, LandmarkSummary, Named, NeParts, PckCurve,
        PlacementCounts, ReliabilityBin, VisibilityCounts,
    },
    predict::Predictions,
    prelude::*,
};
use serde::Serialize;

use super::args::Args;
use crate::support::without_boxes::WithAndWithoutBoxes;

/// The JSON file of numbers.
#[derive(Serialize)]
pub struct Numbers {
    #[serde(flatten)]
    pub summary: LandmarkSummary,
    /// The normalized error of the split's parts, with intervals; `None` with a detector's boxes,
    /// for which errors are not measured.
    pub ne_parts: Option<NeParts>,
    /// PCK by threshold.
    pub pck: Option<PckCurve>,
    /// The errors without boxes, if requested.
    pub without_boxes: Option<WithAndWithoutBoxes>,
    /// Rates of false and missed landmarks with inferred categories; `None` with a detector's
    /// boxes, which have their own categories.
    pub presence: Option<Named<Estimate>>,
    /// The accuracy of the model's visibility estimates, if its calibration has any; `None` with a
    /// detector's boxes.
    pub visibility: Option<VisibilityNumbers>,
    /// How reliable the model's confidences of positions are, if its calibration has them; `None`
    /// with a detector's boxes.
    pub confidence: Option<ConfidenceNumbers>,
}

/// The number of bins of probabilities.
const BINS: usize = 10;

/// How reliable the confidences of positions are.
#[derive(Serialize)]
pub struct ConfidenceNumbers {
    /// Landmarks are rendered from this score on.
    pub min_score: f64,
    /// The fractions of incorrect positions that are rendered, and of correct ones that are not.
    pub rates: Named<Estimate>,
    pub counts: PlacementCounts,
    pub reliability: Vec<ReliabilityBin>,
}

impl ConfidenceNumbers {
    fn of(
        calibration: &Calibration,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
        bootstrap: &Bootstrap,
    ) -> Option<Self> {
        let report = calibration.confidence_report(found, dataset)?;
        Some(Self {
            min_score: calibration.position?.threshold.into(),
            rates: report.estimates(bootstrap),
            counts: report.counts(),
            reliability: report.reliability(BINS),
        })
    }
}

/// Classification of visible and hidden landmarks.
#[derive(Serialize)]
pub struct VisibilityNumbers {
    /// The mean of the landmarks' balanced accuracies.
    pub balanced_accuracy: Estimate,
    pub by_landmark: Named<Estimate>,
    pub counts: Named<VisibilityCounts>,
    pub reliability: Vec<ReliabilityBin>,
}

impl VisibilityNumbers {
    /// `None` if no landmark has an estimate.
    fn of(
        calibration: &Calibration,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
        bootstrap: &Bootstrap,
    ) -> Option<Self> {
        let (report, names) =
            (calibration.visibility_report(found, dataset), dataset.schema().names());
        let by_landmark = report.by_landmark(names, bootstrap);
        let numbers = Self {
            balanced_accuracy: report.balanced_accuracy(bootstrap),
            counts: (names.iter().enumerate())
                .filter(|(_, name)| by_landmark.contains_key(*name))
                .map(|(landmark, name)| (name.clone(), report.counts(landmark)))
                .collect(),
            by_landmark,
            reliability: report.reliability(BINS),
        };
        (!numbers.by_landmark.is_empty()).then_some(numbers)
    }
}

impl Numbers {
    /// All numbers for the predictions on `dataset`.
    pub fn of(
        report: &LandmarkReport,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
        model: &DetectorConfig,
        args: &Args,
    ) -> Self {
        let (bootstrap, in_labeled_boxes) = (args.bootstrap(), args.boxes.is_none());
        let calibration = model.calibration.as_ref().filter(|_| in_labeled_boxes);
        let told = dataset.schema().categories().len() > 1 && in_labeled_boxes;
        Self {
            summary: report.summary_with(&bootstrap),
            ne_parts: in_labeled_boxes.then(|| report.ne_parts(&bootstrap)),
            pck: PckCurve::of(report.errors()).filter(|_| in_labeled_boxes),
            without_boxes: None,
            presence: told.then(|| found.presence(dataset).estimates(&bootstrap)),
            visibility: calibration
                .and_then(|known| VisibilityNumbers::of(known, found, dataset, &bootstrap)),
            confidence: calibration
                .and_then(|known| ConfidenceNumbers::of(known, found, dataset, &bootstrap)),
        }
    }
}

/// A table of the rates of inferred categories, and of false and missed landmarks.
pub fn presence_table(presence: &Named<Estimate>, trained: bool) -> String {
    let mut table = format!("\n{:<24}{:>9}   interval\n", "inferred category", "value");
    table += &rates(presence, PRESENCE_RATES);
    if !trained {
        table += "the model was not trained for this (dafe train --empty-weight), so dafe detect \
                  returns all landmarks\n";
    }
    table
}

/// A table of the classification of visible and hidden landmarks.
pub fn visibility_table(numbers: &VisibilityNumbers) -> String {
    let mut table = format!("\n{:<24}{:>9}   interval\n", "visible or hidden", "value");
    let all = [("balanced accuracy", &numbers.balanced_accuracy)];
    let by_landmark = numbers.by_landmark.iter().map(|(name, one)| (name.as_str(), one));
    for (name, estimate) in all.into_iter().chain(by_landmark) {
        if let Some((value, interval)) = cells(estimate) {
            table += &format!("{name:<24}{value:>9}   {interval}\n");
        }
    }
    table + "  balanced accuracy of each landmark's visibility; a constant answer has 0.5\n"
}

/// A table of the rates of incorrect positions rendered, and correct positions not rendered.
pub fn confidence_table(numbers: &ConfidenceNumbers) -> String {
    let title = format!("rendered from score {:.2}", numbers.min_score);
    let table = format!("\n{title:<24}{:>9}   interval\n", "value");
    table + &rates(&numbers.rates, CONFIDENCE_RATES)
}

/// The rates of [`Numbers::presence`], and their meanings.
pub const PRESENCE_RATES: [(&str, &str); 3] = [
    ("correct category", "fraction of the samples whose category is inferred correctly"),
    ("false landmarks", "fraction of the absent landmarks that are returned"),
    ("missed landmarks", "fraction of the labeled landmarks that are left out"),
];

/// The rates of [`ConfidenceNumbers`], and their meanings.
pub const CONFIDENCE_RATES: [(&str, &str); 2] = [
    ("incorrect but rendered", "fraction of landmarks off by more than 0.2 of the box"),
    ("correct but not rendered", "fraction of all other landmarks"),
];

/// A row for each rate that has a value, then the meanings of these rates.
fn rates<const N: usize>(values: &Named<Estimate>, meanings: [(&str, &str); N]) -> String {
    let (mut rows, mut notes) = (String::new(), String::new());
    for (name, meaning) in meanings {
        if let Some((value, interval)) = values.get(name).and_then(cells) {
            rows += &format!("{name:<24}{value:>9}   {interval}\n");
            notes += &format!("  {name}: {meaning}\n");
        }
    }
    rows + &notes
}

/// A value and its interval as text, if there is a value.
fn cells(estimate: &Estimate) -> Option<(String, String)> {
    let value = format!("{:.4}", estimate.value?);
    let interval = estimate.interval.map(|own| format!("{:.4} to {:.4}", own.low, own.high));
    Some((value, interval.unwrap_or_default()))
}
