//! Datasets as written by other tools, each rule broken once, and round trips.
use std::fs;

use image::RgbImage;

use super::*;
use crate::{
    data::{
        image::write_png,
        test_files::{Files, files},
    },
    landmark::{LandmarkSample, Visibility},
};

mod findings;
mod hostile;
mod places;
mod reading;
mod refusing;
mod writing;

const YAML: &str = "train: images/train\nval: images/val\nkpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n\
    names: [cat, dog]\nkpt_names: {0: [nose, left ear, right ear]}\n";
const LINE: &str = "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.45 0.3 1 0 0 0";

files! {
    /// A dataset on disk with one image of 200 × 100 pixels; tests replace its files.
    Tree
}

impl Tree {
    fn new() -> Self {
        let tree = Self(Files::new());
        tree.bytes("data.yaml", YAML);
        tree.image("images/train/a.png", [200, 100]);
        tree.bytes("labels/train/a.txt", LINE);
        tree
    }

    fn image(&self, file: &str, [width, height]: [u32; 2]) {
        self.bytes(file, b"");
        write_png(self.root().join(file), &RgbImage::new(width, height)).unwrap();
    }

    fn open(&self) -> Result<YoloDataset, Error> {
        YoloDataset::open(self.root(), Split::Train)
    }

    /// The dataset with the findings and problems.
    fn told(&self, options: &ReadOptions) -> (YoloDataset, Vec<String>, Vec<String>) {
        let open = |on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>| {
            YoloDataset::open_with(self.root(), Split::Train, options, on_event)
        };
        let (read, findings, problems) = self.reported(open);
        (read.unwrap(), findings, problems)
    }

    #[track_caller]
    fn refused(&self, message: &str) {
        assert_eq!(self.plain(&self.open().unwrap_err()), message);
    }
}

fn points(sample: &LandmarkSample) -> Vec<(f32, f32, Visibility)> {
    sample.landmarks.iter().map(|point| (point.x, point.y, point.visibility)).collect()
}

fn corners(sample: &LandmarkSample) -> [f32; 4] {
    let bounds = sample.bounding_box;
    [bounds.x1, bounds.y1, bounds.x2, bounds.y2]
}
