//! Images from files, with limits, and back to files.
//!
//! JPEG, PNG and WebP are read, as 8-bit RGB; the content says which of them a file is, whatever
//! its name. Gray, palette, 16-bit, CMYK and YCCK images are converted, transparent ones are laid
//! on white, and of an animated PNG or WebP the first frame is taken (of a PNG whose animation has
//! no part in it, the image that other programs show instead). Color profiles are not applied.
//!
//! There are two ways to look at a photograph that was taken with the camera turned: [`read_image`]
//! takes pixels **as they are stored**, since annotations count those; [`read_upright`] and
//! [`decode_upright`] turn it as people see it, by its EXIF orientation, and what is found in it
//! then has **coordinates of the upright image**.
mod complete;
mod decode;
mod orientation;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::{Error, ErrorKind, file::read_bounded};
#[cfg(feature = "detect")]
pub(crate) use decode::flattened;
pub use decode::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
pub use write::{write_jpeg, write_png};

/// Reads an image as it is stored, for use with annotations.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file cannot be read. An [image
/// error](crate::ErrorKind::Image) if it is not a file, is empty or of another format, has a side
/// beyond [`MAX_SIDE`], more than [`MAX_PIXELS`] pixels or more than [`MAX_FILE_BYTES`] bytes
/// (refused before anything is decoded), or does not decode. That includes truncated files, of
/// which decoders may paint the missing part gray. Damage in the middle of a JPEG's or WebP's data
/// is noticed only where the decoder notices it.
pub fn read_image(path: impl AsRef<Path>) -> Result<RgbImage, Error> {
    let path = path.as_ref();
    let refused = refused(path);
    decode::stored(&read_bounded(path, MAX_FILE_BYTES, &refused)?).map_err(refused)
}

/// Reads a photograph, upright: turned or mirrored by its EXIF orientation, where it has one of the eight.
///
/// ```no_run
/// # use dafe::{data::image::read_upright, prelude::*};
/// # fn shown(detector: &LandmarkDetector) -> Result<(), dafe::Error> {
/// let photograph = read_upright("holiday.jpg")?;
/// // In pixels of `photograph`, as a viewer shows it.
/// let found = detector.detect(&photograph, None)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_image`].
pub fn read_upright(path: impl AsRef<Path>) -> Result<RgbImage, Error> {
    let path = path.as_ref();
    let refused = refused(path);
    decode::upright(&read_bounded(path, MAX_FILE_BYTES, &refused)?).map_err(refused)
}

/// The photograph that a file's `bytes` hold, upright as [`read_upright`] reads it: for what comes from standard input or over a
/// network. Errors call it `name`.
///
/// # Errors
/// An [image error](crate::ErrorKind::Image), as [`read_image`].
pub fn decode_upright(bytes: &[u8], name: impl Into<PathBuf>) -> Result<RgbImage, Error> {
    decode::upright(bytes).map_err(refused(name))
}

fn refused(path: impl Into<PathBuf>) -> impl Fn(String) -> Error {
    let path = path.into();
    move |message| Error::new(ErrorKind::Image, message).with_path(path.clone())
}
