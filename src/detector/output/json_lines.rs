//! JSON Lines: one image per line.
use std::io::{self, Write};

use serde::Serialize;

/// Writes JSON Lines, one image per line.
#[derive(Debug)]
pub struct JsonLines<W> {
    writer: W,
}

impl<W: Write> JsonLines<W> {
    /// Creates a writer. Nothing is written yet.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }

    /// Adds an image: an [`ImageDetections`](super::ImageDetections), or your own value that
    /// contains one.
    ///
    /// # Errors
    /// If writing fails.
    pub fn add(&mut self, image: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, image)?;
        self.writer.write_all(b"\n")
    }

    /// Flushes the underlying writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Flushes and returns the writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}
