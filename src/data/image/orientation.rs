//! The EXIF orientation of an image.
use std::io::{BufRead, Read, Seek};

use image::{ImageDecoder, ImageFormat, metadata::Orientation};

/// EXIF data that the decoder misses. The PNG decoder only looks before the pixels, but some
/// programs write the EXIF chunk after them.
pub(super) fn beside<R: BufRead + Seek>(reader: &mut R, format: ImageFormat) -> Option<Vec<u8>> {
    match format {
        ImageFormat::Png => png_chunk(reader, b"eXIf"),
        _ => None,
    }
}

/// The transform that turns the image upright, from EXIF's `Orientation`, tag 0x0112 of the first
/// directory (for a TIFF, its own first directory).
///
/// If the tag is missing, damaged or not one of the eight values, the image is kept as stored.
/// Reference: EXIF 2.32, § 4.6.4 A.
pub(super) fn of(
    format: ImageFormat,
    exif: Option<Vec<u8>>,
    decoder: &mut impl ImageDecoder,
) -> Orientation {
    let found = match format {
        ImageFormat::Tiff => decoder.orientation().ok(),
        _ => {
            let exif = exif.or_else(|| decoder.exif_metadata().ok().flatten());
            let exif = exif.unwrap_or_default();
            // JPEG's own prefix, which some programs also write to PNG and WebP.
            let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
            Orientation::from_exif_chunk(exif)
        }
    };
    found.unwrap_or(Orientation::NoTransforms)
}

/// The contents of a PNG's first chunk of this kind. Other chunks are skipped.
fn png_chunk<R: BufRead + Seek>(reader: &mut R, kind: &[u8; 4]) -> Option<Vec<u8>> {
    let signature = 8;
    reader.seek_relative(signature).ok()?;
    loop {
        let (mut length, mut found) = ([0; 4], [0; 4]);
        reader.read_exact(&mut length).ok()?;
        reader.read_exact(&mut found).ok()?;
        let length = u32::from_be_bytes(length);
        if found == *kind {
            let mut content = Vec::new();
            reader.take(length.into()).read_to_end(&mut content).ok()?;
            return (content.len() == length as usize).then_some(content);
        }
        let checksum = 4;
        reader.seek_relative(i64::from(length) + checksum).ok()?;
    }
}
