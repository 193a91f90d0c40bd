//! Sheets of pictures: predictions beside the truth, and labels.
#![allow(dead_code, reason = "each example uses a part")]
use dafe::{
    draw::{Marker, draw_box, draw_landmarks, sheet},
    prelude::*,
};
use image::RgbImage;

/// Draws `count` predictions, evenly spread over the dataset: dots and skeleton are predicted, rings are the truth, the
/// outline is the labelled box.
pub fn prediction_sheet(
    dataset: &dyn LandmarkDataset,
    predictions: &[Prediction],
    count: usize,
) -> Result<RgbImage, dafe::error::Error> {
    let step = (predictions.len() / count.max(1)).max(1);
    let mut pictures = Vec::new();
    for prediction in predictions.iter().step_by(step).take(count) {
        let sample = dataset.sample(prediction.index);
        let mut picture = dataset.picture(prediction.index)?;
        let truth: Vec<_> = sample
            .landmarks
            .iter()
            .map(|landmark| landmark.visibility.has_position().then_some([landmark.x, landmark.y]))
            .collect();
        // Landmarks that the garment has not, or that are cut off, are not predicted either.
        let predicted: Vec<_> = prediction
            .positions
            .iter()
            .zip(&truth)
            .map(|(&position, truth)| truth.map(|_| position))
            .collect();
        draw_box(&mut picture, &sample.bounding_box);
        draw_landmarks(&mut picture, dataset.schema(), &truth, Marker::Ring);
        draw_landmarks(&mut picture, dataset.schema(), &predicted, Marker::Dot);
        pictures.push(picture);
    }
    Ok(sheet(&pictures, 8, [200, 280]))
}

/// Draws `count` samples with their labels, evenly spread over the datasets: rings are visible landmarks, dots occluded ones,
/// the outline is the box. Pictures that can't be read are left out.
pub fn label_sheet(datasets: &[&dyn LandmarkDataset], count: usize) -> RgbImage {
    let samples: Vec<(usize, usize)> = (datasets.iter().enumerate())
        .flat_map(|(i, dataset)| (0..dataset.len()).map(move |index| (i, index)))
        .collect();
    let step = (samples.len() / count.max(1)).max(1);
    let mut pictures = Vec::new();
    for &(i, index) in samples.iter().step_by(step).take(count) {
        let (dataset, sample) = (datasets[i], datasets[i].sample(index));
        let Ok(mut picture) = dataset.picture(index) else { continue };
        let with = |wanted: Visibility| -> Vec<_> {
            let place = |landmark: &Landmark| {
                (landmark.visibility == wanted).then_some([landmark.x, landmark.y])
            };
            sample.landmarks.iter().map(place).collect()
        };
        draw_box(&mut picture, &sample.bounding_box);
        draw_landmarks(&mut picture, dataset.schema(), &with(Visibility::Visible), Marker::Ring);
        draw_landmarks(&mut picture, dataset.schema(), &with(Visibility::Occluded), Marker::Dot);
        pictures.push(picture);
    }
    sheet(&pictures, 8, [200, 280])
}
