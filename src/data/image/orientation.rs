//! Which way a camera was held, by what its file says of it.
use image::{ImageDecoder, ImageFormat, metadata::Orientation};

/// How the image is turned or mirrored to be upright: by EXIF's `Orientation`, tag 0x0112 of its
/// first directory. Where that is missing, damaged or none of the eight, the image is as it is
/// stored.
///
/// EXIF 2.32, § 4.6.4 A.
pub(super) fn of(
    bytes: &[u8],
    format: ImageFormat,
    decoder: &mut impl ImageDecoder,
) -> Orientation {
    let exif = match format {
        // The decoder finds it before the pixels only, and some programs write it behind them.
        ImageFormat::Png => png_chunk(bytes, b"eXIf").map(<[u8]>::to_vec),
        _ => decoder.exif_metadata().ok().flatten(),
    };
    let exif = exif.unwrap_or_default();
    // JPEG's own prefix, which some programs put into PNG and WebP, too.
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}

/// What a PNG's first chunk of this kind holds.
fn png_chunk<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let signature = 8;
    let mut rest = bytes.get(signature..)?;
    loop {
        let (length, behind) = rest.split_first_chunk()?;
        let (found, behind) = behind.split_first_chunk()?;
        let (content, behind) = behind.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        if found == kind {
            return Some(content);
        }
        let checksum = 4;
        rest = behind.get(checksum..)?;
    }
}
