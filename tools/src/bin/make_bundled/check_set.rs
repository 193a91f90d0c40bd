//! A small fixed set of generated garments, in memory: a model's errors on it show whether it still
//! is that model.
use std::sync::Arc;

use dafe::{error::Error, prelude::*};
use dafe_garments::{DrawnGarment, Style, draw_garment};
use image::RgbImage;

/// How many there are of each style.
pub const OF_EACH: u64 = 60;

/// Not a seed that anything is trained with.
const SEED: u64 = 1_000_000;

/// Generated garments, never saved.
struct CheckSet {
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    images: Vec<RgbImage>,
}

impl CheckSet {
    /// As many usual garments as unlike ones.
    fn generate() -> Arc<dyn LandmarkDataset> {
        let mut set =
            Self { schema: LandmarkSchema::fld(), samples: Vec::new(), images: Vec::new() };
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
        self.images.push(garment.image);
    }
}

impl LandmarkDataset for CheckSet {
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
        let found = index.and_then(|index| self.images.get(index));
        found.cloned().ok_or_else(|| Error::Config(format!("no image is called '{image}'")))
    }
}

/// The normalized errors on the set: in the labelled boxes, and without any.
pub fn errors(detector: &LandmarkDetector) -> Result<[Option<f64>; 2], Error> {
    let set = CheckSet::generate();
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
