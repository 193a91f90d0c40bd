//! Evaluation of a model, and its calibration.
use std::sync::Arc;

use dafe::{
    data::BadImage,
    detector::Calibration,
    metric::{Bootstrap, Ne},
    predict::Predictions,
    prelude::*,
};
use dafe_cli::support::{
    Outcome, Progress,
    without_boxes::{self, WithAndWithoutBoxes},
};
use serde::Serialize;

use crate::{
    check_set::{self, OF_EACH},
    trees::TestSet,
};

/// The same model, calibrated on `val` with the flip test, which a run's own calibration doesn't
/// use.
///
/// Without estimates of visibility: low scores find what is occluded in generated garments, but not
/// on photographs, where balanced accuracy is near one half.
pub fn calibrated(
    detector: &LandmarkDetector,
    val: &Arc<dyn LandmarkDataset>,
    workers: usize,
) -> Outcome<LandmarkDetector> {
    let found = check_set::in_boxes(detector, val, workers, |_, _| ())?;
    let mut calibration = Calibration::fit(&found, val.as_ref());
    calibration.landmarks.fill(None);
    let config = detector.config().clone().with_calibration(Some(calibration));
    Ok(LandmarkDetector::new(detector.net().clone(), config, detector.device())?)
}

/// Predictions in the labeled boxes of a set of generated garments, and the errors with and
/// without boxes, with 95 % intervals.
pub fn measure(
    detector: &LandmarkDetector,
    set: &TestSet,
    workers: usize,
) -> Outcome<(Predictions, WithAndWithoutBoxes)> {
    let dataset = &set.dataset;
    let progress = Progress::new(&format!("measuring on {} garments", set.name), dataset.len());
    let tell = |done, total| progress.update(done, total, "");
    let found = check_set::in_boxes(detector, dataset, workers, tell)?;
    progress.done();
    let without = without_boxes::find(detector, dataset.as_ref(), BadImage::Fail)?;
    let (protocol, bootstrap) = (Ne::default(), Bootstrap::default());
    let errors = WithAndWithoutBoxes::of(&found, &without, dataset.as_ref(), protocol, &bootstrap);
    Ok((found, errors))
}

/// The errors on the small set that a test generates, too.
#[derive(Serialize)]
pub struct Checked {
    /// Half of them usual, half of them unlike.
    garments: u64,
    in_labeled_boxes: Option<f64>,
    without_boxes: Option<f64>,
}

impl Checked {
    pub fn of(detector: &LandmarkDetector) -> Outcome<Self> {
        let [in_labeled_boxes, without_boxes] = check_set::errors(detector)?;
        Ok(Self { garments: 2 * OF_EACH, in_labeled_boxes, without_boxes })
    }

    pub fn print(&self) {
        let text = |ne: Option<f64>| ne.map_or("unknown".to_string(), |ne| format!("{ne:.6}"));
        println!(
            "\non the {} garments of the check: NE {} in the labeled box, {} without",
            self.garments,
            text(self.in_labeled_boxes),
            text(self.without_boxes)
        );
    }
}
