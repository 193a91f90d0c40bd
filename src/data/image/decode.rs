//! From a file's bytes to pixels.
use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
};

use super::{complete, orientation};

/// The longest side of an image that is read, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels that an image may have to be read.
pub const MAX_PIXELS: u64 = 100_000_000;
/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// What a decoder may allocate: the largest image in 16-bit RGBA, and room to work in.
const MAX_DECODER_BYTES: u64 = 1 << 30;

/// The image that a file holds, as it is stored, or what is wrong with it.
pub(super) fn stored(bytes: &[u8]) -> Result<RgbImage, String> {
    let (_, decoder) = opened(bytes)?;
    pixels(decoder)
}

/// The image that a file holds, turned upright, or what is wrong with it.
pub(super) fn upright(bytes: &[u8]) -> Result<RgbImage, String> {
    let (format, mut decoder) = opened(bytes)?;
    let orientation = orientation::of(bytes, format, &mut decoder);
    let mut image = DynamicImage::ImageRgb8(pixels(decoder)?);
    image.apply_orientation(orientation);
    Ok(image.into_rgb8())
}

/// A decoder that has read the header, of a file that is all there and within the limits.
fn opened(bytes: &[u8]) -> Result<(ImageFormat, impl ImageDecoder), String> {
    if bytes.is_empty() {
        return Err("the file is empty".into());
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("larger than {MAX_FILE_BYTES} bytes"));
    }
    let format = format_of(bytes)?;
    let complete = match format {
        ImageFormat::Jpeg => complete::jpeg(bytes),
        ImageFormat::WebP => complete::webp(bytes),
        _ => true,
    };
    if !complete {
        return Err("truncated: the file ends before the image does".into());
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
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
    Ok((format, decoder))
}

/// Which of the formats that are read, by the file's first bytes.
fn format_of(bytes: &[u8]) -> Result<ImageFormat, String> {
    let other = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => {
            return Ok(format);
        }
        Ok(format) => format.to_mime_type(),
        // What telephones write; `image` has no name for it.
        Err(_) if bytes.get(4..).is_some_and(|rest| rest.starts_with(b"ftyphei")) => "image/heic",
        Err(_) => {
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(16)]);
            let start = start.escape_debug();
            return Err(format!("neither JPEG, PNG nor WebP: the file starts with '{start}'"));
        }
    };
    Err(format!("of the format {other}; only JPEG, PNG and WebP are read"))
}

fn pixels(decoder: impl ImageDecoder) -> Result<RgbImage, String> {
    DynamicImage::from_decoder(decoder).map(flattened).map_err(undecodable)
}

fn undecodable(error: ImageError) -> String {
    format!("cannot be decoded: {error}")
}

/// As 8-bit RGB, on white.
pub(crate) fn flattened(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let over_white = |[red, green, blue, alpha]: [u8; 4]| {
        let alpha = u32::from(alpha);
        // Rounded to the nearest.
        Rgb([red, green, blue]
            .map(|channel| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    };
    let mut flat = RgbImage::new(image.width(), image.height());
    flat.pixels_mut().zip(image.pixels()).for_each(|(to, from)| *to = over_white(from.0));
    flat
}
