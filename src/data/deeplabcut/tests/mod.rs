//! Projects as pandas writes them, every rule broken once, and the way there and back.
use std::fs;

use tempfile::TempDir;

use super::*;
use crate::landmark::Visibility;

mod hostile;
mod reading;
mod refusing;
mod writing;

const TABLE: &str = "labeled-data/run/CollectedData_Ana.csv";
const HEAD: &str = "scorer,Ana,Ana,Ana,Ana\nbodyparts,snout,snout,tail,tail\ncoords,x,y,x,y\n";
const ROW: &str = "labeled-data/run/img1.png,10.5,20,30,40\n";

/// A project on disk, of which tests replace files.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.text(TABLE, &format!("{HEAD}{ROW}"));
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

    fn open(&self) -> Result<DeepLabCutDataset, Error> {
        DeepLabCutDataset::open(self.root())
    }

    /// The dataset, with the findings and the problems.
    fn told(&self, options: &DeepLabCutOptions) -> (DeepLabCutDataset, Vec<String>, Vec<String>) {
        let (mut findings, mut problems) = (Vec::new(), Vec::new());
        let read = DeepLabCutDataset::open_with(self.root(), options, &mut |event| {
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

/// The labelled points of a sample, by the landmarks' names.
fn points(dataset: &DeepLabCutDataset, index: usize) -> Vec<(String, f32, f32)> {
    let sample = dataset.sample(index);
    let named = sample.landmarks.iter().zip(dataset.schema().names());
    let labelled = named.filter(|(landmark, _)| landmark.visibility == Visibility::Visible);
    labelled.map(|(landmark, name)| (name.clone(), landmark.x, landmark.y)).collect()
}

fn named(points: &[(&str, f32, f32)]) -> Vec<(String, f32, f32)> {
    points.iter().map(|&(name, x, y)| (name.into(), x, y)).collect()
}
