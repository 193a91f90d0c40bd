//! A network over a whole dataset: predictions in the images' own pixels.
mod coco_results;
#[cfg(all(test, feature = "flex"))]
mod tests;

use std::{convert::Infallible, ops::ControlFlow, sync::Arc};

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    backbone::Backbone,
    data::{BatchLoader, HostBatch, LandmarkDataset, LoaderConfig, SkippedImage},
    heatmap::{DecodeConfig, HeatmapCodec, ImageLandmarks},
    metric::{LandmarkReport, PresenceReport},
    model::LandmarkNet,
};

pub use coco_results::{LandmarkResult, write_results};

/// What a network says of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The sample's index in its dataset.
    pub index: usize,
    /// `[width, height]` of its image.
    pub image_size: [u32; 2],
    /// x and y of each landmark, in the image's pixels.
    pub positions: Vec<[f32; 2]>,
    /// The highest value of each heatmap, or that value's sigmoid for [logits](DecodeConfig::logits).
    pub scores: Vec<f32>,
}

/// Predictions for a dataset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Predictions {
    /// One for each image that could be read, in the dataset's order.
    pub predictions: Vec<Prediction>,
    /// Images that were left out, where that was asked for.
    pub skipped: Vec<SkippedImage>,
}

/// Runs `net` (on `device`, without autodiff) over every sample of `dataset`, each cropped to its box, labelled or
/// detected. `progress` is told how many of the samples are done, and how many there are.
///
/// # Errors
/// The first image that can't be read, unless `config` asks to skip those.
pub fn predict_dataset<B: Backbone>(
    net: &LandmarkNet<B>,
    dataset: &Arc<dyn LandmarkDataset>,
    config: &LoaderConfig,
    decoding: DecodeConfig,
    device: &Device,
    mut progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let mirror = dataset.schema().mirror();
    let infer = |batches: &[Arc<HostBatch>]| {
        let infer = |batch: &Arc<HostBatch>| {
            landmarks_of(net, batch, device, decoding, &config.codec, mirror)
        };
        Ok(batches.iter().map(infer).collect())
    };
    let told = |done, total| -> ControlFlow<Infallible> {
        progress(done, total);
        ControlFlow::Continue(())
    };
    let ControlFlow::Continue(all) = predict_until(dataset, config, 1, infer, told)?;
    Ok(all)
}

/// The landmarks that `net` (on `device`, without autodiff) finds in the images of `batch`.
pub(crate) fn landmarks_of<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: &HostBatch,
    device: &Device,
    decoding: DecodeConfig,
    codec: &HeatmapCodec,
    mirror: &[usize],
) -> Vec<ImageLandmarks> {
    let images = batch.to_device(device).images;
    let heatmaps = net.forward(images.clone());
    decoding.landmarks(heatmaps, || net.forward(images.flip([3])), codec, mirror)
}

/// [`predict_dataset`] by `infer`, which is given up to `at_once` batches, none of them empty, and says what landmarks their
/// images show; until `progress` breaks it off.
pub(crate) fn predict_until<Stop>(
    dataset: &Arc<dyn LandmarkDataset>,
    config: &LoaderConfig,
    at_once: usize,
    mut infer: impl FnMut(&[Arc<HostBatch>]) -> Result<Vec<Vec<ImageLandmarks>>, Error>,
    mut progress: impl FnMut(usize, usize) -> ControlFlow<Stop>,
) -> Result<ControlFlow<Stop, Predictions>, Error> {
    let total = dataset.len();
    let mut all = Predictions::default();
    let order = (0..total).collect();
    let mut loader = BatchLoader::new(dataset.clone(), order, config.clone(), None, 0);
    while loader.remaining() > 0 {
        let batches = loader.by_ref().take(at_once).map(|batch| {
            let mut batch = batch?;
            all.skipped.append(&mut batch.skipped);
            Ok(Arc::new(batch))
        });
        let mut batches = batches.collect::<Result<Vec<_>, Error>>()?;
        batches.retain(|batch| !batch.is_empty());
        for (batch, images) in batches.iter().zip(infer(&batches)?) {
            for (i, found) in images.into_iter().enumerate() {
                let to_image = |&point| batch.transforms[i].to_image(point);
                all.predictions.push(Prediction {
                    index: batch.indices[i],
                    image_size: batch.image_sizes[i],
                    positions: found.positions.iter().map(to_image).collect(),
                    scores: found.scores,
                });
            }
        }
        let done = all.predictions.len() + all.skipped.len();
        if let ControlFlow::Break(stop) = progress(done, total) {
            return Ok(ControlFlow::Break(stop));
        }
    }
    Ok(ControlFlow::Continue(all))
}

impl Predictions {
    /// Which landmarks would be returned if each sample's category were inferred from the heatmaps, against those that it
    /// has.
    pub fn presence(&self, dataset: &dyn LandmarkDataset) -> PresenceReport {
        let schema = dataset.schema();
        let mut presence = PresenceReport::default();
        for prediction in &self.predictions {
            let guess = schema.likeliest_category(&prediction.scores).map(|(guess, _)| guess);
            let mut returned = vec![false; schema.len()];
            for landmark in schema.landmarks_of(guess) {
                returned[landmark] = true;
            }
            presence.update(&returned, guess, &dataset.sample(prediction.index));
        }
        presence
    }

    /// How good these predictions are on the dataset that they were made for. Boxes are clipped to
    /// their images where PCK divides by their sides, as MMPose does. Average precision counts the
    /// labelled samples of images that were left out as not found; the other metrics are over the
    /// rest.
    pub fn report(&self, dataset: &dyn LandmarkDataset) -> LandmarkReport {
        let mut report = LandmarkReport::new(dataset.schema());
        for Prediction { index, image_size, positions, scores } in &self.predictions {
            let sample = dataset.sample(*index);
            report.update_with(positions, Some(scores), Some(*image_size), &sample);
        }
        // A detector's box is no truth.
        let skipped = self.skipped.iter().map(|skipped| dataset.sample(skipped.index));
        skipped
            .filter(|sample| sample.score.is_none())
            .for_each(|sample| report.add_truth(&sample));
        report
    }
}
