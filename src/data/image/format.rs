//! Detects a file's format from its first bytes.
use image::ImageFormat;

/// The supported formats, for messages.
const READ: &str = "JPEG, PNG, WebP, BMP, TIFF and GIF";
/// The number of bytes inspected: enough to tell text from pixels.
pub(super) const START_BYTES: usize = 512;

/// The format, if supported; otherwise a message about what the file is and how to convert it.
pub(super) fn of(bytes: &[u8]) -> Result<ImageFormat, String> {
    let start = &bytes[..bytes.len().min(START_BYTES)];
    if start.is_empty() {
        return Err("the file is empty".into());
    }
    let other = match image::guess_format(start) {
        // A BMP starts with two letters, as text may; its header contains zeros.
        Ok(ImageFormat::Bmp | ImageFormat::Pnm) if text(start).is_some() => None,
        Ok(
            format @ (ImageFormat::Jpeg
            | ImageFormat::Png
            | ImageFormat::WebP
            | ImageFormat::Bmp
            | ImageFormat::Tiff
            | ImageFormat::Gif),
        ) => return Ok(format),
        Ok(ImageFormat::Avif) => Some("AVIF"),
        Ok(format) => Some(format.to_mime_type()),
        Err(_) => named(start),
    };
    if let Some(other) = other {
        return Err(format!("the format {other} is not supported: convert it to JPEG"));
    }
    if let Some(text) = text(start) {
        return Err(format!("not an image but {}", kind_of(text)));
    }
    let shown = String::from_utf8_lossy(&start[..start.len().min(16)]);
    let shown = shown.escape_debug();
    Err(format!("no image of a format that is read, {READ}: the file starts with '{shown}'"))
}

/// Formats that `image` does not name.
fn named(start: &[u8]) -> Option<&'static str> {
    // ISO/IEC 14496-12, § 4.3: a box of any length, "ftyp", and the file's major brand.
    if start.get(4..8) == Some(b"ftyp") {
        return Some(match start.get(8..12)? {
            b"avif" | b"avis" => "AVIF",
            // Written by phones: ISO/IEC 23008-12, annex B.
            brand if brand.starts_with(b"hei") || brand.starts_with(b"hev") => "HEIC",
            b"mif1" | b"msf1" => "HEIF",
            b"crx " => "CR3",
            // Any other brand is a video.
            _ => return None,
        });
    }
    let signatures: [(&[u8], _); 6] = [
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x0cJXL ", "JPEG XL"),
        (b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (b"II+\0", "BigTIFF"),
        (b"MM\0+", "BigTIFF"),
        (b"8BPS", "Photoshop"),
    ];
    signatures.iter().find(|(signature, _)| start.starts_with(signature)).map(|(_, name)| *name)
}

/// The start as text, if it is UTF-8 without control characters.
fn text(start: &[u8]) -> Option<&str> {
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be cut off.
        Err(error) if error.error_len().is_none() && start.len() == START_BYTES => {
            str::from_utf8(&start[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_control = |c: char| c.is_control() && !c.is_whitespace();
    (!text.contains(is_control)).then(|| text.trim_start_matches('\u{feff}').trim_start())
}

/// The kind of text, and where it may come from.
fn kind_of(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let starts = |with: &str| lower.starts_with(with);
    if starts("version https://git-lfs") {
        return "a pointer of Git LFS: fetch the image by `git lfs pull`".into();
    }
    let kind = match () {
        () if starts("<!doctype html") || starts("<html") || starts("<head") => "an HTML page",
        () if lower.contains("<svg") => "an SVG drawing: convert it to PNG",
        () if starts("<?xml") => "XML",
        () if starts("{") || starts("[") => "JSON",
        () => "a text",
    };
    let shown: String = text.chars().take(40).collect();
    format!("{kind}; it starts with '{}'", shown.trim_end().escape_debug())
}
