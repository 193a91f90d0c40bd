//! Datasets as other tools write them, every rule broken once, and the way there and back.
use std::fs;

use image::RgbImage;
use tempfile::TempDir;

use super::*;
use crate::{data::image::write_png, landmark::Visibility};

mod findings;
mod hostile;
mod places;
mod reading;
mod refusing;
mod writing;

const YAML: &str = "train: images/train\nval: images/val\nkpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n\
    names: [cat, dog]\nkpt_names: {0: [nose, left ear, right ear]}\n";
const LINE: &str = "0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.45 0.3 1 0 0 0";

/// A dataset on disk with one image of 200 × 100 pixels, of which tests replace files.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.text("data.yaml", YAML);
        tree.image("images/train/a.png", [200, 100]);
        tree.text("labels/train/a.txt", LINE);
        tree
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn bytes(&self, file: &str, bytes: &[u8]) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn text(&self, file: &str, text: &str) {
        self.bytes(file, text.as_bytes());
    }

    fn image(&self, file: &str, [width, height]: [u32; 2]) {
        self.bytes(file, b"");
        write_png(self.root().join(file), &RgbImage::new(width, height)).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.root().join(to).parent().unwrap()).unwrap();
        fs::rename(self.root().join(from), self.root().join(to)).unwrap();
    }

    fn open(&self) -> Result<YoloDataset, Error> {
        YoloDataset::open(self.root(), Split::Train)
    }

    /// The dataset, with the findings and the problems.
    fn told(&self, options: &YoloOptions) -> (YoloDataset, Vec<String>, Vec<String>) {
        let (mut findings, mut problems) = (Vec::new(), Vec::new());
        let read = YoloDataset::open_with(self.root(), Split::Train, options, &mut |event| {
            match event {
                ReadEvent::Finding(finding) => {
                    findings.push(format!("{}: {}", finding.kind(), self.plain(&finding)));
                }
                ReadEvent::Problem(error) => problems.push(self.plain(&error)),
                ReadEvent::Progress { .. } => (),
            }
            Ok(())
        });
        (read.unwrap(), findings, problems)
    }

    /// A message without the path of the root.
    fn plain(&self, message: &impl std::fmt::Display) -> String {
        message.to_string().replace(&format!("{}/", self.root().display()), "")
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
