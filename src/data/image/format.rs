//! Which format a file has, by its first bytes.
use image::ImageFormat;

/// Which of the formats that are read, or what the file is instead.
pub(super) fn of(bytes: &[u8]) -> Result<ImageFormat, String> {
    if bytes.is_empty() {
        return Err("the file is empty".into());
    }
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
