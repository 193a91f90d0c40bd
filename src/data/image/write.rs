//! Writing images to files.
use std::{io::Write, path::Path};

use image::{
    ImageError, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};

use crate::{Error, ErrorKind, atomic::write_atomically};

/// Writes a JPEG file with the given quality, 1 to 100. The file is written atomically.
///
/// # Errors
/// An [image error](crate::ErrorKind::Image) if the quality is out of range, or if the image has no
/// pixels or a side above 65,535, the limit of JPEG; an [I/O error](crate::ErrorKind::Io) if the
/// file cannot be written.
pub fn write_jpeg(path: impl AsRef<Path>, image: &RgbImage, quality: u8) -> Result<(), Error> {
    let path = path.as_ref();
    let refused = |message: String| Err(Error::new(ErrorKind::Image, message).with_path(path));
    if !(1..=100).contains(&quality) {
        return refused(format!("a JPEG's quality is 1 to 100, not {quality}"));
    }
    let (width, height) = image.dimensions();
    if width.max(height) > u32::from(u16::MAX) {
        return refused(format!(
            "{width} × {height} pixels: a JPEG's sides have at most {}",
            u16::MAX
        ));
    }
    write(path, image, |bytes| JpegEncoder::new_with_quality(bytes, quality).encode_image(image))
}

/// Writes a PNG file atomically.
///
/// # Errors
/// An [image error](crate::ErrorKind::Image) if the image has no pixels; an [I/O
/// error](crate::ErrorKind::Io) if the file cannot be written.
pub fn write_png(path: impl AsRef<Path>, image: &RgbImage) -> Result<(), Error> {
    let path = path.as_ref();
    write(path, image, |bytes| image.write_with_encoder(PngEncoder::new(bytes)))
}

/// Encodes in memory first, so that encoder errors are separate from I/O errors.
fn write(
    path: &Path,
    image: &RgbImage,
    encode: impl FnOnce(&mut Vec<u8>) -> Result<(), ImageError>,
) -> Result<(), Error> {
    let refused = |message: String| Error::new(ErrorKind::Image, message).with_path(path);
    let (width, height) = image.dimensions();
    if width == 0 || height == 0 {
        return Err(refused(format!("{width} × {height} pixels: there is nothing to write")));
    }
    let mut bytes = Vec::new();
    encode(&mut bytes).map_err(|error| refused(format!("cannot be encoded: {error}")))?;
    write_atomically(path, |file| file.write_all(&bytes))
}
