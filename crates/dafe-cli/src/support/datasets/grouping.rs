//! A dataset's samples, grouped by image.
use std::collections::HashMap;

use dafe::prelude::*;

/// The samples of each image, with images in the order of their first sample.
pub fn samples_by_image(dataset: &dyn LandmarkDataset) -> Vec<(String, Vec<usize>)> {
    let mut places = HashMap::new();
    let mut images: Vec<(String, Vec<usize>)> = Vec::new();
    for index in 0..dataset.len() {
        let image = dataset.sample(index).image;
        let place = *places.entry(image.clone()).or_insert(images.len());
        if place == images.len() {
            images.push((image, Vec::new()));
        }
        images[place].1.push(index);
    }
    images
}
