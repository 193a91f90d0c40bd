//! Which way a camera was held, by what its file says of it.
use std::io::{BufRead, Read, Seek};

use image::{ImageDecoder, ImageFormat, metadata::Orientation};

/// The EXIF data that a decoder does not find: a PNG's, since it looks before the pixels only, and
/// some programs write them behind.
pub(super) fn beside<R: BufRead + Seek>(reader: &mut R, format: ImageFormat) -> Option<Vec<u8>> {
    match format {
        ImageFormat::Png => png_chunk(reader, b"eXIf"),
        _ => None,
    }
}

/// How the image is turned or mirrored to be upright: by EXIF's `Orientation`, tag 0x0112 of its
/// first directory, which is a TIFF's own. Where that is missing, damaged or none of the eight, the
/// image is as it is stored.
///
/// EXIF 2.32, § 4.6.4 A.
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
            // JPEG's own prefix, which some programs put into PNG and WebP, too.
            let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
            Orientation::from_exif_chunk(exif)
        }
    };
    found.unwrap_or(Orientation::NoTransforms)
}

/// What a PNG's first chunk of this kind holds. The contents of others are passed over.
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
