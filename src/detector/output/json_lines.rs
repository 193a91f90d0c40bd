//! JSON, one image a line.
use std::io::{self, Write};

use serde::Serialize;

/// Writes each image's JSON on a line of its own.
#[derive(Debug)]
pub struct JsonLines<W> {
    writer: W,
}

impl<W: Write> JsonLines<W> {
    /// A document without a line.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }

    /// Adds an image: an [`ImageDetections`](super::ImageDetections), or a value of your own that
    /// has one and more.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn add(&mut self, image: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, image)?;
        self.writer.write_all(b"\n")
    }

    /// Passes on what is complete.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Ends the document.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}
