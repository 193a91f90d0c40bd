//! Errors without boxes, compared with those in the labeled boxes.
use std::collections::HashSet;

use dafe::{
    data::BadImage,
    detector::predict_without_boxes,
    metric::{Bootstrap, Estimate, LandmarkSummary, Named, Ne},
    predict::{Prediction, Predictions},
    prelude::*,
};
use serde::Serialize;

use super::{Outcome, Progress, output};

/// The headlines that are compared.
pub const COMPARED: [&str; 3] = ["NE", "PCK@0.1", "failure rate@0.2"];

/// The errors of the same samples in their labeled boxes and in whole images.
#[derive(Serialize)]
pub struct WithAndWithoutBoxes {
    /// The number of samples: one per image, the one with the largest box.
    pub samples: u64,
    /// Headlines of the samples in their boxes.
    pub in_labeled_boxes: Named<Estimate>,
    /// Headlines of the samples in whole images.
    pub without_boxes: Named<Estimate>,
}

impl WithAndWithoutBoxes {
    /// Compares the predictions `without` boxes with those `found` in the boxes, which must include
    /// the same samples.
    pub fn of(
        found: &Predictions,
        without: &Predictions,
        dataset: &dyn LandmarkDataset,
        protocol: Ne,
        bootstrap: &Bootstrap,
    ) -> Self {
        let samples: HashSet<usize> = without.predictions.iter().map(|one| one.index).collect();
        let mut same = Predictions::default();
        let is_same = |one: &&Prediction| samples.contains(&one.index);
        same.predictions.extend(found.predictions.iter().filter(is_same).cloned());
        let headlines = |found: &Predictions| -> Named<Estimate> {
            let report = found.report(dataset).with_protocol(protocol);
            let headlines = report.summary_with(bootstrap).headlines;
            (COMPARED.iter())
                .filter_map(|&name| Some((name.to_string(), *headlines.get(name)?)))
                .collect()
        };
        Self {
            samples: samples.len() as u64,
            in_labeled_boxes: headlines(&same),
            without_boxes: headlines(without),
        }
    }

    /// Prints both side by side.
    pub fn print(&self) {
        let headlines = headlines_table(&self.in_labeled_boxes, &self.without_boxes);
        let samples = self.samples;
        output::tell(format_args!(
            "{headlines}on {samples} samples: in each image, the one with the largest box"
        ));
    }
}

/// Evaluates the detector on whole images. Unreadable images are left out if `bad_image` says so.
///
/// # Errors
/// If an image cannot be read and is not to be left out, or the device fails.
pub fn measure(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_image: BadImage,
    bootstrap: &Bootstrap,
) -> Outcome<LandmarkSummary> {
    Ok(find(detector, dataset, bad_image)?.report(dataset).summary_with(bootstrap))
}

/// Runs the detector on whole images, showing progress.
///
/// # Errors
/// The errors of [`measure`].
pub fn find(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_image: BadImage,
) -> Outcome<Predictions> {
    let progress = Progress::new("searching without boxes", dataset.len());
    let tell = |done, total| progress.update(done, total, "");
    let found = predict_without_boxes(detector, dataset, bad_image, tell)?;
    progress.done();
    Ok(found)
}

/// Prints both side by side, and whether they cover the same samples.
pub fn print(in_boxes: &LandmarkSummary, without: &LandmarkSummary) {
    let headlines = headlines_table(&in_boxes.headlines, &without.headlines);
    output::tell(headlines.trim_end());
    if without.samples < in_boxes.samples {
        output::tell(format_args!(
            "without boxes, one garment per image is evaluated, the largest: {} of {} samples",
            without.samples, in_boxes.samples
        ));
    }
}

/// The compared headlines side by side, as lines.
fn headlines_table(in_boxes: &Named<Estimate>, without: &Named<Estimate>) -> String {
    let mut table = format!("\n{:<20}{:<28}without a box\n", "", "in the labeled box");
    for name in COMPARED {
        let [in_boxes, without] = [in_boxes, without].map(|headlines| cell(headlines, name));
        table += &format!("{name:<20}{in_boxes:<28}{without}\n");
    }
    table
}

/// A headline with its interval.
fn cell(headlines: &Named<Estimate>, name: &str) -> String {
    let Some(estimate) = headlines.get(name) else { return "-".into() };
    let value = estimate.value.map_or("-".into(), |value| format!("{value:.4}"));
    let interval = estimate.interval;
    let interval =
        interval.map(|interval| format!(" ({:.4} to {:.4})", interval.low, interval.high));
    value + &interval.unwrap_or_default()
}
