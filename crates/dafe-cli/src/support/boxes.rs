//! A detector's boxes instead of the labeled ones, and results files.
use std::{path::Path, sync::Arc};

use dafe::{
    data::WithBoxes,
    metric::LandmarkReport,
    predict::{LandmarkResult, Prediction, Predictions, write_results},
    prelude::*,
};

use super::{Outcome, output};

/// The images of `labeled` with the boxes of a file: COCO results, with `bbox` and `score`.
pub fn detected(
    labeled: &Arc<dyn LandmarkDataset>,
    path: &Path,
) -> Outcome<Arc<dyn LandmarkDataset>> {
    let boxes = WithBoxes::open(labeled.clone(), path)?;
    if boxes.left_out() > 0 {
        let count = boxes.left_out();
        output::tell(format_args!("left out {count} boxes of other images or categories"));
    }
    Ok(Arc::new(boxes))
}

/// Evaluates predictions in a detector's boxes against all labeled samples. Only average precision
/// can be measured.
pub fn report(
    found: &Predictions,
    detected: &dyn LandmarkDataset,
    labeled: &dyn LandmarkDataset,
) -> LandmarkReport {
    let mut report = found.report(detected);
    (0..labeled.len()).for_each(|index| report.add_truth(&labeled.sample(index)));
    report
}

/// Writes predictions for COCO's and DeepFashion2's evaluators, each sample with its category's
/// landmarks.
pub fn write(found: &Predictions, dataset: &dyn LandmarkDataset, path: &Path) -> Outcome<()> {
    let results = found.predictions.iter().map(|prediction| {
        let Prediction { index, positions, scores, .. } = prediction;
        LandmarkResult::new(dataset, *index, positions, scores)
    });
    Ok(write_results(path, &results.collect::<Result<Vec<_>, _>>()?)?)
}
