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
    /// Landmarks are shown from this score on.
    pub min_score: f64,
    /// The fractions of wrong positions that are shown, and of right ones that are not.
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
        let (bootstrap, in_labelled_boxes) = (args.bootstrap(), args.boxes.is_none());
        let calibration = model.calibration.as_ref().filter(|_| in_labelled_boxes);
        let told = dataset.schema().categories().len() > 1 && in_labelled_boxes;
        Self {
            summary: report.summary_with(&bootstrap),
            ne_parts: in_labelled_boxes.then(|| report.ne_parts(&bootstrap)),
            pck: PckCurve::of(report.errors()).filter(|_| in_labelled_boxes),
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
    let titles = [
        ("right category", "right, of the samples"),
        ("false landmarks", "returned, of the absent landmarks (1 if all always are)"),
        ("missed landmarks", "left out, of the labelled ones (0 if all always are)"),
    ];
    for (name, meaning) in titles {
        if let Some((value, interval)) = presence.get(name).and_then(cells) {
            table += &format!("{name:<24}{value:>9}   {interval:<18}   {meaning}\n");
        }
    }
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
    table
}

/// A table of the rates of wrong positions shown, and right positions not shown.
pub fn confidence_table(numbers: &ConfidenceNumbers) -> String {
    let title = format!("shown from score {:.2}", numbers.min_score);
    let mut table = format!("\n{title:<24}{:>9}   interval\n", "value");
    for (name, meaning) in CONFIDENCE_RATES {
        if let Some((value, interval)) = numbers.rates.get(name).and_then(cells) {
            table += &format!("{name:<24}{value:>9}   {interval:<18}   {meaning}\n");
        }
    }
    table
}

/// The rates of [`ConfidenceNumbers`], and what they are relative to.
pub const CONFIDENCE_RATES: [(&str, &str); 2] = [
    ("wrong but shown", "of the landmarks that are off by more than 0.2 of the box"),
    ("right but hidden", "of the others"),
];

/// A value and its interval as text, if there is a value.
fn cells(estimate: &Estimate) -> Option<(String, String)> {
    let value = format!("{:.4}", estimate.value?);
    let interval = estimate.interval.map(|own| format!("{:.4} to {:.4}", own.low, own.high));
    Some((value, interval.unwrap_or_default()))
}
