//! Pictures from files, with limits, and back to files.
//!
//! Pixels are taken as stored: colour profiles are not applied, and pictures are **not** turned by their EXIF
//! orientation, since annotations count pixels of the stored picture.
use std::{
    io::{Cursor, Write},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};

use super::file::read_bounded;
use crate::{atomic::write_atomically, error::Error};

#[cfg(test)]
mod tests;

/// The longest side of a picture that is read, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels that a picture may have to be read.
pub const MAX_PIXELS: u64 = 100_000_000;
/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 512 << 20;
/// What a decoder may allocate: the largest picture in 16-bit RGBA, and room to work in.
const MAX_DECODER_BYTES: u64 = 1 << 30;

/// Reads a JPEG or PNG file as 8-bit RGB. The content says which of the two it is, whatever the file's name.
///
/// Grey, palette, 16-bit and CMYK pictures are converted; transparent ones are laid on white.
///
/// # Errors
/// [`Error::Io`] if the file cannot be read. [`Error::Picture`] if it is not a file, is empty or of another format,
/// has a side beyond [`MAX_SIDE`], more than [`MAX_PIXELS`] pixels or more than [`MAX_FILE_BYTES`] bytes (refused
/// before anything is decoded), or does not decode. That includes truncated files: decoders paint the missing part of
/// a JPEG grey, so its end-of-image marker is looked for here. Damage in the middle of a JPEG's data is noticed only
/// where the decoder notices it.
pub fn read_picture(path: &Path) -> Result<RgbImage, Error> {
    let refused = |message| Error::Picture { path: path.into(), message };
    decode(&read_bounded(path, MAX_FILE_BYTES, refused)?).map_err(refused)
}

/// The picture that a file holds, or what is wrong with it.
fn decode(bytes: &[u8]) -> Result<RgbImage, String> {
    let format = image::guess_format(bytes).map_err(|_| unrecognised(bytes))?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png) {
        return Err(format!("of the format {}; only JPEG and PNG are read", format.to_mime_type()));
    }
    // The PNG decoder notices by itself.
    if format == ImageFormat::Jpeg && !has_end_of_image(bytes) {
        return Err("truncated: the file ends before the picture does".into());
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let undecodable = |error: ImageError| format!("cannot be decoded: {error}");
    let decoder = reader.into_decoder().map_err(undecodable)?;
    let (width, height) = decoder.dimensions();
    let refused = |reason: String| Err(format!("{width} × {height} pixels: {reason}"));
    if width == 0 || height == 0 {
        return refused("there is nothing in it".into());
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return refused(format!("a side may have at most {MAX_SIDE}"));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return refused(format!("at most {MAX_PIXELS} are read"));
    }
    DynamicImage::from_decoder(decoder).map(flattened).map_err(undecodable)
}

fn unrecognised(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(16)]);
    format!("neither JPEG nor PNG: the file starts with '{}'", start.escape_debug())
}

/// Walks a JPEG's markers to the end-of-image marker, passing over the segments' contents: those of a thumbnail
/// have an end of their own.
fn has_end_of_image(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0xFF) {
        rest = &rest[at + 1..];
        match rest {
            [0xD9, ..] => return true,
            // An escaped byte of data, restart markers, start of image, TEM: nothing follows. 0xFF is only padding.
            [0x00 | 0x01 | 0xD0..=0xD8 | 0xFF, ..] => (),
            // All others carry their length, counting its own two bytes.
            [_, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(1 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

/// As 8-bit RGB, on white.
fn flattened(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let over_white = |[red, green, blue, alpha]: [u8; 4]| {
        let alpha = u32::from(alpha);
        // Rounded to the nearest.
        Rgb([red, green, blue]
            .map(|channel| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    };
    let mut flat = RgbImage::new(picture.width(), picture.height());
    flat.pixels_mut().zip(picture.pixels()).for_each(|(to, from)| *to = over_white(from.0));
    flat
}

/// Writes a JPEG file of the given quality, 1 to 100: completely, or not at all.
///
/// # Errors
/// [`Error::Picture`] for a quality outside that range and for a picture without pixels or with a side beyond the
/// 65,535 that a JPEG can have; [`Error::Io`] if the file cannot be written.
pub fn write_jpeg(path: &Path, picture: &RgbImage, quality: u8) -> Result<(), Error> {
    let refused = |message: String| Err(Error::Picture { path: path.into(), message });
    if !(1..=100).contains(&quality) {
        return refused(format!("a JPEG's quality is 1 to 100, not {quality}"));
    }
    let (width, height) = picture.dimensions();
    if width.max(height) > u32::from(u16::MAX) {
        return refused(format!(
            "{width} × {height} pixels: a JPEG's sides have at most {}",
            u16::MAX
        ));
    }
    write(path, picture, |bytes| {
        JpegEncoder::new_with_quality(bytes, quality).encode_image(picture)
    })
}

/// Writes a PNG file: completely, or not at all.
///
/// # Errors
/// [`Error::Picture`] for a picture without pixels; [`Error::Io`] if the file cannot be written.
pub fn write_png(path: &Path, picture: &RgbImage) -> Result<(), Error> {
    write(path, picture, |bytes| picture.write_with_encoder(PngEncoder::new(bytes)))
}

/// Encodes in memory, where errors are the encoder's, and only then touches the disk.
fn write(
    path: &Path,
    picture: &RgbImage,
    encode: impl FnOnce(&mut Vec<u8>) -> Result<(), ImageError>,
) -> Result<(), Error> {
    let refused = |message: String| Error::Picture { path: path.into(), message };
    let (width, height) = picture.dimensions();
    if width == 0 || height == 0 {
        return Err(refused(format!("{width} × {height} pixels: there is nothing to write")));
    }
    let mut bytes = Vec::new();
    encode(&mut bytes).map_err(|error| refused(format!("cannot be encoded: {error}")))?;
    write_atomically(path, |file| file.write_all(&bytes))
}
