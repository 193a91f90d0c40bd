//! A network over a whole dataset: predictions in the pictures' own pixels.
use std::sync::Arc;

use burn::tensor::Device;

use crate::{
    backbone::Backbone,
    data::{BatchLoader, LandmarkDataset, LoaderConfig, SkippedPicture},
    error::Error,
    heatmap::Refinement,
    metric::LandmarkReport,
    model::LandmarkNet,
};

/// What a network says of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The sample's index in its dataset.
    pub index: usize,
    /// x and y of each landmark, in the picture's pixels.
    pub positions: Vec<[f32; 2]>,
    /// The highest value of each heatmap.
    pub scores: Vec<f32>,
}

/// Predictions for a dataset.
#[derive(Debug, Clone, Default)]
pub struct Predictions {
    /// One for each picture that could be read, in the dataset's order.
    pub predictions: Vec<Prediction>,
    /// Pictures that were left out, where that was asked for.
    pub skipped: Vec<SkippedPicture>,
}

/// Runs `net` (on `device`, without autodiff) over every sample of `dataset`, each cropped to its labelled box.
/// With `flip_test`, their mirror images, too, and the heatmaps are averaged. `progress` is told how many of the samples are
/// done, and how many there are.
///
/// # Errors
/// The first picture that can't be read, unless `config` asks to skip those.
pub fn predict_dataset<B: Backbone>(
    net: &LandmarkNet<B>,
    dataset: &Arc<dyn LandmarkDataset>,
    config: &LoaderConfig,
    refinement: Refinement,
    flip_test: bool,
    device: &Device,
    mut progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let total = dataset.len();
    let mut all = Predictions::default();
    for batch in BatchLoader::new(dataset.clone(), (0..total).collect(), config.clone(), None, 0) {
        let batch = batch?;
        if !batch.is_empty() {
            let images = batch.to_device(device).images;
            let mut heatmaps = net.forward(images.clone());
            if flip_test {
                let flipped = net.forward(images.flip([3]));
                let mirror = dataset.schema().mirror();
                heatmaps = config.codec.average_flipped(heatmaps, flipped, mirror);
            }
            let pictures = config.codec.decode(heatmaps, refinement).into_pictures();
            for ((index, transform), found) in
                batch.indices.iter().zip(&batch.transforms).zip(pictures)
            {
                let positions =
                    found.positions.iter().map(|&point| transform.to_picture(point)).collect();
                all.predictions.push(Prediction { index: *index, positions, scores: found.scores });
            }
        }
        all.skipped.extend(batch.skipped);
        progress(all.predictions.len() + all.skipped.len(), total);
    }
    Ok(all)
}

impl Predictions {
    /// How good these predictions are on the dataset that they were made for.
    pub fn report(&self, dataset: &dyn LandmarkDataset) -> LandmarkReport {
        let mut report = LandmarkReport::new(dataset.schema());
        for prediction in &self.predictions {
            let sample = dataset.sample(prediction.index);
            report.update_with(&prediction.positions, Some(&prediction.scores), None, &sample);
        }
        report
    }
}
