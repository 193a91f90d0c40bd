//! Decodes every picture once, on all processors, and looks whether the labels lie in it.
use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use dafe::prelude::*;

use super::{Counts, Problems, support::Progress};

/// Decodes the pictures of `dataset`; what is found goes into `counts` and `problems` in the pictures' order.
pub fn check(
    dataset: &dyn LandmarkDataset,
    workers: usize,
    name: &str,
    counts: &mut Counts,
    problems: &mut Problems,
) {
    let pictures = samples_by_picture(dataset);
    counts.pictures = pictures.len();
    let progress = Progress::new(name, pictures.len());
    let next = AtomicUsize::new(0);
    let mut found = Vec::with_capacity(pictures.len());
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..workers {
            let (sender, next, pictures) = (sender.clone(), &next, &pictures);
            scope.spawn(move || {
                while let Some(samples) = pictures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let decoded = dataset.picture(samples[0]);
                    let size = decoded.map(|picture| [picture.width(), picture.height()]);
                    if sender.send((samples, size.map_err(|error| error.to_string()))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for one in receiver {
            found.push(one);
            progress.update(found.len(), pictures.len(), "");
        }
    });
    progress.done();
    found.sort_unstable_by_key(|(samples, _)| samples[0]);
    for (samples, size) in found {
        match size {
            Err(problem) => problems.picture(problem),
            Ok(size) => {
                counts.decoded(size);
                for &index in samples {
                    let names = dataset.schema().names();
                    note_what_lies_outside(&dataset.sample(index), names, size, problems);
                }
            }
        }
    }
}

/// The samples of each picture, in the order in which the pictures are first met.
fn samples_by_picture(dataset: &dyn LandmarkDataset) -> Vec<Vec<usize>> {
    let mut places = HashMap::new();
    let mut pictures: Vec<Vec<usize>> = Vec::new();
    for index in 0..dataset.len() {
        let place = *places.entry(dataset.sample(index).image).or_insert(pictures.len());
        if place == pictures.len() {
            pictures.push(Vec::new());
        }
        pictures[place].push(index);
    }
    pictures
}

fn note_what_lies_outside(
    sample: &LandmarkSample,
    names: &[String],
    size: [u32; 2],
    problems: &mut Problems,
) {
    let [width, height] = size.map(|side| side as f32);
    let outside = |x: f32, y: f32| x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5;
    let bounds = &sample.bounding_box;
    let image = &sample.image;
    if bounds.x2 <= 0.0 || bounds.y2 <= 0.0 || bounds.x1 >= width || bounds.y1 >= height {
        problems.note(format!("{image}: the box lies outside the picture"));
    }
    for (name, landmark) in names.iter().zip(&sample.landmarks) {
        if landmark.visibility == Visibility::Visible && outside(landmark.x, landmark.y) {
            let (x, y) = (landmark.x, landmark.y);
            problems.note(format!(
                "{image}: landmark '{name}' is visible at ({x}, {y}), outside the picture's {width} × {height} pixels"
            ));
        }
    }
}
