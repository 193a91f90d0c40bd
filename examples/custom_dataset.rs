//! Trains on your own data: a type that implements `LandmarkDataset`, with its own schema.
//!
//!     cargo run --release --example custom_dataset -- [--epochs N]
use std::{env, process::ExitCode, sync::Arc};

use dafe::{
    Error,
    detector::DetectedLandmark,
    landmark::{Landmark, LandmarkSample, Visibility},
    prelude::*,
    train::Interrupter,
};
use image::{Rgb, RgbImage};

const USAGE: &str = "usage: custom_dataset [--epochs N]";
const SIDE: u32 = 96;

/// Houses with five landmarks each, and images in memory. Images may also be files, read on demand.
struct Houses {
    schema: LandmarkSchema,
    samples: Vec<LandmarkSample>,
    images: Vec<RgbImage>,
}

impl Houses {
    /// `count` houses, starting with house number `first` of a fixed sequence.
    fn new(first: u32, count: u32) -> Result<Self, Error> {
        let names = ["roof", "left eave", "right eave", "left foot", "right foot"];
        // Training mirrors every second image. The left eave of a mirrored house is its former
        // right eave: `mirror` says which landmark each one becomes. Without it, the network would
        // be taught two positions for one landmark.
        let mirror = vec![0, 2, 1, 4, 3];
        let skeleton = vec![[0, 1], [0, 2], [1, 3], [2, 4], [3, 4]];
        let schema = LandmarkSchema::new(names.map(String::from).to_vec(), mirror, skeleton)?;
        let (images, samples) = (first..first + count)
            .enumerate()
            .map(|(index, number)| {
                let (image, corners) = draw_house(number);
                let landmarks = corners.map(|[x, y]| Landmark::new(x, y, Visibility::Visible));
                // The image is cropped to the box: around the house, with a small margin.
                let [top, .., foot] = corners;
                let [left, right] = [corners[1][0] - 5.0, corners[2][0] + 5.0];
                let bounds = BoundingBox::new(left, top[1] - 5.0, right, foot[1] + 5.0)
                    .expect("left is left of right");
                // A name by which `read_image` finds the image.
                (image, LandmarkSample::new(index.to_string(), bounds, landmarks.to_vec()))
            })
            .unzip();
        Ok(Self { schema, samples, images })
    }
}

/// All that training, evaluation and prediction need from a dataset. The loader's threads share it.
impl LandmarkDataset for Houses {
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
        let index = image.parse::<usize>().ok();
        let found = index.and_then(|index| self.images.get(index));
        found.cloned().ok_or_else(|| Error::config(format!("there is no house '{image}'")))
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let epochs = match &arguments[..] {
        [] => 5,
        [option, number] if option == "--epochs" => number.parse().map_err(|_| USAGE)?,
        _ => return Err(USAGE.into()),
    };
    let train = Arc::new(Houses::new(0, 128)?);
    // No houses of the training split: the best epoch is chosen on images that the network never
    // saw.
    let val = Arc::new(Houses::new(128, 32)?);
    let device = Device::flex();
    let config = TrainConfig::preset(Preset::Nano, train.schema().len()).with_epochs(epochs);
    let folder = format!("runs/custom_dataset-{epochs}");
    let training =
        Training::new(config.clone(), train, val, vec![device.clone(); config.shards], folder);
    training.run(&Interrupter::new(), |event| {
        if let TrainEvent::Epoch(_) = event {
            println!("{event}");
        }
    })?;

    // The model's file also has the schema: landmarks are returned with the names given above.
    let detector = LandmarkDetector::load(&training.folder, &device)?;
    let new = Houses::new(1000, 1)?;
    let sample = new.sample(0);
    let found = detector.detect(&new.image(0)?, Some(sample.bounding_box))?;
    for (found, truth) in found.landmarks.iter().zip(&sample.landmarks) {
        let DetectedLandmark { name, x, y, .. } = found;
        println!("{name:<10} ({x:>4.1}, {y:>4.1}), labeled ({:>4.1}, {:>4.1})", truth.x, truth.y);
    }
    Ok(())
}

/// House `number`, and the positions of its roof, left and right eave, left and right foot.
fn draw_house(number: u32) -> (RgbImage, [[f32; 2]; 5]) {
    // The same number gives the same house: the sequence fills the unit interval evenly.
    let random = |k: u32| (0.618_034 * (5 * number + k) as f64).fract() as f32;
    let (left, top) = (10.0 + 20.0 * random(0), 10.0 + 15.0 * random(1));
    let (width, roof, wall) = (30.0 + 20.0 * random(2), 12.0 + 12.0 * random(3), 25.0);
    let (right, eave, foot) = (left + width, top + roof, top + roof + wall);
    let middle = left + width / 2.0;
    let brick = [200, 90, (120.0 * random(4)) as u8];
    let image = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let half = if y < eave { width / 2.0 * (y - top) / roof } else { width / 2.0 };
        let inside = (top..foot).contains(&y) && (x - middle).abs() < half;
        Rgb(match inside {
            true if y < eave => [70, 40, 40],
            true => brick,
            false => [150, 190, 230],
        })
    });
    (image, [[middle, top], [left, eave], [right, eave], [left, foot], [right, foot]])
}
