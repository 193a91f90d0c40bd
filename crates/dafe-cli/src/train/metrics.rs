//! The metrics of a run.
use std::collections::BTreeMap;

use dafe::{metric::LandmarkSummary, prelude::*};
use serde::Serialize;

use crate::support::{NO_SIGMAS, duration, output::tell, without_boxes};

/// The metrics of a run, as in `metrics.json`.
#[derive(Serialize)]
pub struct Metrics {
    /// The version of the file format: [`Self::FORMAT`].
    pub format: u64,
    /// The split of `test`: "val" if there is no labeled test split.
    pub split: Split,
    pub test: LandmarkSummary,
    /// The same split without boxes: one garment per image, the largest.
    pub without_boxes: LandmarkSummary,
    pub in_detected_boxes: Option<LandmarkSummary>,
    pub baseline: LandmarkSummary,
    pub baseline_over_ne: Option<f64>,
    pub train_seconds: f64,
    pub best_epoch: Option<usize>,
    pub val_ne: Option<f64>,
    pub skipped_images: usize,
    pub training: BTreeMap<&'static str, usize>,
}

impl Metrics {
    pub const FORMAT: u64 = 1;

    /// Prints the metrics, ignoring a closed output.
    pub fn print(&self) {
        tell(format_args!("\non the {} split\n{}", self.split, self.test));
        match (self.test.ne, self.baseline.ne, self.baseline_over_ne) {
            (Some(ne), Some(baseline), Some(times)) => tell(format_args!(
                "NE {ne:.4}; mean baseline (always the category's mean position): NE \
                 {baseline:.4}, {times:.1} times as much"
            )),
            _ => tell(format_args!(
                "the normalized error is not defined: no landmark of the {} split is visible \
                 (--visibility binary, if 1 means labeled)",
                self.split
            )),
        }
        if self.test.oks_visible.is_none() {
            tell(NO_SIGMAS);
        }
        without_boxes::print(&self.test, &self.without_boxes);
        if let Some(in_boxes) = &self.in_detected_boxes {
            tell(format_args!("in the detector's boxes\n{in_boxes}"));
        }
        let (time, left_out) = (duration(self.train_seconds), self.skipped_images);
        tell(format_args!("trained for {time}; left out {left_out} images"));
    }
}
