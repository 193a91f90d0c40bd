//! What was measured.
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

/// The file of numbers.
#[derive(Serialize)]
pub struct Numbers {
    #[serde(flatten)]
    pub summary: LandmarkSummary,
    /// The normalized error of the split's parts, with intervals. Not with a detector's boxes, in
    /// which there are no errors.
    pub ne_parts: Option<NeParts>,
    /// PCK by its threshold.
    pub pck: Option<PckCurve>,
    /// The errors without boxes, if they were asked for.
    pub without_boxes: Option<WithAndWithoutBoxes>,
    /// The rates of leaving out the landmarks that the inferred category lacks. Not with a
    /// detector's boxes, whose categories are the detector's.
    pub presence: Option<Named<Estimate>>,
    /// The accuracy of the model's estimates of visibility, if its calibration has any. Not with a
    /// detector's boxes.
    pub visibility: Option<VisibilityNumbers>,
    /// What the model's confidences of positions are worth, if its calibration has them. Not with a
    /// detector's boxes.
    pub confidence: Option<ConfidenceNumbers>,
}

/// Bins of probabilities.
const BINS: usize = 10;

/// What confidences of positions are worth.
#[derive(Serialize)]
pub struct ConfidenceNumbers {
    /// Landmarks from this score on are shown.
    pub min_score: f32,
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
            min_score: calibration.position?.threshold,
            rates: report.estimates(bootstrap),
            counts: report.counts(),
            reliability: report.reliability(BINS),
        })
    }
}

/// Visible landmarks told from hidden ones.
#[derive(Serialize)]
pub struct VisibilityNumbers {
    /// The mean of the landmarks' balanced accuracies.
    pub balanced_accuracy: Estimate,
    pub by_landmark: Named<Estimate>,
    pub counts: Named<VisibilityCounts>,
    pub reliability: Vec<ReliabilityBin>,
}

impl VisibilityNumbers {
    /// `None` where no landmark has an estimate.
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
    /// Everything that can be measured of what was found in `dataset`.
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

/// The rates of inferring the category and leaving out the landmarks that it lacks.
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
        table += "the model was not trained for that (dafe train --empty-weight), so dafe detect \
                  returns all landmarks\n";
    }
    table
}

/// How well visible landmarks are told from hidden ones.
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

/// How many wrong positions are shown, and how many right ones are not.
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

/// Rates of a [`ConfidenceNumbers`], and what they are.
pub const CONFIDENCE_RATES: [(&str, &str); 2] = [
    ("wrong but shown", "of the landmarks that are off by more than 0.2 of the box"),
    ("right but hidden", "of the others"),
];

/// A value and its interval, if there is a value.
fn cells(estimate: &Estimate) -> Option<(String, String)> {
    let value = format!("{:.4}", estimate.value?);
    let interval = estimate.interval.map(|own| format!("{:.4} to {:.4}", own.low, own.high));
    Some((value, interval.unwrap_or_default()))
}
