//! Images from files, with limits, and back to files.
//!
//! JPEG, PNG, WebP, BMP, TIFF and GIF are read, as 8-bit RGB; the content says which of them a file
//! is, whatever its name. Gray, palette, 16-bit, CMYK and YCCK images are converted, transparent
//! ones are laid on white; a TIFF's first image and an animation's first frame are taken (of a PNG
//! whose animation has no part in it, the image that other programs show instead). Color profiles
//! are not applied. HEIC, HEIF, AVIF, cameras' raw files and TIFFs with a palette are
//! not read: convert them to JPEG or PNG.
//!
//! A photograph that was taken with the camera turned is read **upright**, by its EXIF orientation,
//! and coordinates are those of the upright image, as a viewer shows it. Some datasets were labeled
//! on the pixels as they are stored: an [`ImageFile`] knows the size that the annotations give its
//! image, and is read as stored where only that fits them.
mod complete;
mod decode;
mod entropy;
mod file;
mod format;
mod orientation;
#[cfg(test)]
mod tests;
mod tiff;
mod write;

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::{Error, ErrorKind};
#[cfg(feature = "detect")]
pub(crate) use decode::flattened;
pub use decode::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
pub use file::{ImageCheck, ImageFile, ImageHeader, Orientation};
pub use write::{write_jpeg, write_png};

/// Reads an image, upright: turned or mirrored by its EXIF orientation, where it has one of the
/// eight.
///
/// ```no_run
/// # use dafe::{data::image::read_image, prelude::*};
/// # fn shown(detector: &LandmarkDetector) -> Result<(), dafe::Error> {
/// let photograph = read_image("holiday.jpg")?;
/// // In pixels of `photograph`, as a viewer shows it.
/// let found = detector.detect(&photograph, None)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file cannot be read. An [image
/// error](crate::ErrorKind::Image) if it is not a file, is empty or of another format, has a side
/// beyond [`MAX_SIDE`], more than [`MAX_PIXELS`] pixels or more than [`MAX_FILE_BYTES`] bytes
/// (refused before anything is decoded), or does not decode. That includes truncated files, of
/// which decoders may paint the missing part gray; not so a JPEG that lacks nothing but its
/// end-of-image marker ([`ImageFile::check`] tells), unless it is progressive. Damage in the middle
/// of a JPEG's or WebP's data is noticed only where the decoder notices it.
pub fn read_image(path: impl AsRef<Path>) -> Result<RgbImage, Error> {
    ImageFile::new(path.as_ref()).read()
}

/// The image that a file's `bytes` hold, upright as [`read_image`] reads it: for what comes from
/// standard input or over a network. Errors call it `name`.
///
/// # Errors
/// An [image error](crate::ErrorKind::Image), as [`read_image`].
pub fn decode_image(bytes: &[u8], name: impl Into<PathBuf>) -> Result<RgbImage, Error> {
    decode::decoded(bytes, |_| true).map(|(image, _)| image).map_err(refused(name))
}

fn refused(path: impl Into<PathBuf>) -> impl Fn(String) -> Error {
    let path = path.into();
    move |message| Error::new(ErrorKind::Image, message).with_path(path.clone())
}
