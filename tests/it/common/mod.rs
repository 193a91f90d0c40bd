//! A dataset small enough for tests: bright squares on dark, noisy images, with their corners as
//! landmarks.
pub mod alone;
pub mod devices;
pub mod fill;
pub mod sessions;
pub mod twelve;

use std::{fs, ops::Range, path::Path, sync::Arc};

use dafe::{
    Error, ErrorKind,
    backbone::{ResNetConfig, ResidualKind},
    landmark::{ClothesType, Landmark, LandmarkSample, VariationType, Visibility},
    prelude::*,
    train::{Interrupter, Outcome},
};
use image::{Rgb, RgbImage};

pub struct Squares {
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    /// Samples whose images can't be read.
    pub broken: Range<usize>,
}

/// The slots of the top left and bottom right corners: FLD's left collar and right hem.
const SLOTS: [usize; 2] = [0, 7];

impl Squares {
    pub fn new(count: usize) -> Self {
        let samples = (0..count)
            .map(|i| {
                let [left, top, side] = place(i);
                let mut landmarks = vec![Landmark::ABSENT; 8];
                for (slot, at) in SLOTS.into_iter().zip([0.0, side as f32]) {
                    let (x, y) = (left as f32 - 0.5 + at, top as f32 - 0.5 + at);
                    landmarks[slot] = Landmark::new(x, y, Visibility::Visible);
                }
                let bounding_box = BoundingBox::new(0.0, 0.0, 64.0, 64.0).unwrap();
                LandmarkSample {
                    category: Some(ClothesType::Full as usize),
                    variation_type: Some(VariationType::Normal),
                    ..LandmarkSample::new(format!("img/{i}.jpg"), bounding_box, landmarks)
                }
            })
            .collect();
        Self { schema: LandmarkSchema::fld(), samples, broken: 0..0 }
    }
}

/// Left, top and side of the square in image `i`.
fn place(i: usize) -> [usize; 3] {
    [6 + (i * 7) % 20, 6 + (i * 11) % 20, 16 + (i * 5) % 16]
}

impl LandmarkDataset for Squares {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.samples[index].clone()
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        let index = self.samples.iter().position(|sample| sample.image == image);
        let index = index.expect("an image of these");
        if self.broken.contains(&index) {
            return Err(Error::new(ErrorKind::Image, "made to fail").with_path(image));
        }
        let [left, top, side] = place(index);
        Ok(RgbImage::from_fn(64, 64, |x, y| {
            let inside = |v: u32, from: usize| (from..from + side).contains(&(v as usize));
            let noise = (x * 31 + y * 17 + index as u32 * 7) % 23;
            match inside(x, left) && inside(y, top) {
                true => Rgb([200 + noise as u8; 3]),
                false => Rgb([20 + noise as u8; 3]),
            }
        }))
    }
}

/// A recipe that takes about a second.
pub fn recipe(epochs: usize) -> TrainConfig {
    let mut config = TrainConfig::preset(Preset::Nano, 8);
    config.model = LandmarkNetConfig::new(8)
        .with_backbone(
            ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(8).with_stem_kernel(3),
        )
        .with_decoder_channels([16, 16, 16])
        .with_norm(true);
    config.codec = HeatmapCodec::new([64, 64], 4, 1.5);
    config.epochs = epochs;
    config.batch_size = 4;
    config
}

/// A run in `folder`, on Flex: 13 training images and 5 validation images.
pub fn training(folder: &Path, config: TrainConfig, workers: usize) -> Training {
    training_on(&Device::flex(), folder, config, workers)
}

/// [`training`] on another device, with shards in parallel.
pub fn training_on(
    device: &Device,
    folder: &Path,
    config: TrainConfig,
    workers: usize,
) -> Training {
    let devices = vec![device.clone(); config.shards];
    let (train, val) = (Arc::new(Squares::new(13)), Arc::new(Squares::new(5)));
    Training::new(config, train, val, devices, folder).with_workers(workers)
}

/// Runs to the end.
pub fn run(training: &Training) -> Outcome {
    training.run(&Interrupter::new(), |_| {}).unwrap()
}

/// The run's model: the parameters of the best epoch.
pub fn model(folder: &Path) -> Vec<u8> {
    fs::read(folder.join(LandmarkDetector::FILE)).unwrap()
}
