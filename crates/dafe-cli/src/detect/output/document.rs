//! Many images' results as one document, written one by one.
use std::io::{self, Write};

use dafe::prelude::*;
use serde::Serialize;

use super::coco::Coco;
use crate::detect::record::Record;

/// A document of one of the forms.
pub enum Document<W: Write> {
    /// JSON, a line for each image.
    Lines(W),
    /// CSV, a line for each landmark.
    Table(Box<csv::Writer<W>>),
    /// COCO's results.
    Coco(Coco<W>),
}

/// A landmark. `None` becomes nothing between two commas.
#[derive(Serialize)]
struct Row<'a> {
    picture: &'a str,
    /// The garment's number in the image, from 1.
    garment: usize,
    category: Option<&'a str>,
    landmark: &'a str,
    x: f32,
    y: f32,
    score: f32,
    visible: Option<bool>,
    visible_probability: Option<f32>,
    box_x1: f32,
    box_y1: f32,
    box_x2: f32,
    box_y2: f32,
}

impl<W: Write> Document<W> {
    /// A table's heading is there even if no row follows.
    pub fn table(writer: W) -> io::Result<Self> {
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(writer);
        table.write_record([
            "picture",
            "garment",
            "category",
            "landmark",
            "x",
            "y",
            "score",
            "visible",
            "visible_probability",
            "box_x1",
            "box_y1",
            "box_x2",
            "box_y2",
        ])?;
        Ok(Self::Table(Box::new(table)))
    }

    /// Adds an image, which has the number `id` where numbers are needed.
    pub fn add(&mut self, id: u64, record: &Record) -> io::Result<()> {
        match self {
            Self::Lines(writer) => {
                serde_json::to_writer(&mut *writer, record)?;
                writer.write_all(b"\n")
            }
            Self::Table(table) => rows(record).try_for_each(|row| Ok(table.serialize(row)?)),
            Self::Coco(coco) => coco.add(id, record),
        }
    }

    /// Passes on what is complete.
    pub fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Lines(writer) => writer.flush(),
            Self::Table(table) => table.flush(),
            Self::Coco(coco) => coco.flush(),
        }
    }

    /// Ends the document.
    pub fn finish(mut self) -> io::Result<()> {
        if let Self::Coco(coco) = &mut self {
            coco.finish()?;
        }
        self.flush()
    }
}

fn rows(record: &Record) -> impl Iterator<Item = Row<'_>> {
    (1..).zip(&record.detections).flat_map(move |(number, garment)| {
        let Detection { landmarks, category, bounding_box, .. } = &garment.detection;
        landmarks.iter().map(move |found| Row {
            picture: &record.picture,
            garment: number,
            category: category.as_ref().map(|category| category.name.as_str()),
            landmark: &found.name,
            x: found.x,
            y: found.y,
            score: found.score,
            visible: found.visibility.map(|estimate| estimate.visible),
            visible_probability: found.visibility.map(|estimate| estimate.probability),
            box_x1: bounding_box.x1,
            box_y1: bounding_box.y1,
            box_x2: bounding_box.x2,
            box_y2: bounding_box.y2,
        })
    })
}
