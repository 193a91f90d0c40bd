//! `dafe detect`, from images to files and pipes, with a network of random weights.
mod again;
mod documents;
mod garments;
mod inputs;
mod pipes;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::SystemTime,
};

use dafe::{
    data::image::{write_jpeg, write_png},
    detector::DetectorConfig,
    prelude::*,
};
use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{dafe, json, root, run};

/// A folder with a model and images: `images/a.png`, `images/b/a.jpg` and `other/c.png`.
struct Scene(TempDir);

impl Scene {
    fn new() -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        for folder in ["images/b", "other", "model"] {
            fs::create_dir_all(scene.at(folder)).unwrap();
        }
        scene.make_model();
        write_png(scene.at("images/a.png"), &image(60, 90)).unwrap();
        write_jpeg(scene.at("images/b/a.jpg"), &image(120, 80), 90).unwrap();
        write_png(scene.at("other/c.png"), &image(50, 50)).unwrap();
        scene
    }

    /// Another one each time.
    fn make_model(&self) {
        let device = Device::flex();
        let codec = HeatmapCodec::new([64, 64], LandmarkNetConfig::STRIDE, 2.0);
        let config = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld());
        let net = config.model.init(&device);
        LandmarkDetector::new(net, config, &device).unwrap().save(self.at("model")).unwrap();
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn detect(&self, arguments: &[&str]) -> Command {
        let mut command = dafe("detect");
        command.current_dir(&self.0).args(["--model", "model"]).args(arguments);
        command
    }

    /// The exit status, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        told(run(&mut self.detect(arguments)))
    }

    /// Standard output of a run in which all went well.
    fn done(&self, arguments: &[&str]) -> String {
        let (status, printed, errors) = self.run(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {printed}{errors}");
        printed
    }

    /// The message of a run that did nothing.
    fn refused(&self, arguments: &[&str]) -> String {
        let (status, _, errors) = self.run(arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {errors}");
        assert!(errors.starts_with("error: ") && !errors.contains("panicked"), "{errors}");
        errors
    }
}

fn image(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(3 * x) as u8, (2 * y) as u8, 90]))
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// All files below a folder, with when they were written.
fn files(folder: &Path) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, fs::metadata(&path).unwrap().modified().unwrap());
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}
