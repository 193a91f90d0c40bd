//! How a net does when no box is given, beside how it does in the labelled ones.
use dafe::{metric::Bootstrap, prelude::*};

use super::support::{Outcome, Progress};

/// Measures the detector on whole pictures; what can't be read is left out where `bad_picture` says so.
pub fn measure(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_picture: BadPicture,
    bootstrap: &Bootstrap,
) -> Outcome<LandmarkSummary> {
    let progress = Progress::new("looking without boxes", dataset.len());
    let tell = |done, total| progress.update(done, total, "");
    let found = predict_without_boxes(detector, dataset, bad_picture, tell)?;
    progress.done();
    Ok(found.report(dataset).summary_with(bootstrap))
}

/// Prints both side by side.
pub fn print(in_boxes: &LandmarkSummary, without: &LandmarkSummary) {
    println!("\n{:<20}{:<28}without a box", "", "in the labelled box");
    for name in ["NE", "PCK@0.1", "failure rate@0.2"] {
        let [in_boxes, without] = [in_boxes, without].map(|summary| cell(summary, name));
        println!("{name:<20}{in_boxes:<28}{without}");
    }
    if without.samples < in_boxes.samples {
        println!(
            "without a box, one garment of a picture is looked for: the largest of {} pictures' {}",
            without.samples, in_boxes.samples
        );
    }
}

/// A headline with its interval.
fn cell(summary: &LandmarkSummary, name: &str) -> String {
    let Some(estimate) = summary.headlines.get(name) else { return "-".into() };
    let value = estimate.value.map_or("-".into(), |value| format!("{value:.4}"));
    let interval = estimate.interval;
    let interval =
        interval.map(|interval| format!(" ({:.4} to {:.4})", interval.low, interval.high));
    value + &interval.unwrap_or_default()
}
