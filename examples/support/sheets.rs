//! Sheets of samples, each cut out around its box: predictions beside the truth, and labels.
#![allow(dead_code, reason = "each example uses a part")]
use std::path::Path;

use dafe::{
    data::{
        CropTransform,
        picture::{write_jpeg, write_png},
    },
    draw::{Marker, draw_box, draw_landmarks, sheet},
    error::Error,
    prelude::*,
};
use image::RgbImage;

const COLUMNS: usize = 8;
/// `[width, height]` of a sample on a sheet, at most.
const CELL: [u32; 2] = [220, 300];

/// Draws `count` predictions, evenly spread over the dataset: dots and skeleton are predicted, rings are the truth, the
/// outline is the box.
pub fn prediction_sheet(
    dataset: &dyn LandmarkDataset,
    predictions: &[Prediction],
    count: usize,
) -> Result<RgbImage, Error> {
    let pictures = spread(predictions, count)
        .map(|prediction| comparison(dataset, prediction, CELL))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sheet(&pictures, COLUMNS, CELL))
}

/// Draws one prediction beside the truth, as on a [`prediction_sheet`], on the part of its picture that has the box, shown
/// at most as large as `cell` (`[width, height]`).
pub fn comparison(
    dataset: &dyn LandmarkDataset,
    prediction: &Prediction,
    cell: [u32; 2],
) -> Result<RgbImage, Error> {
    let sample = dataset.sample(prediction.index);
    let mut view = View::new(&dataset.picture(prediction.index)?, &sample.bounding_box, cell);
    let truth: Vec<_> = sample.landmarks.iter().map(position).collect();
    let labelled = truth.iter().any(Option::is_some);
    let mut predicted = vec![None; truth.len()];
    for i in dataset.schema().landmarks_of(sample.category) {
        // Landmarks that are cut off are not predicted either.
        if truth[i].is_some() || !labelled {
            predicted[i] = Some(prediction.positions[i]);
        }
    }
    view.draw(dataset.schema(), &truth, Marker::Ring);
    view.draw(dataset.schema(), &predicted, Marker::Dot);
    Ok(view.picture)
}

/// Draws `count` samples with their labels, evenly spread over the datasets: dots and skeleton are labelled, rings are around
/// those that are occluded, the outline is the box. Pictures that can't be read are left out.
pub fn label_sheet(datasets: &[&dyn LandmarkDataset], count: usize) -> RgbImage {
    let samples: Vec<(usize, usize)> = (datasets.iter().enumerate())
        .flat_map(|(i, dataset)| (0..dataset.len()).map(move |index| (i, index)))
        .collect();
    let mut pictures = Vec::new();
    for &(i, index) in spread(&samples, count) {
        let (dataset, sample) = (datasets[i], datasets[i].sample(index));
        let Ok(picture) = dataset.picture(index) else { continue };
        let mut view = View::new(&picture, &sample.bounding_box, CELL);
        let (labelled, occluded) = labels(&sample.landmarks);
        view.draw(dataset.schema(), &labelled, Marker::Dot);
        view.draw(dataset.schema(), &occluded, Marker::Ring);
        pictures.push(view.picture);
    }
    sheet(&pictures, COLUMNS, CELL)
}

/// Writes a sheet: as JPEG if the file's name says so, else as PNG.
pub fn write(path: &Path, sheet: &RgbImage) -> Result<(), Error> {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    match extension.is_some_and(|extension| extension == "jpg" || extension == "jpeg") {
        true => write_jpeg(path, sheet, 85),
        false => write_png(path, sheet),
    }
}

/// The place of each landmark, if it has one.
pub type Places = Vec<Option<[f32; 2]>>;

/// Where the landmarks are that have a position, and where those of them that are occluded.
pub fn labels(landmarks: &[Landmark]) -> (Places, Places) {
    let hidden = |landmark: &&Landmark| landmark.visibility == Visibility::Occluded;
    let occluded = |landmark| Some(landmark).filter(hidden).and_then(position);
    (landmarks.iter().map(position).collect(), landmarks.iter().map(occluded).collect())
}

fn position(landmark: &Landmark) -> Option<[f32; 2]> {
    landmark.visibility.has_position().then_some([landmark.x, landmark.y])
}

/// At most `count` of `items`, at equal distances.
fn spread<T>(items: &[T], count: usize) -> impl Iterator<Item = &T> {
    let count = count.min(items.len());
    (0..count).map(move |i| &items[i * items.len() / count])
}

/// The part of a picture that has a box, in the size in which it is shown: what is drawn is as large on small things as on
/// large ones.
struct View {
    picture: RgbImage,
    crop: CropTransform,
}

impl View {
    /// Around the box, with a margin, at most as large as `cell`.
    fn new(picture: &RgbImage, bounds: &BoundingBox, cell: [u32; 2]) -> Self {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let margin = 0.15 * bounds.width().max(bounds.height());
        let region = BoundingBox::new(
            (bounds.x1 - margin).max(0.0),
            (bounds.y1 - margin).max(0.0),
            (bounds.x2 + margin).min(width),
            (bounds.y2 + margin).min(height),
        );
        let region = region.unwrap_or(BoundingBox { x1: 0.0, y1: 0.0, x2: width, y2: height });
        let scale = (cell[0] as f32 / region.width()).min(cell[1] as f32 / region.height());
        let size = [region.width(), region.height()].map(|side| (side * scale).round().max(1.0));
        let size = size.map(|side| side as usize);
        let crop = CropTransform::plain(&region, size, Alignment::HalfPixel);
        let mut picture = crop.picture(picture, size);
        // A box's coordinates are edges of pixels.
        let x = |x: f32| (x - region.x1) * size[0] as f32 / region.width();
        let y = |y: f32| (y - region.y1) * size[1] as f32 / region.height();
        let shown = BoundingBox::new(x(bounds.x1), y(bounds.y1), x(bounds.x2), y(bounds.y2));
        if let Some(shown) = shown {
            draw_box(&mut picture, &shown);
        }
        Self { picture, crop }
    }

    /// Draws landmarks, given in the whole picture's pixels.
    fn draw(&mut self, schema: &LandmarkSchema, points: &[Option<[f32; 2]>], marker: Marker) {
        let shown = |[x, y]: [f32; 2]| self.crop.affine.apply_f32(x, y).into();
        let points: Vec<_> = points.iter().map(|point| point.map(shown)).collect();
        draw_landmarks(&mut self.picture, schema, &points, marker);
    }
}
