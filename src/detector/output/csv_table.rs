//! CSV, one landmark a line.
use std::io::{self, Write};

use serde::Serialize;

use super::image_detections::ImageDetections;
use crate::detector::detection::Detection;

/// Writes a table of landmarks, with a heading even if no row follows.
///
/// | column | what it is |
/// |---|---|
/// | `image` | the image's name |
/// | `garment` | the garment's number in the image, from 1 |
/// | `category` | its category, if that is known |
/// | `landmark`, `x`, `y`, `score` | as [`DetectedLandmark`](crate::detector::DetectedLandmark) has them |
/// | `confidence` | how probable it is that the position is right, if the model was calibrated for that |
/// | `visible`, `visible_probability` | its visibility, if the model was calibrated for that |
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

/// A landmark. `None` becomes nothing between two commas.
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
    /// A table with its heading.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn new(writer: W) -> io::Result<Self> {
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(writer);
        table.write_record(COLUMNS)?;
        Ok(Self { table })
    }

    /// Adds an image's landmarks.
    ///
    /// # Errors
    /// If they can't be written.
    pub fn add(&mut self, image: &ImageDetections) -> io::Result<()> {
        rows(image).try_for_each(|row| Ok(self.table.serialize(row)?))
    }

    /// Passes on what is complete.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.table.flush()
    }

    /// Ends the table.
    ///
    /// # Errors
    /// If it can't be written.
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
