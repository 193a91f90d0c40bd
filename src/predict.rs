//! A network over a whole dataset: predictions in the pictures' own pixels.
use std::{convert::Infallible, ops::ControlFlow, sync::Arc};

use burn::tensor::{Device, Tensor};

use crate::{
    backbone::Backbone,
    data::{BatchLoader, HostBatch, LandmarkDataset, LoaderConfig, SkippedPicture},
    error::Error,
    heatmap::{HeatmapCodec, PictureLandmarks, Refinement},
    metric::{LandmarkReport, PresenceReport},
    model::LandmarkNet,
};

/// How a network's heatmaps are decoded.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DecodeConfig {
    /// How a position between cells is found.
    pub refinement: Refinement,
    /// Whether the mirrored picture is looked at, too, and the heatmaps averaged, logits as such: twice the time.
    pub flip_test: bool,
    /// Whether heatmaps are logits, by the loss that they were trained with: [`HeatmapCodec::decode_logits`].
    pub logits: bool,
}

impl DecodeConfig {
    /// The landmarks that `net` (on `device`, without autodiff) finds in the pictures of `batch`.
    pub(crate) fn landmarks_of<B: Backbone>(
        &self,
        net: &LandmarkNet<B>,
        batch: &HostBatch,
        device: &Device,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Vec<PictureLandmarks> {
        let images = batch.to_device(device).images;
        let heatmaps = net.forward(images.clone());
        self.landmarks(heatmaps, || net.forward(images.flip([3])), codec, mirror)
    }

    /// The landmarks that `heatmaps` show; `flipped` makes the mirrored pictures' heatmaps, if they are asked for.
    pub(crate) fn landmarks(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Vec<PictureLandmarks> {
        self.decoded(self.averaged(heatmaps, flipped, codec, mirror), codec)
    }

    /// The heatmaps, averaged with those that `flipped` makes of the mirrored pictures if they are asked for.
    pub(crate) fn averaged(
        &self,
        heatmaps: Tensor<4>,
        flipped: impl FnOnce() -> Tensor<4>,
        codec: &HeatmapCodec,
        mirror: &[usize],
    ) -> Tensor<4> {
        match self.flip_test {
            true => codec.average_flipped(heatmaps, flipped(), mirror),
            false => heatmaps,
        }
    }

    /// The landmarks that heatmaps show, in input pixels.
    pub(crate) fn decoded(
        &self,
        heatmaps: Tensor<4>,
        codec: &HeatmapCodec,
    ) -> Vec<PictureLandmarks> {
        let landmarks = match self.logits {
            true => codec.decode_logits(heatmaps, self.refinement),
            false => codec.decode(heatmaps, self.refinement),
        };
        landmarks.into_pictures()
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
    /// The highest value of each heatmap, or that value's sigmoid for [logits](DecodeConfig::logits).
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
    decoding: DecodeConfig,
    device: &Device,
    mut progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let mirror = dataset.schema().mirror();
    let infer = |batches: &[Arc<HostBatch>]| {
        let infer = |batch: &Arc<HostBatch>| {
            decoding.landmarks_of(net, batch, device, &config.codec, mirror)
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

/// [`predict_dataset`] by `infer`, which is given up to `at_once` batches, none of them empty, and says what landmarks their
/// pictures show; until `progress` breaks it off.
pub(crate) fn predict_until<Stop>(
    dataset: &Arc<dyn LandmarkDataset>,
    config: &LoaderConfig,
    at_once: usize,
    mut infer: impl FnMut(&[Arc<HostBatch>]) -> Result<Vec<Vec<PictureLandmarks>>, Error>,
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
        for (batch, pictures) in batches.iter().zip(infer(&batches)?) {
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

#[cfg(all(test, feature = "flex"))]
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
            let tip = Landmark::new(50.0, 50.0, Visibility::Visible);
            let whole = BoundingBox::whole(100, 100);
            LandmarkSample {
                score: self.scores[index],
                ..LandmarkSample::new(index.to_string(), whole, vec![tip])
            }
        }

        fn read_picture(&self, _: &str) -> Result<RgbImage, Error> {
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

    /// The sigmoid of an infinity is 1, that of 30 and of all above, too.
    #[test]
    fn logits_are_decoded_before_their_sigmoid() {
        let device = Device::flex();
        let codec = HeatmapCodec::new([16, 4], 4, 1.0);
        let maps = Tensor::<4>::from_floats(
            [[[[30.0, 31.0, 30.0, 2.0]], [[0.0, f32::INFINITY, 3.0, 0.0]]]],
            &device,
        );
        let found = |flip_test| {
            let refinement = Refinement::None;
            let decoding = DecodeConfig { refinement, flip_test, logits: true };
            // The mirrored picture shows the same, both landmarks in their places.
            let flipped = || maps.clone().flip([3]);
            decoding.landmarks(maps.clone(), flipped, &codec, &[0, 1]).remove(0)
        };
        for flip_test in [false, true] {
            let PictureLandmarks { positions, scores } = found(flip_test);
            // Cell 1 is centred on pixel 5.5; the middle is at 7.5.
            assert_eq!(positions, [[5.5, 1.5], [7.5, 1.5]]);
            assert_eq!(scores, [1.0, 0.0]);
        }
    }
}
