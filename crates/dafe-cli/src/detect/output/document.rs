//! Many images' results as one document, written one by one.
use std::io::{self, Write};

use dafe::detector::output::{CocoResults, CsvTable, JsonLines};

use crate::detect::record::Record;

/// A document of one of the forms.
pub enum Document<W: Write> {
    /// JSON, a line for each image.
    Lines(JsonLines<W>),
    /// CSV, a line for each landmark.
    Table(Box<CsvTable<W>>),
    /// COCO's results.
    Coco(CocoResults<W>),
}

impl<W: Write> Document<W> {
    /// Adds an image, which has the number `id` where numbers are needed.
    pub fn add(&mut self, id: u64, record: &Record) -> io::Result<()> {
        match self {
            Self::Lines(lines) => lines.add(record),
            Self::Table(table) => table.add(&record.found),
            Self::Coco(coco) => coco.add(id, &record.found),
        }
    }

    /// Passes on what is complete.
    pub fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Lines(lines) => lines.flush(),
            Self::Table(table) => table.flush(),
            Self::Coco(coco) => coco.flush(),
        }
    }

    /// Ends the document.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Lines(lines) => lines.finish().map(drop),
            Self::Table(table) => table.finish().map(drop),
            Self::Coco(coco) => coco.finish().map(drop),
        }
    }
}
