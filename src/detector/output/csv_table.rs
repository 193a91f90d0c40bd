//! CSV, one row per landmark.
use std::io::{self, Write};

use serde::Serialize;

use super::image_detections::ImageDetections;
use crate::detector::detection::Detection;

/// Writes landmarks as CSV. The header is written even if there are no rows.
///
/// | column | meaning |
/// |---|---|
/// | `image` | the image's name |
/// | `garment` | the garment's number in the image, from 1 |
/// | `category` | the garment's category, if known |
/// | `landmark`, `x`, `y`, `score` | the fields of [`DetectedLandmark`](crate::detector::DetectedLandmark) |
/// | `confidence` | the probability that the position is right, if the model is calibrated for it |
/// | `visible`, `visible_probability` | the landmark's visibility, if the model is calibrated for it |
/// | `box_x1`, `box_y1`, `box_x2`, `box_y2` | the garment's box |
#[derive(Debug)]
pub struct CsvTable<W: Write> {
    table: csv::Writer<W>,
}

const COLUMNS: [&str; 14] = [
    "image",
    "garment",
    "category",
    "landmark",
    "x",
    "y",
    "score",
    "confidence",
    "visible",
    "visible_probability",
    "box_x1",
    "box_y1",
    "box_x2",
    "box_y2",
];

/// A row. `None` becomes an empty field.
#[derive(Serialize)]
struct Row<'a> {
    image: &'a str,
    garment: usize,
    category: Option<&'a str>,
    landmark: &'a str,
    x: f32,
    y: f32,
    score: f32,
    confidence: Option<f32>,
    visible: Option<bool>,
    visible_probability: Option<f32>,
    bounds: [f32; 4],
}

impl<W: Write> CsvTable<W> {
    /// Starts a table by writing its header.
    ///
    /// # Errors
    /// If writing fails.
    pub fn new(writer: W) -> io::Result<Self> {
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(writer);
        table.write_record(COLUMNS)?;
        Ok(Self { table })
    }

    /// Adds the rows of one image's landmarks.
    ///
    /// # Errors
    /// If writing fails.
    pub fn add(&mut self, image: &ImageDetections) -> io::Result<()> {
        rows(image).try_for_each(|row| Ok(self.table.serialize(row)?))
    }

    /// Flushes the underlying writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.table.flush()
    }

    /// Ends the table, and returns the writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(self) -> io::Result<W> {
        self.table.into_inner().map_err(|error| error.into_error())
    }
}

fn rows(image: &ImageDetections) -> impl Iterator<Item = Row<'_>> {
    (1..).zip(&image.detections).flat_map(move |(number, garment)| {
        let Detection { landmarks, category, bounding_box, .. } = &garment.detection;
        landmarks.iter().map(move |found| Row {
            image: &image.image,
            garment: number,
            category: category.as_ref().map(|category| category.name.as_str()),
            landmark: &found.name,
            x: found.x,
            y: found.y,
            score: found.score,
            confidence: found.confidence,
            visible: found.visibility.map(|estimate| estimate.visible),
            visible_probability: found.visibility.map(|estimate| estimate.probability),
            bounds: [bounding_box.x1, bounding_box.y1, bounding_box.x2, bounding_box.y2],
        })
    })
}
