//! Sheets of samples, each cropped around its box: predictions and ground truth, or labels.
use std::path::Path;

use dafe::{
    Error,
    data::image::{write_jpeg, write_png},
    draw::{Drawing, LandmarkMark, Marker, sheet},
    landmark::Landmark,
    predict::Prediction,
    prelude::*,
};
use image::RgbImage;

const COLUMNS: usize = 8;
/// The maximum `[width, height]` of a sample on a sheet.
const CELL: [u32; 2] = [220, 300];

/// Renders `count` predictions, evenly spaced over the dataset.
///
/// Dots and skeleton are predictions, rings the ground truth (dashed where occluded), lines between
/// them errors, the outline the box.
///
/// # Errors
/// If an image cannot be read.
pub fn prediction_sheet(
    dataset: &dyn LandmarkDataset,
    predictions: &[Prediction],
    count: usize,
) -> Result<RgbImage, Error> {
    let images = spread(predictions, count)
        .map(|prediction| comparison(dataset, prediction, CELL))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sheet(&images, COLUMNS, CELL))
}

/// Renders one prediction and its ground truth as on a [`prediction_sheet`], cropped around the
/// box, at most as large as `cell` (`[width, height]`).
///
/// # Errors
/// If the image cannot be read.
pub fn comparison(
    dataset: &dyn LandmarkDataset,
    prediction: &Prediction,
    cell: [u32; 2],
) -> Result<RgbImage, Error> {
    let (schema, sample) = (dataset.schema(), dataset.sample(prediction.index));
    let truth = LandmarkMark::labeled(&sample.landmarks);
    // Landmarks outside the image are not compared.
    let predicted: Vec<_> = (schema.landmarks_of(sample.category).into_iter())
        .filter(|&i| truth.is_empty() || sample.landmarks[i].visibility.has_position())
        .map(|i| LandmarkMark::new(i, prediction.positions[i]))
        .collect();
    let image = dataset.image(prediction.index)?;
    Ok(Drawing::around(&image, &sample.bounding_box, cell)
        .bounding_box(&sample.bounding_box)
        .skeleton(schema, &predicted)
        .errors(schema, &truth, &predicted)
        .image())
}

/// Renders samples with their labels. Dots and skeleton are labels, hollow and dashed where
/// occluded; the outline is the box. Images that can't be read are left out.
pub fn label_sheet(samples: &[(&dyn LandmarkDataset, usize)]) -> RgbImage {
    let mut images = Vec::new();
    for &(dataset, index) in samples {
        let sample = dataset.sample(index);
        let Ok(image) = dataset.image(index) else { continue };
        let mut drawing = Drawing::around(&image, &sample.bounding_box, CELL);
        draw_labels(&mut drawing, dataset.schema(), &sample.bounding_box, &sample.landmarks);
        images.push(drawing.image());
    }
    sheet(&images, COLUMNS, CELL)
}

/// Draws a box and the labeled landmarks with their skeleton, hollow and dashed where occluded.
pub fn draw_labels(
    drawing: &mut Drawing,
    schema: &LandmarkSchema,
    bounding_box: &BoundingBox,
    landmarks: &[Landmark],
) {
    let marks = LandmarkMark::labeled(landmarks);
    drawing.bounding_box(bounding_box).skeleton(schema, &marks);
    drawing.landmarks(schema, &marks, Marker::Dot);
}

/// Writes a sheet as JPEG if the file's extension says so, else as PNG.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, sheet: &RgbImage) -> Result<(), Error> {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    match extension.is_some_and(|extension| extension == "jpg" || extension == "jpeg") {
        true => write_jpeg(path, sheet, 85),
        false => write_png(path, sheet),
    }
}

/// At most `count` of `items`, evenly spaced.
pub fn spread<T>(items: &[T], count: usize) -> impl Iterator<Item = &T> {
    let count = count.min(items.len());
    (0..count).map(move |i| &items[i * items.len() / count])
}
