//! A dataset's samples, image by image.
use std::collections::HashMap;

use dafe::prelude::*;

/// The samples of each image, in the order in which the images are first met.
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
