//! A sheet of predictions beside the truth.
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
