//! JSON files, read as a stream and written atomically.
use std::{
    io::{self, BufReader, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    annotation::dataset_error,
    event::{ReadEvent, Reporter},
    lenient_json::LenientJson,
};
use crate::{Error, ErrorKind, atomic::write_atomically, file::open_regular};

/// Reads a JSON file of at most `most` bytes as a stream, as leniently as [`LenientJson`], and
/// reports the progress to `on_event`.
pub(super) fn read_json<T: for<'de> Deserialize<'de>>(
    path: &Path,
    most: u64,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<T, Error> {
    let wrong = dataset_error(path);
    let (file, length) = open_regular(path, &wrong)?;
    if length > most {
        return Err(wrong(format!("larger than {most} bytes")).with_kind(ErrorKind::Limit));
    }
    let reporter = Reporter::new(on_event, length);
    let mut watched = Watched { reader: file.take(most), reporter, ended: None };
    let read =
        serde_json::from_reader(BufReader::with_capacity(1 << 16, LenientJson::new(&mut watched)));
    match (read, watched.ended) {
        (_, Some(error)) => Err(error),
        (Ok(value), None) => watched.reporter.finish().map(|()| value),
        (Err(error), None) if error.is_io() => Err(Error::io("read", path)(error.into())),
        (Err(error), None) => Err(json_error(path, &error)),
    }
}

/// A reader that reports its progress.
struct Watched<'a, R> {
    reader: R,
    reporter: Reporter<'a>,
    /// The handler's error that stopped the reading.
    ended: Option<Error>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.reporter.advance(count as u64).map(|()| count).map_err(|error| {
            self.ended = Some(error);
            io::Error::other("ended by the handler")
        })
    }
}

/// Converts a JSON error to a dataset error with the line and column. The message quotes only a
/// little of the file's content.
pub(super) fn json_error(path: &Path, error: &serde_json::Error) -> Error {
    const SHOWN: usize = 200;
    let whole = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let message: String = whole.strip_suffix(&at).unwrap_or(&whole).chars().take(SHOWN).collect();
    let column = error.column();
    // Quotation marks come from the message itself, control characters from the file.
    let shown = |c: char| match c {
        '"' | '\'' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    let message: String = message.chars().map(shown).collect();
    let message = format!("column {column}: {message}");
    Error::new(ErrorKind::Annotation, message).with_path(path).with_line(error.line())
}

/// Writes a JSON file atomically.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    write_atomically(path, |file| {
        serde_json::to_writer(&mut *file, value).map_err(io::Error::from)?;
        file.write_all(b"\n")
    })
}
