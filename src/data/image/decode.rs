//! Decodes a file's bytes to pixels.
use std::{
    borrow::Cow,
    io::{self, BufRead, Cursor, Seek},
};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    metadata::Orientation,
};

use super::{complete, entropy, format, orientation, tiff::Directory};

/// Maximum side of an image, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// Maximum number of pixels of an image.
pub const MAX_PIXELS: u64 = 100_000_000;
/// Maximum size of a file, in bytes.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// Memory limit of a decoder: the largest image in 16-bit RGBA plus working space.
const MAX_DECODER_BYTES: u64 = 1 << 30;

pub(super) const TRUNCATED: &str = "truncated: the file ends before the image does; download it \
                                    again or, if a viewer shows the whole image, save it from there";

/// An image's header.
pub(super) struct Header {
    /// `[width, height]` of the stored pixels.
    pub stored_size: [u32; 2],
    /// The transform that turns the pixels upright.
    turn: Orientation,
    /// Whether the colors are premultiplied by alpha.
    is_premultiplied: bool,
}

impl Header {
    /// `[width, height]` of the upright image.
    pub fn upright_size(&self) -> [u32; 2] {
        let [width, height] = self.stored_size;
        match self.turn {
            Orientation::NoTransforms
            | Orientation::Rotate180
            | Orientation::FlipHorizontal
            | Orientation::FlipVertical => [width, height],
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => [height, width],
        }
    }

    /// Whether the image is not stored upright.
    pub fn is_turned(&self) -> bool {
        self.turn != Orientation::NoTransforms
    }
}

/// Reads the header of a file in the given format, or explains why it is invalid.
pub(super) fn header<R: BufRead + Seek>(reader: R, format: ImageFormat) -> Result<Header, String> {
    opened(reader, format).map(|(header, _)| header)
}

/// Decodes an image, turned upright if `turns` returns true for its header. Returns warnings along
/// with the image, or the reason why it can't be decoded.
pub(super) fn decoded(
    bytes: &[u8],
    turns: impl FnOnce(&Header) -> bool,
) -> Result<(RgbImage, Vec<String>), String> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("larger than {MAX_FILE_BYTES} bytes"));
    }
    let format = format::of(bytes)?;
    let mut warnings = Vec::new();
    let mut bytes = Cow::from(bytes);
    match format {
        ImageFormat::Jpeg if complete::jpeg(&bytes) => (),
        ImageFormat::Jpeg if entropy::is_whole(&bytes) => {
            warnings.push("has no end-of-image marker, but all of its pixels".into());
            // Completes the file for the decoder. If half of the marker is already there, it counts
            // as padding.
            bytes.to_mut().extend([0xFF, 0xD9]);
        }
        ImageFormat::WebP if complete::webp(&bytes) => (),
        ImageFormat::Jpeg | ImageFormat::WebP => return Err(TRUNCATED.into()),
        // The decoders of other formats detect truncation themselves.
        _ => (),
    }
    let (header, decoder) = opened(Cursor::new(&*bytes), format)?;
    let image = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    let blend = if header.is_premultiplied { over_white_premultiplied } else { over_white };
    let mut image = DynamicImage::ImageRgb8(blended(image, blend));
    if turns(&header) {
        image.apply_orientation(header.turn);
    }
    Ok((image.into_rgb8(), warnings))
}

/// The header and the decoder that read it, if the image is within the limits.
fn opened<'a, R: BufRead + Seek + 'a>(
    mut reader: R,
    format: ImageFormat,
) -> Result<(Header, impl ImageDecoder + 'a), String> {
    let failed = |error: io::Error| undecodable(error.into());
    let exif = orientation::beside(&mut reader, format);
    reader.rewind().map_err(failed)?;
    let is_premultiplied = match format {
        ImageFormat::Tiff => {
            let directory = Directory::of(&mut reader);
            reader.rewind().map_err(failed)?;
            directory.check()?;
            directory.is_premultiplied
        }
        _ => false,
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(undecodable)?;
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
    let turn = orientation::of(format, exif, &mut decoder);
    Ok((Header { stored_size: [width, height], turn, is_premultiplied }, decoder))
}

fn undecodable(error: ImageError) -> String {
    match error {
        ImageError::Unsupported(_) => {
            format!("cannot be decoded: {error}; convert it to PNG or JPEG")
        }
        _ => format!("cannot be decoded: {error}"),
    }
}

/// Converts to 8-bit RGB on a white background.
#[cfg(feature = "detect")]
pub(crate) fn flattened(image: DynamicImage) -> RgbImage {
    blended(image, over_white)
}

fn blended(image: DynamicImage, blend: fn([u8; 4]) -> Rgb<u8>) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let mut flat = RgbImage::new(image.width(), image.height());
    flat.pixels_mut().zip(image.pixels()).for_each(|(to, from)| *to = blend(from.0));
    flat
}

fn over_white([red, green, blue, alpha]: [u8; 4]) -> Rgb<u8> {
    let alpha = u32::from(alpha);
    // Rounds to the nearest.
    Rgb([red, green, blue]
        .map(|channel| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
}

fn over_white_premultiplied([red, green, blue, alpha]: [u8; 4]) -> Rgb<u8> {
    Rgb([red, green, blue].map(|channel| channel.saturating_add(255 - alpha)))
}
