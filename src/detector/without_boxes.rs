//! Predictions for a dataset's images without using its labeled boxes.
use std::collections::HashMap;

use super::{detection::DetectionRequest, landmark_detector::LandmarkDetector};
#[cfg(doc)]
use crate::predict::predict_dataset;
use crate::{
    Error,
    data::{BadImage, LandmarkDataset, SkippedImage, in_order},
    predict::{Prediction, Predictions},
};

/// Predicts the landmarks of `dataset`'s images without using its boxes.
///
/// The garment is searched for as in [`LandmarkDetector::detect_batch`], with any category. All
/// landmarks of the schema are predicted, so errors cover the same landmarks as those of
/// [`predict_dataset`], which uses the boxes. `progress` is called with the number of images done
/// and their total.
///
/// One garment is searched for in each image. If an image has several samples, only the one with
/// the largest box (the first of equals) has a prediction.
///
#[cfg_attr(all(feature = "bundled", feature = "clothing"), doc = "```no_run")]
#[cfg_attr(not(all(feature = "bundled", feature = "clothing")), doc = "```ignore")]
/// use dafe::{
///     data::{BadImage, ClothingDataset},
///     detector::predict_without_boxes,
///     prelude::*,
/// };
///
/// let detector = LandmarkDetector::bundled(&Device::default());
/// let test = ClothingDataset::open("clothing-dataset-small", Split::Test)?;
/// let found = predict_without_boxes(&detector, &test, BadImage::Fail, |_, _| {})?;
/// println!("NE without a box: {:?}", found.report(&test).ne());
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// The first image that can't be read or has no pixels, unless `bad_image` is [`BadImage::Skip`].
pub fn predict_without_boxes(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_image: BadImage,
    mut progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    predict(detector, dataset, bad_image, &mut progress)
}

/// Not generic over `progress`, so it is compiled only once.
fn predict(
    detector: &LandmarkDetector,
    dataset: &dyn LandmarkDataset,
    bad_image: BadImage,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let samples = largest_of_each_image(dataset);
    let mut all = Predictions::default();
    for chunk in samples.chunks(detector.config().batch_size()) {
        let mut images = Vec::with_capacity(chunk.len());
        let read = |i: usize| (chunk[i], dataset.image(chunk[i]));
        in_order(chunk.len(), read, |(index, image)| match (image, bad_image) {
            (Ok(image), _) => {
                images.push((index, image));
                Ok(())
            }
            (Err(error), BadImage::Skip) => {
                all.skipped.push(SkippedImage { index, reason: format!("{error:#}") });
                Ok(())
            }
            (Err(error), BadImage::Fail) => Err(error),
        })?;
        let requests: Vec<_> =
            images.iter().map(|(_, image)| DetectionRequest::new(image)).collect();
        for ((index, image), (_, found)) in images.iter().zip(detector.find(&requests)?) {
            all.predictions.push(Prediction {
                index: *index,
                image_size: image.dimensions().into(),
                positions: found.positions,
                scores: found.scores,
            });
        }
        progress(all.predictions.len() + all.skipped.len(), samples.len());
    }
    Ok(all)
}

/// The sample with the largest box of each image, in the dataset's order.
fn largest_of_each_image(dataset: &dyn LandmarkDataset) -> Vec<usize> {
    let mut largest: HashMap<String, (f32, usize)> = HashMap::new();
    for index in 0..dataset.len() {
        let sample = dataset.sample(index);
        let area = sample.bounding_box.width() * sample.bounding_box.height();
        let known = largest.entry(sample.image).or_insert((area, index));
        if area > known.0 {
            *known = (area, index);
        }
    }
    let mut samples: Vec<usize> = largest.into_values().map(|(_, index)| index).collect();
    samples.sort_unstable();
    samples
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use std::sync::Arc;

    use burn::tensor::Device;
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::{
        data::{Framing, LoaderConfig, TargetPolicy},
        detector::DetectorConfig,
        geometry::BoundingBox,
        heatmap::{HeatmapCodec, Refinement},
        landmark::{Landmark, LandmarkSample, LandmarkSchema, Visibility},
        model::{LandmarkNetConfig, Preset},
        predict::predict_dataset,
    };

    /// Images with stripes; each sample has the image's name and its box. The image "bad" can't be
    /// read.
    struct Striped {
        schema: LandmarkSchema,
        samples: Vec<(&'static str, BoundingBox)>,
    }

    impl Striped {
        fn new(samples: Vec<(&'static str, BoundingBox)>) -> Self {
            Self { schema: LandmarkSchema::fld(), samples }
        }
    }

    impl LandmarkDataset for Striped {
        fn schema(&self) -> &LandmarkSchema {
            &self.schema
        }

        fn len(&self) -> usize {
            self.samples.len()
        }

        fn sample(&self, index: usize) -> LandmarkSample {
            let (image, bounds) = self.samples[index];
            LandmarkSample::new(
                image,
                bounds,
                vec![Landmark::new(9.0, 9.0, Visibility::Visible); 8],
            )
        }

        fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
            match image {
                "bad" => Err(Error::config("not an image")),
                name => {
                    let width = u32::from(name.as_bytes()[0]);
                    Ok(RgbImage::from_fn(width, 80, |x, y| Rgb([(x * 9 + y * 5) as u8; 3])))
                }
            }
        }
    }

    fn detector() -> LandmarkDetector {
        let device = Device::flex();
        device.seed(0);
        let model = Preset::Nano.config(8);
        let codec = HeatmapCodec::new([64, 64], LandmarkNetConfig::STRIDE, 2.0);
        let config = DetectorConfig {
            refinement: Refinement::None,
            ..DetectorConfig::new(model.clone(), codec, LandmarkSchema::fld())
        };
        LandmarkDetector::new(model.init(&device), config, &device).unwrap()
    }

    fn bounds(x2: f32, y2: f32) -> BoundingBox {
        BoundingBox::new(0.0, 0.0, x2, y2).unwrap()
    }

    #[test]
    fn an_image_is_looked_at_once_for_its_largest_garment() {
        let samples =
            vec![("a", bounds(20.0, 40.0)), ("b", bounds(9.0, 9.0)), ("a", bounds(40.0, 30.0))];
        assert_eq!(largest_of_each_image(&Striped::new(samples)), [1, 2]);
        // Equal areas: the first.
        let samples = vec![("a", bounds(20.0, 40.0)), ("a", bounds(40.0, 20.0))];
        assert_eq!(largest_of_each_image(&Striped::new(samples)), [0]);
        assert!(largest_of_each_image(&Striped::new(vec![])).is_empty());
    }

    /// An untrained network is confident of nothing, so the second pass sees the whole image again.
    /// The result equals that of a box around the whole image.
    #[test]
    fn what_is_not_found_is_looked_for_in_the_whole_image() {
        let detector = detector();
        // An image's width is the first byte of its name.
        let images = ["P", "Q", "R", "S"];
        let tight = images.iter().map(|&name| (name, bounds(30.0, 30.0))).collect();
        let mut told = Vec::new();
        let found =
            predict_without_boxes(&detector, &Striped::new(tight), BadImage::Fail, |done, of| {
                told.push((done, of));
            })
            .unwrap();
        assert_eq!(told, [(4, 4)]);
        assert!(found.predictions.iter().flat_map(|one| &one.scores).all(|&score| score < 0.3));
        let whole = images.iter().map(|&name| (name, bounds(f32::from(name.as_bytes()[0]), 80.0)));
        let whole: Arc<dyn LandmarkDataset> = Arc::new(Striped::new(whole.collect()));
        let config = LoaderConfig {
            batch_size: 4,
            workers: 0,
            codec: detector.config().codec,
            framing: Framing::Stretch,
            policy: TargetPolicy::default(),
            bad_image: BadImage::Fail,
        };
        let decoding = detector.config().decoding();
        let device = detector.device();
        let wanted =
            predict_dataset(detector.net(), &whole, &config, decoding, device, |_, _| {}).unwrap();
        assert_eq!(found.predictions, wanted.predictions);
    }

    #[test]
    fn bad_images_are_left_out_or_end_it() {
        let dataset = Striped::new(vec![("P", bounds(9.0, 9.0)), ("bad", bounds(9.0, 9.0))]);
        let found =
            predict_without_boxes(&detector(), &dataset, BadImage::Skip, |_, _| {}).unwrap();
        let skipped = SkippedImage { index: 1, reason: "not an image".into() };
        assert_eq!((found.predictions.len(), found.skipped), (1, vec![skipped]));
        let error = predict_without_boxes(&detector(), &dataset, BadImage::Fail, |_, _| {});
        assert_eq!(error.unwrap_err().to_string(), "not an image");
    }
}
