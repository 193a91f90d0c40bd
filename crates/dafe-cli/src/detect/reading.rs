//! Reads images from files or standard input, in batches.
use std::{
    error::Error as _,
    fs,
    io::{self, Read as _},
    path::Path,
};

use dafe::{
    Error, ErrorKind,
    data::image::{ImageFile, MAX_FILE_BYTES, decode_image, read_image},
};
use image::RgbImage;
use rayon::prelude::*;

use super::{
    inputs::{Input, Source},
    record::FileState,
};

/// A few photographs. A higher limit would use more memory for hardly more speed.
const PIXELS_AT_A_TIME: u64 = 32_000_000;

/// An image that was read, or the reason why not.
pub struct Read {
    /// The image's index among the inputs.
    pub index: usize,
    pub file: Option<FileState>,
    pub image: Result<RgbImage, String>,
}

/// Takes a batch of images from `rest`: `count` of them, or fewer if they have many pixels, but at
/// least one.
pub fn next_chunk<'a>(inputs: &[Input], rest: &mut &'a [usize], count: usize) -> &'a [usize] {
    let mut pixels = 0;
    let fits = |index: &&usize| {
        pixels += pixels_of(&inputs[**index].source);
        pixels <= PIXELS_AT_A_TIME
    };
    let length = rest.iter().take(count).take_while(fits).count().max(1);
    let (chunk, others) = rest.split_at(length.min(rest.len()));
    *rest = others;
    chunk
}

/// The number of pixels by the file's header. It is 0 if the file is not an image, which is
/// reported when it is read, and for a pipe, which can only be read once.
fn pixels_of(source: &Source) -> u64 {
    let Source::File(path) = source else { return 0 };
    let header = ImageFile::new(path).header();
    header.map_or(0, |header| header.size.into_iter().map(u64::from).product())
}

/// Reads images in parallel, on the current thread pool.
pub fn read_chunk(inputs: &[Input], chunk: &[usize]) -> Vec<Read> {
    let read = |&index: &usize| {
        let source = &inputs[index].source;
        // Taken before reading, so that a file that changes meanwhile is processed again.
        let file = state(source);
        Read { index, file, image: upright(source).map_err(|error| reason(&error)) }
    };
    chunk.par_iter().map(read).collect()
}

/// The state of an image's file; `None` for standard input, or if it can't be read.
pub fn state(source: &Source) -> Option<FileState> {
    let Source::File(path) = source else { return None };
    fs::metadata(path).ok().as_ref().map(FileState::new)
}

/// The error without the image's name, which is printed before it.
fn reason(error: &Error) -> String {
    match (error.kind(), error.source()) {
        (ErrorKind::Io, Some(source)) => format!("{} it: {source}", error.message()),
        _ => error.message().to_string(),
    }
}

/// Reads the image upright.
fn upright(source: &Source) -> Result<RgbImage, Error> {
    match source {
        Source::File(path) => read_image(path),
        Source::StandardInput => {
            let path = Path::new("standard input");
            let failed = |source| Error::io("read", path)(source);
            let mut bytes = Vec::new();
            io::stdin().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
            if bytes.len() as u64 > MAX_FILE_BYTES {
                let message = format!("more than {MAX_FILE_BYTES} bytes");
                return Err(Error::new(ErrorKind::Image, message).with_path(path));
            }
            decode_image(&bytes, path)
        }
    }
}
