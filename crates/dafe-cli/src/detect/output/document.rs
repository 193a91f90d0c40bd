//! A document of many images' results, written one image at a time.
use std::io::{self, Write};

use dafe::detector::output::{CocoResults, CsvTable, JsonLines};

use crate::detect::record::Record;

/// A document in one of the formats.
pub enum Document<W: Write> {
    /// JSON Lines, one line per image.
    Lines(JsonLines<W>),
    /// CSV, one row per landmark.
    Table(Box<CsvTable<W>>),
    /// COCO results.
    Coco(CocoResults<W>),
}

impl<W: Write> Document<W> {
    /// Adds an image; `id` is its id in formats that need one.
    pub fn add(&mut self, id: u64, record: &Record) -> io::Result<()> {
        match self {
            Self::Lines(lines) => lines.add(record),
            Self::Table(table) => table.add(&record.found),
            Self::Coco(coco) => coco.add(id, &record.found),
        }
    }

    /// Flushes the underlying writer.
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
