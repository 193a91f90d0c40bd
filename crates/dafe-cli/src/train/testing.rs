//! Evaluation of the network that a run trained.
use std::{collections::BTreeMap, sync::Arc};

use dafe::{
    atomic::write_text,
    data::image::write_png,
    metric::{Bootstrap, LandmarkReport, MeanBaseline},
    predict::{Prediction, Predictions, predict_dataset},
    prelude::*,
    train,
};

use super::metrics::Metrics;
use crate::support::{Outcome, Progress, boxes, datasets::OpenSplit, sheets, without_boxes};

/// A finished run, and the data it is evaluated on.
pub struct Trained<'a> {
    pub training: &'a Training,
    pub test: &'a OpenSplit,
    /// The same images in a detector's boxes.
    pub detected: Option<&'a Arc<dyn LandmarkDataset>>,
    pub device: Device,
}

impl Trained<'_> {
    /// Evaluates the best epoch's network, and writes the results into the run's folder:
    /// metrics.json, predictions.png and, for a detector's boxes, results.json. `skipped` is the
    /// number of images left out in training.
    pub fn evaluate(&self, outcome: &train::Outcome, skipped: usize) -> Outcome<Metrics> {
        let Self { training, test, .. } = self;
        let (folder, dataset) = (&training.folder, test.dataset.as_ref());
        let detector = LandmarkDetector::load(folder, &self.device)?;
        let found = self.predict(&detector, &test.dataset, "testing")?;
        let test_summary = found.report(dataset).summary();
        let baseline = self.baseline(&found).summary();
        let without_boxes =
            without_boxes::measure(&detector, dataset, training.bad_image, &Bootstrap::default())?;
        let in_detected_boxes = match self.detected {
            None => None,
            Some(detected) => {
                let found = self.predict(&detector, detected, "testing in the detector's boxes")?;
                boxes::write(&found, detected.as_ref(), &folder.join("results.json"))?;
                Some(boxes::report(&found, detected.as_ref(), dataset).summary())
            }
        };
        let best = outcome.history.best();
        let metrics = Metrics {
            format: Metrics::FORMAT,
            split: test.split,
            baseline_over_ne: baseline.ne.zip(test_summary.ne).map(|(baseline, ne)| baseline / ne),
            test: test_summary,
            without_boxes,
            in_detected_boxes,
            baseline,
            train_seconds: outcome.seconds,
            best_epoch: best.map(|epoch| epoch.epoch),
            val_ne: best.and_then(|epoch| epoch.val_ne),
            skipped_images: skipped + found.skipped.len(),
            training: BTreeMap::from([
                ("samples", training.train.len()),
                ("epochs", training.config.epochs),
                ("batch_size", training.config.batch_size),
            ]),
        };
        write_text(folder.join("metrics.json"), &serde_json::to_string_pretty(&metrics)?)?;
        let sheet = sheets::prediction_sheet(dataset, &found.predictions, 24)?;
        write_png(folder.join("predictions.png"), &sheet)?;
        Ok(metrics)
    }

    /// Runs the detector in the dataset's boxes, showing progress.
    fn predict(
        &self,
        detector: &LandmarkDetector,
        dataset: &Arc<dyn LandmarkDataset>,
        name: &str,
    ) -> Outcome<Predictions> {
        let progress = Progress::new(name, dataset.len());
        let tell = |done, total| progress.update(done, total, "");
        let (config, decoding) = (self.training.loader_config(), detector.config().decoding());
        let found =
            predict_dataset(detector.net(), dataset, &config, decoding, &self.device, tell)?;
        progress.done();
        Ok(found)
    }

    /// The errors of always predicting the category's mean position.
    fn baseline(&self, found: &Predictions) -> LandmarkReport {
        let (train, test) = (&self.training.train, &self.test.dataset);
        let baseline = MeanBaseline::fit((0..train.len()).map(|index| train.sample(index)));
        let mut report = LandmarkReport::new(test.schema());
        for Prediction { index, image_size, .. } in &found.predictions {
            let sample = test.sample(*index);
            report.update_with(&baseline.predict(&sample), None, Some(*image_size), &sample);
        }
        report
    }
}
