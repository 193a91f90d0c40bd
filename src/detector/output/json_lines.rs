//! JSON Lines: one image per line.
use std::io::{self, Write};

use serde::Serialize;

/// Writes JSON Lines, one image per line.
///
/// ```
/// use dafe::{
///     detector::output::{ImageDetections, JsonLines},
///     prelude::*,
/// };
///
/// let mut lines = JsonLines::new(Vec::new());
/// for name in ["a.jpg", "b.jpg"] {
///     lines.add(&ImageDetections::new(name, [120, 240], Vec::<Detection>::new()))?;
/// }
/// let text = String::from_utf8(lines.finish()?).unwrap();
/// let last = r#"{"image":"b.jpg","width":120,"height":240,"detections":[]}"#;
/// assert_eq!(text.lines().last(), Some(last));
/// # Ok::<(), std::io::Error>(())
/// ```
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
