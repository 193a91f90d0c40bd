//! Decodes every image once, on all processors, and checks that the labels lie in it.
use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use dafe::{
    landmark::{LandmarkSample, Visibility},
    prelude::*,
};

use super::{Counts, Problems};
use crate::support::Progress;

/// Decodes the images of `dataset`; what is found goes into `counts` and `problems` in the images'
/// order.
pub fn check(
    dataset: &dyn LandmarkDataset,
    workers: usize,
    name: &str,
    counts: &mut Counts,
    problems: &mut Problems,
) {
    let images = samples_by_image(dataset);
    counts.images = images.len();
    let progress = Progress::new(name, images.len());
    let next = AtomicUsize::new(0);
    let mut found = Vec::with_capacity(images.len());
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..workers {
            let (sender, next, images) = (sender.clone(), &next, &images);
            scope.spawn(move || {
                while let Some(samples) = images.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let decoded = dataset.image(samples[0]);
                    let size = decoded.map(|image| [image.width(), image.height()]);
                    if sender.send((samples, size.map_err(|error| format!("{error:#}")))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for one in receiver {
            found.push(one);
            progress.update(found.len(), images.len(), "");
        }
    });
    progress.done();
    found.sort_unstable_by_key(|(samples, _)| samples[0]);
    for (samples, size) in found {
        match size {
            Err(problem) => problems.image(problem),
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

/// The samples of each image, in the order in which the images are first met.
fn samples_by_image(dataset: &dyn LandmarkDataset) -> Vec<Vec<usize>> {
    let mut places = HashMap::new();
    let mut images: Vec<Vec<usize>> = Vec::new();
    for index in 0..dataset.len() {
        let place = *places.entry(dataset.sample(index).image).or_insert(images.len());
        if place == images.len() {
            images.push(Vec::new());
        }
        images[place].push(index);
    }
    images
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
        problems.note(format!("{image}: the box lies outside the image"));
    }
    for (name, landmark) in names.iter().zip(&sample.landmarks) {
        if landmark.visibility == Visibility::Visible && outside(landmark.x, landmark.y) {
            let (x, y) = (landmark.x, landmark.y);
            problems.note(format!(
                "{image}: landmark '{name}' is visible at ({x}, {y}), outside the image's {width} \
                 × {height} pixels"
            ));
        }
    }
}
