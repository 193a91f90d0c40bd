//! The time from a cold start to the first image's landmarks.
use std::path::PathBuf;

use clap::Args;
use dafe::{data::image::read_image, device::parse_device, prelude::*};
use dafe_cli::support::Outcome;

use super::Report;

#[derive(Args)]
pub struct First {
    /// The model's folder
    #[arg(long)]
    model: PathBuf,
    /// The image: JPEG, PNG, WebP, BMP, TIFF or GIF
    #[arg(long)]
    image: PathBuf,
    /// The garment's box in the image's pixels: x1 y1 x2 y2
    #[arg(long = "box", num_args = 4, value_names = ["X1", "Y1", "X2", "Y2"])]
    bounds: Vec<f32>,
    #[arg(long, default_value = "flex")]
    device: String,
}

impl First {
    pub fn run(&self) -> Outcome<Report> {
        let detector = LandmarkDetector::load(&self.model, &parse_device(&self.device)?)?;
        let bounds = match self.bounds[..] {
            [x1, y1, x2, y2] => Some(
                BoundingBox::new(x1, y1, x2, y2)
                    .ok_or("a box's x2 must be beyond x1, and y2 beyond y1")?,
            ),
            _ => None,
        };
        let found = detector.detect(&read_image(&self.image)?, bounds)?;
        let points: Vec<_> = found.landmarks.iter().map(|found| [found.x, found.y]).collect();
        let scores: Vec<_> = found.landmarks.iter().map(|found| found.score).collect();
        Ok(Report::new(Vec::new())
            .with("landmarks", serde_json::to_value(points)?)
            .with("scores", scores))
    }
}
