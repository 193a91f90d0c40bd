//! A network over a whole dataset: predictions in the pictures' own pixels.
use std::sync::Arc;

use burn::tensor::{Device, Tensor, activation::sigmoid};

use crate::{
    backbone::Backbone,
    data::{BatchLoader, LandmarkDataset, LoaderConfig, SkippedPicture},
    error::Error,
    heatmap::{HeatmapCodec, PictureLandmarks, Refinement},
    metric::{LandmarkReport, PresenceReport},
    model::LandmarkNet,
};

/// How heatmaps become landmarks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    /// How a position between cells is found.
    pub refinement: Refinement,
    /// Whether the mirrored picture is looked at, too, and the heatmaps averaged: twice the time.
    pub flip_test: bool,
    /// Whether heatmaps are logits, by the loss that they were trained with: their sigmoid is then decoded.
    pub logits: bool,
}

impl Reading {
    /// The landmarks that `heatmaps` show; `flipped` makes the mirrored pictures' heatmaps, if they are asked for.
    pub(crate) fn landmarks(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Vec<PictureLandmarks> {
        let heatmaps = match self.flip_test {
            true => codec.average_flipped(heatmaps, flipped(), mirror),
            false => heatmaps,
        };
        // Before decoding: refinements that take logarithms need probabilities.
        let heatmaps = if self.logits { sigmoid(heatmaps) } else { heatmaps };
        codec.decode(heatmaps, self.refinement).into_pictures()
    }
}

/// What a network says of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The sample's index in its dataset.
    pub index: usize,
    /// `[width, height]` of its picture.
    pub picture_size: [u32; 2],
    /// x and y of each landmark, in the picture's pixels.
    pub positions: Vec<[f32; 2]>,
    /// The highest value of each heatmap, or that value's sigmoid for [logits](Reading::logits).
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

/// Runs `net` (on `device`, without autodiff) over every sample of `dataset`, each cropped to its box, labelled or
/// detected. `progress` is told how many of the samples are done, and how many there are.
///
/// # Errors
/// The first picture that can't be read, unless `config` asks to skip those.
pub fn predict_dataset<B: Backbone>(
    net: &LandmarkNet<B>,
    dataset: &Arc<dyn LandmarkDataset>,
    config: &LoaderConfig,
    reading: Reading,
    device: &Device,
    mut progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let total = dataset.len();
    let mut all = Predictions::default();
    for batch in BatchLoader::new(dataset.clone(), (0..total).collect(), config.clone(), None, 0) {
        let batch = batch?;
        if !batch.is_empty() {
            let images = batch.to_device(device).images;
            let heatmaps = net.forward(images.clone());
            let flipped = || net.forward(images.flip([3]));
            let mirror = dataset.schema().mirror();
            let pictures = reading.landmarks(heatmaps, flipped, &config.codec, mirror);
            for (i, found) in pictures.into_iter().enumerate() {
                let to_picture = |&point| batch.transforms[i].to_picture(point);
                all.predictions.push(Prediction {
                    index: batch.indices[i],
                    picture_size: batch.picture_sizes[i],
                    positions: found.positions.iter().map(to_picture).collect(),
                    scores: found.scores,
                });
            }
        }
        all.skipped.extend(batch.skipped);
        progress(all.predictions.len() + all.skipped.len(), total);
    }
    Ok(all)
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

    /// How good these predictions are on the dataset that they were made for. Boxes are clipped to their pictures where PCK
    /// divides by their sides, as MMPose does. Average precision counts the labelled samples of pictures that were left out
    /// as not found; the other metrics are over the rest.
    pub fn report(&self, dataset: &dyn LandmarkDataset) -> LandmarkReport {
        let mut report = LandmarkReport::new(dataset.schema());
        for Prediction { index, picture_size, positions, scores } in &self.predictions {
            let sample = dataset.sample(*index);
            report.update_with(positions, Some(scores), Some(*picture_size), &sample);
        }
        // A detector's box is no truth.
        let skipped = self.skipped.iter().map(|skipped| dataset.sample(skipped.index));
        skipped
            .filter(|sample| sample.score.is_none())
            .for_each(|sample| report.add_truth(&sample));
        report
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::{
        geometry::BoundingBox,
        landmark::{Landmark, LandmarkSample, LandmarkSchema, Visibility},
        metric::Bootstrap,
    };

    /// One landmark each, in a picture of its own; some boxes may be a detector's.
    struct Garments {
        schema: LandmarkSchema,
        scores: Vec<Option<f32>>,
    }

    impl LandmarkDataset for Garments {
        fn schema(&self) -> &LandmarkSchema {
            &self.schema
        }

        fn len(&self) -> usize {
            self.scores.len()
        }

        fn sample(&self, index: usize) -> LandmarkSample {
            LandmarkSample {
                image: index.to_string(),
                bounding_box: BoundingBox::whole(100, 100),
                landmarks: vec![Landmark::new(50.0, 50.0, Visibility::Visible)],
                category: None,
                variation_type: None,
                score: self.scores[index],
            }
        }

        fn picture(&self, _: usize) -> Result<RgbImage, Error> {
            unreachable!("predictions are there")
        }
    }

    #[test]
    fn labelled_samples_of_pictures_left_out_are_not_found() {
        let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![])
            .and_then(|schema| schema.with_sigmas(vec![0.1]))
            .unwrap();
        // The last is a detector's box, of which nobody knows whether it is one.
        let dataset = Garments { schema, scores: vec![None, None, None, None, Some(0.9)] };
        let prediction = |index| Prediction {
            index,
            picture_size: [100, 100],
            positions: vec![[50.0, 50.0]],
            scores: vec![1.0],
        };
        let skipped = |index| SkippedPicture { index, reason: String::new() };
        let found = Predictions {
            predictions: [0, 2].map(prediction).to_vec(),
            skipped: [1, 3, 4].map(skipped).to_vec(),
        };
        let report = found.report(&dataset);
        let none = Bootstrap { resamples: 0, ..Bootstrap::default() };
        let oks = report.summary_with(&none).oks_visible.unwrap();
        let value = |name| oks.headlines.get(name).unwrap().value.unwrap();
        assert_eq!((report.ne(), value("AR")), (Some(0.0), 0.5));
        // Precision is 1 at the 51 recalls up to a half, 0 at the other 50.
        approx::assert_abs_diff_eq!(value("AP"), 51.0 / 101.0, epsilon = 1e-12);
    }
}
