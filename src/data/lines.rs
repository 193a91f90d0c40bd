//! The lines of a text file, one at a time, none of them longer than a limit.
use std::{
    io::{BufRead, Read},
    path::Path,
};

use crate::{Error, ErrorKind};

/// The lines of a file. Memory use does not grow with it.
pub(super) struct Lines<'p, R> {
    reader: R,
    path: &'p Path,
    /// The most bytes that a line may have.
    most: u64,
    buffer: Vec<u8>,
    /// The line last read, from 1.
    pub(super) number: usize,
}

impl<'p, R: BufRead> Lines<'p, R> {
    pub(super) fn new(reader: R, path: &'p Path, most: u64) -> Self {
        Self { reader, path, most, buffer: Vec::new(), number: 0 }
    }

    /// Reads the next line: how many bytes it has with its ending; 0 after the last. One that is
    /// too long ends the reading: where it would go on is not known.
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

    /// The line without its ending.
    pub(super) fn text(&self) -> Result<&str, String> {
        let text = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        str::from_utf8(text)
            .map_err(|error| format!("not UTF-8 after {} bytes", error.valid_up_to()))
    }
}
