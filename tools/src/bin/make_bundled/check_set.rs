//! A small fixed set of generated garments, in memory: a model's errors on it show whether it is
//! still the same model.
use std::sync::Arc;

use dafe::{
    Error,
    data::BadImage,
    detector::predict_without_boxes,
    predict::{Predictions, predict_dataset},
    prelude::*,
};
use dafe_garments::{InMemoryGarments, Style};

/// The number of garments of each style.
pub const OF_EACH: u64 = 60;

/// A seed that is not used for training.
const SEED: u64 = 1_000_000;

/// The normalized errors on the set, half usual and half unlike garments: in the labeled boxes,
/// and without boxes.
pub fn errors(detector: &LandmarkDetector) -> Result<[Option<f64>; 2], Error> {
    let mut garments = InMemoryGarments::new();
    for style in [Style::Usual, Style::Unlike] {
        garments.generate(style, SEED, Split::Test, OF_EACH);
    }
    let set: Arc<dyn LandmarkDataset> = Arc::new(garments);
    let found = in_boxes(detector, &set, 2, |_, _| ())?;
    let without = predict_without_boxes(detector, set.as_ref(), BadImage::Fail, |_, _| ())?;
    Ok([found, without].map(|found| found.report(set.as_ref()).ne()))
}

/// Predictions of a detector in a dataset's labeled boxes, with its own decoding.
pub fn in_boxes(
    detector: &LandmarkDetector,
    dataset: &Arc<dyn LandmarkDataset>,
    workers: usize,
    progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let model = detector.config();
    let loader = model.loader().with_batch_size(16).with_workers(workers);
    let (net, device) = (detector.net(), detector.device());
    predict_dataset(net, dataset, &loader, model.decoding(), device, progress)
}
