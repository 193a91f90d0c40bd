//! How a net does when no box is given, beside how it does in the labelled ones.
#![allow(dead_code, reason = "each example uses a part")]
use std::collections::HashSet;

use dafe::{
    metric::{Bootstrap, Estimate, Named, NormalizedErrorProtocol},
    prelude::*,
};
use serde::Serialize;

use super::support::{Outcome, Progress};

/// The headlines that are compared.
pub const COMPARED: [&str; 3] = ["NE", "PCK@0.1", "failure rate@0.2"];

/// The same samples, looked at in their labelled boxes and in whole pictures.
#[derive(Serialize)]
pub struct WithAndWithoutBoxes {
    /// One of each picture, that with the largest box.
    pub samples: u64,
    pub in_labelled_boxes: Named<Estimate>,
    pub without_boxes: Named<Estimate>,
}

impl WithAndWithoutBoxes {
    /// Of the samples that were looked for `without` boxes, all of which are among those `found` in them.
    pub fn of(
        found: &Predictions,
        without: &Predictions,
        dataset: &dyn LandmarkDataset,
        protocol: NormalizedErrorProtocol,
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
            in_labelled_boxes: headlines(&same),
            without_boxes: headlines(without),
        }
    }

    pub fn print(&self) {
        print_headlines(&self.in_labelled_boxes, &self.without_boxes);
        println!("of {} samples: in each picture, the one with the largest box", self.samples);
    }
}

/// Measures the detector on whole pictures; what can't be read is left out where `bad_picture` says so.
pub fn measure(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_picture: BadPicture,
    bootstrap: &Bootstrap,
) -> Outcome<LandmarkSummary> {
    Ok(find(detector, dataset, bad_picture)?.report(dataset).summary_with(bootstrap))
}

/// What the detector finds in whole pictures, telling of progress.
pub fn find(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_picture: BadPicture,
) -> Outcome<Predictions> {
    let progress = Progress::new("looking without boxes", dataset.len());
    let tell = |done, total| progress.update(done, total, "");
    let found = predict_without_boxes(detector, dataset, bad_picture, tell)?;
    progress.done();
    Ok(found)
}

/// Prints both side by side, and whether they are of the same samples.
pub fn print(in_boxes: &LandmarkSummary, without: &LandmarkSummary) {
    print_headlines(&in_boxes.headlines, &without.headlines);
    if without.samples < in_boxes.samples {
        println!(
            "without a box, one garment of a picture is looked for: the largest of {} pictures' {}",
            without.samples, in_boxes.samples
        );
    }
}

/// Prints what is compared, side by side.
pub fn print_headlines(in_boxes: &Named<Estimate>, without: &Named<Estimate>) {
    println!("\n{:<20}{:<28}without a box", "", "in the labelled box");
    for name in COMPARED {
        let [in_boxes, without] = [in_boxes, without].map(|headlines| cell(headlines, name));
        println!("{name:<20}{in_boxes:<28}{without}");
    }
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
