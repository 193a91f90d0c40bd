//! One training run and its error on the test split.
use std::sync::Arc;

use dafe::{atomic::write_text, predict::predict_dataset, prelude::*, train::Interrupter};
use dafe_cli::support::Outcome;

/// The test NE of a run's best network. Trains it first, unless it is done; `None` if interrupted.
pub fn test_ne(
    training: &Training,
    test: Arc<FldDataset>,
    interrupter: &Interrupter,
    mut progress: impl FnMut(usize),
) -> Outcome<Option<f64>> {
    // For a finished run, this only checks that configuration and data are the same.
    let outcome = training.run(interrupter, |event| {
        if let TrainEvent::Epoch(record) = event {
            progress(record.epoch);
        }
    })?;
    if !outcome.finished {
        return Ok(None);
    }
    let detector = LandmarkDetector::load(&training.folder, &training.devices[0])?;
    let dataset: Arc<dyn LandmarkDataset> = test;
    let found = predict_dataset(
        detector.net(),
        &dataset,
        &training.loader_config(),
        detector.config().decoding(),
        &training.devices[0],
        |_, _| (),
    )?;
    let summary = found.report(dataset.as_ref()).summary();
    let json = serde_json::to_string_pretty(&summary)?;
    write_text(training.folder.join("test.json"), &json)?;
    Ok(Some(summary.ne.ok_or("the test split has no visible landmark")?))
}
