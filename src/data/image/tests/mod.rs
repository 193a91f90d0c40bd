//! Images and broken files of all kinds, made here or by `tools/reference/images.py`.
mod damaged;
mod header;
mod kinds;
mod refused;
mod rule;
mod upright;
mod whole;
mod written;

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde::Deserialize;

use super::*;

/// A file with this content and a misleading name.
fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.jpg");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Reads the pixels as stored.
fn read(bytes: &[u8]) -> Result<RgbImage, Error> {
    let (_folder, path) = file(bytes);
    as_stored(&path).read()
}

fn as_stored(path: &Path) -> ImageFile {
    ImageFile { orientation: Orientation::Stored, ..ImageFile::new(path) }
}

/// All functions reject the bytes with the same message.
#[track_caller]
fn assert_refused(bytes: &[u8], message: &str) {
    let (_folder, path) = file(bytes);
    let expected = format!("{}: {message}", path.display());
    assert_eq!(read_image(&path).unwrap_err().to_string(), expected);
    assert_eq!(as_stored(&path).read().unwrap_err().to_string(), expected);
    assert_eq!(decode_image(bytes, &path).unwrap_err().to_string(), expected);
}

/// The header alone is enough for rejecting the bytes.
#[track_caller]
fn assert_refused_at_once(bytes: &[u8], message: &str) {
    assert_refused(bytes, message);
    let (_folder, path) = file(bytes);
    let expected = format!("{}: {message}", path.display());
    assert_eq!(ImageFile::new(&path).header().unwrap_err().to_string(), expected);
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(image, ImageFormat::Png)
}

/// Lossless WebP, the only kind that `image` writes.
fn webp(image: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(image, ImageFormat::WebP)
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.jpg");
    write_jpeg(&path, image, 90).unwrap();
    fs::read(path).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/images").join(name))
        .unwrap()
}

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x + y) * 3 % 256) as u8])
    })
}

#[track_caller]
fn assert_near(image: &RgbImage, (x, y): (u32, u32), expected: [u8; 3]) {
    let found = image.get_pixel(x, y).0;
    assert!(
        found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4),
        "{found:?} at {x}, {y}, not {expected:?}"
    );
}

/// The pixels of a fixture as read by Pillow.
#[derive(Deserialize)]
struct Expected {
    stored: Pixels,
    /// `None` if the image is stored upright.
    upright: Option<Pixels>,
}

#[derive(Deserialize)]
struct Pixels {
    size: [u32; 2],
    /// In hexadecimal digits.
    rgb: String,
}

impl Pixels {
    /// The largest difference of any channel; the sizes must be equal.
    #[track_caller]
    fn difference(&self, image: &RgbImage, name: &str) -> u8 {
        assert_eq!(image.dimensions(), self.size.into(), "{name}");
        let digits = self.rgb.as_bytes().chunks_exact(2);
        let expected =
            digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
        assert_eq!(expected.len(), image.as_raw().len(), "{name}");
        image.as_raw().iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max().unwrap()
    }
}

/// The expected pixels of all fixtures, by name.
fn expected() -> std::collections::BTreeMap<String, Expected> {
    serde_json::from_slice(&fixture("expected.json")).unwrap()
}
