//! Projects as written by pandas, each rule broken once, and round trips.
use std::fs;

use super::*;
use crate::data::test_files::{Files, files};
use crate::landmark::{LandmarkSample, Visibility};

mod hostile;
mod reading;
mod refusing;
mod writing;

const TABLE: &str = "labeled-data/run/CollectedData_Ana.csv";
const HEAD: &str = "scorer,Ana,Ana,Ana,Ana\nbodyparts,snout,snout,tail,tail\ncoords,x,y,x,y\n";
const ROW: &str = "labeled-data/run/img1.png,10.5,20,30,40\n";

files! {
    /// A project on disk; tests replace its files.
    Tree
}

impl Tree {
    fn new() -> Self {
        let tree = Self(Files::new());
        tree.bytes(TABLE, format!("{HEAD}{ROW}"));
        tree
    }

    fn open(&self) -> Result<DeepLabCutDataset, Error> {
        DeepLabCutDataset::open(self.root())
    }

    /// The dataset with the findings and problems.
    fn told(&self, options: &ReadOptions) -> (DeepLabCutDataset, Vec<String>, Vec<String>) {
        let open = |on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>| {
            DeepLabCutDataset::open_with(self.root(), options, on_event)
        };
        let (read, findings, problems) = self.reported(open);
        (read.unwrap(), findings, problems)
    }

    #[track_caller]
    fn refused(&self, message: &str) {
        assert_eq!(self.plain(&self.open().unwrap_err()), message);
    }
}

/// The labeled points of a sample with the names of their landmarks.
fn points(dataset: &DeepLabCutDataset, index: usize) -> Vec<(String, f32, f32)> {
    let sample = dataset.sample(index);
    let named = sample.landmarks.iter().zip(dataset.schema().names());
    let labeled = named.filter(|(landmark, _)| landmark.visibility == Visibility::Visible);
    labeled.map(|(landmark, name)| (name.clone(), landmark.x, landmark.y)).collect()
}

fn named(points: &[(&str, f32, f32)]) -> Vec<(String, f32, f32)> {
    points.iter().map(|&(name, x, y)| (name.into(), x, y)).collect()
}
