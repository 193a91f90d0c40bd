//! The lines of a text file, one at a time, with a maximum length.
use std::{
    io::{BufRead, Read},
    path::Path,
};

use crate::{Error, ErrorKind};

/// The lines of a file. Memory use does not depend on the file's size.
pub(super) struct Lines<'p, R> {
    reader: R,
    path: &'p Path,
    /// The maximum number of bytes per line.
    most: u64,
    buffer: Vec<u8>,
    /// The number of the last line read, from 1.
    pub(super) number: usize,
}

impl<'p, R: BufRead> Lines<'p, R> {
    pub(super) fn new(reader: R, path: &'p Path, most: u64) -> Self {
        Self { reader, path, most, buffer: Vec::new(), number: 0 }
    }

    /// Reads the next line and returns its length in bytes including the line ending; 0 after the
    /// last line. A line that is too long is an error that ends reading, because the start of the
    /// next line is unknown.
    pub(super) fn advance(&mut self) -> Result<u64, Error> {
        self.buffer.clear();
        let mut bounded = self.reader.by_ref().take(self.most + 1);
        let count = bounded.read_until(b'\n', &mut self.buffer);
        let count = count.map_err(Error::io("read", self.path))? as u64;
        if count > 0 {
            self.number += 1;
        }
        if count > self.most {
            let message = format!("longer than {} bytes: is this an annotation file?", self.most);
            return Err(Error::new(ErrorKind::Annotation, message)
                .with_path(self.path)
                .with_line(self.number));
        }
        Ok(count)
    }

    /// The line without its line ending.
    pub(super) fn text(&self) -> Result<&str, String> {
        let text = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        str::from_utf8(text)
            .map_err(|error| format!("not UTF-8 after {} bytes", error.valid_up_to()))
    }
}
