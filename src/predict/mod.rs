//! Predictions of a network for a whole dataset, in the images' own pixels, and their evaluation.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use std::sync::Arc;
//!
//! use dafe::{data::LoaderConfig, heatmap::DecodeConfig, predict::predict_dataset, prelude::*};
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # dafe::data::image::write_png(root.join("kite.png"), &image::RgbImage::new(60, 40))?;
//! # std::fs::write(root.join("kites.json"), r#"{
//! #     "images": [{"id": 1, "file_name": "kite.png"}],
//! #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 5, 20, 30],
//! #                      "keypoints": [30, 10, 2, 31, 32, 2]}],
//! #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top", "bottom"]}]
//! # }"#)?;
//! let kites: Arc<dyn LandmarkDataset> =
//!     Arc::new(CocoDataset::open(root.join("kites.json"), root)?);
//! let device = Device::flex();
//! let net = Preset::Nano.config(2).init(&device); // Or a detector's `net()`.
//! let codec = HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0);
//! let (config, decoding) = (LoaderConfig::new(codec), DecodeConfig::default());
//! let found = predict_dataset(&net, &kites, &config, decoding, &device, |_, _| {})?;
//! println!("at {:?}", found.predictions[0].positions);
//! println!("normalized error {:?}", found.report(&*kites).ne());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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

/// The prediction for one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The sample's index in its dataset.
    pub index: usize,
    /// The image's `[width, height]`.
    pub image_size: [u32; 2],
    /// x and y of each landmark, in the image's pixels.
    pub positions: Vec<[f32; 2]>,
    /// The maximum of each heatmap, or its sigmoid for [logits](DecodeConfig::logits).
    pub scores: Vec<f32>,
}

/// Predictions for a dataset.
///
/// ```
/// use dafe::{
///     predict::{Prediction, Predictions},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 1, "file_name": "kite.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 80, 40],
/// #                      "keypoints": [30, 10, 2]}],
/// #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top"]}]
/// # }"#)?;
/// // A kite of 80 × 40 pixels, whose top is at (30, 10).
/// let kites = CocoDataset::open(&path, "images")?;
/// let positions = vec![[50.0, 10.0]]; // From any network: 20 pixels off, a quarter of the width.
/// let found = Prediction { index: 0, image_size: [100, 60], positions, scores: vec![0.5] };
/// let found = Predictions { predictions: vec![found], skipped: vec![] };
/// assert_eq!(found.report(&kites).ne(), Some(0.25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Predictions {
    /// One prediction for each sample whose image could be read, in the dataset's order.
    pub predictions: Vec<Prediction>,
    /// Skipped images, if skipping was requested.
    pub skipped: Vec<SkippedImage>,
}

/// Runs `net` over every sample of `dataset`, cropped to the sample's box, labeled or detected.
///
/// `net` must be on `device`, which must not be an autodiff device. `config` and `decoding` must be
/// those that the network was trained for:
/// [`DetectorConfig::loader`](crate::detector::DetectorConfig::loader) and
/// [`decoding`](crate::detector::DetectorConfig::decoding) if it is a detector's. `progress` is
/// called with the number of samples done and their total.
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

/// The landmarks that `net` finds in the images of `batch`; `device` must not be an autodiff
/// device.
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

/// [`predict_dataset`] with `infer` in place of the network: it gets up to `at_once` non-empty
/// batches and returns their landmarks. Stops early if `progress` breaks.
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
    /// Compares the landmarks that would be returned with each sample's category inferred from the
    /// heatmaps to those that the sample has.
    pub fn presence(&self, dataset: &dyn LandmarkDataset) -> PresenceReport {
        let schema = dataset.schema();
        let mut presence = PresenceReport::default();
        for prediction in &self.predictions {
            let inferred =
                schema.likeliest_category(&prediction.scores).map(|(category, _)| category);
            let mut returned = vec![false; schema.len()];
            for landmark in schema.landmarks_of(inferred) {
                returned[landmark] = true;
            }
            presence.update(&returned, inferred, &dataset.sample(prediction.index));
        }
        presence
    }

    /// Evaluates these predictions on the dataset they were made for.
    ///
    /// For PCK, boxes are clipped to their images, as MMPose does. Average precision counts the
    /// samples of skipped images as not found; the other metrics leave them out.
    pub fn report(&self, dataset: &dyn LandmarkDataset) -> LandmarkReport {
        let mut report = LandmarkReport::new(dataset.schema());
        for Prediction { index, image_size, positions, scores } in &self.predictions {
            let sample = dataset.sample(*index);
            report.update_with(positions, Some(scores), Some(*image_size), &sample);
        }
        // A detected box is not a ground truth.
        let skipped = self.skipped.iter().map(|skipped| dataset.sample(skipped.index));
        skipped
            .filter(|sample| sample.score.is_none())
            .for_each(|sample| report.add_truth(&sample));
        report
    }
}
