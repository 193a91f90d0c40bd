//! A small fixed set of drawn garments, in memory: a model's errors on it tell whether it still is that model.
#![allow(dead_code, reason = "each example uses a part")]
use std::sync::Arc;

use dafe::{
    data::synthetic::{DrawnGarment, Style, draw_garment},
    error::Error,
    prelude::*,
};
use image::RgbImage;

/// How many there are of each style.
pub const OF_EACH: u64 = 60;

/// Not a seed that anything is trained with.
const SEED: u64 = 1_000_000;

/// Drawn garments, never saved.
pub struct DrawnSet {
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    pictures: Vec<RgbImage>,
}

impl DrawnSet {
    /// As many usual garments as unlike ones.
    pub fn draw() -> Arc<dyn LandmarkDataset> {
        let mut set =
            Self { schema: LandmarkSchema::fld(), samples: Vec::new(), pictures: Vec::new() };
        for style in [Style::Usual, Style::Unlike] {
            for index in 0..OF_EACH {
                set.add(draw_garment(style, SEED, Split::Test, index));
            }
        }
        Arc::new(set)
    }

    fn add(&mut self, garment: DrawnGarment) {
        let name = self.samples.len().to_string();
        self.samples.push(garment.sample(name));
        self.pictures.push(garment.image);
    }
}

impl LandmarkDataset for DrawnSet {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.samples[index].clone()
    }

    fn read_picture(&self, image: &str) -> Result<RgbImage, Error> {
        let index = image.parse::<usize>().ok();
        let picture = index.and_then(|index| self.pictures.get(index));
        picture.cloned().ok_or_else(|| Error::Config(format!("no picture is called '{image}'")))
    }
}

/// The normalized errors on the set: in the labelled boxes, and without any.
pub fn errors(detector: &LandmarkDetector) -> Result<[Option<f64>; 2], Error> {
    let set = DrawnSet::draw();
    let found = in_boxes(detector, &set, 2, |_, _| ())?;
    let without = predict_without_boxes(detector, set.as_ref(), BadPicture::Fail, |_, _| ())?;
    Ok([found, without].map(|found| found.report(set.as_ref()).ne()))
}

/// What a detector finds in a dataset's labelled boxes, decoding as it does.
pub fn in_boxes(
    detector: &LandmarkDetector,
    dataset: &Arc<dyn LandmarkDataset>,
    workers: usize,
    progress: impl FnMut(usize, usize),
) -> Result<Predictions, Error> {
    let model = detector.config();
    let loader = LoaderConfig {
        batch_size: 16,
        workers,
        codec: model.codec,
        framing: model.framing,
        policy: TargetPolicy::default(),
        bad_picture: BadPicture::Fail,
    };
    let (net, device) = (detector.net(), detector.device());
    predict_dataset(net, dataset, &loader, model.decoding(), device, progress)
}
