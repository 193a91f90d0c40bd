//! Every kind of picture and of broken file, made here or by `scripts/reference/pictures.py`.
use std::{fs, path::PathBuf};

use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, LumaA, Rgba, RgbaImage};
use proptest::{collection::vec, prelude::*};

use super::*;

/// A file with this content, under a name that says nothing true.
fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.jpg");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read(bytes: &[u8]) -> Result<RgbImage, Error> {
    let (_folder, path) = file(bytes);
    read_picture(&path)
}

#[track_caller]
fn refused(bytes: &[u8], message: &str) {
    let (_folder, path) = file(bytes);
    let error = read_picture(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("picture {}: {message}", path.display()));
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.jpg");
    write_jpeg(&path, picture, 90).unwrap();
    fs::read(path).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures").join(name))
        .unwrap()
}

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x + y) * 3 % 256) as u8])
    })
}

#[track_caller]
fn assert_near(picture: &RgbImage, (x, y): (u32, u32), expected: [u8; 3]) {
    let found = picture.get_pixel(x, y).0;
    assert!(
        found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4),
        "{found:?} at {x}, {y}, not {expected:?}"
    );
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let picture = gradient(61, 47);
    let path = folder.path().join("a.png");
    write_png(&path, &picture).unwrap();
    assert_eq!(read_picture(&path).unwrap(), picture);
    let flat = RgbImage::from_pixel(61, 47, Rgb([200, 100, 50]));
    write_jpeg(&path, &flat, 95).unwrap();
    let read = read_picture(&path).unwrap();
    assert_eq!(read.dimensions(), (61, 47), "a JPEG whose name ends in .png");
    assert_near(&read, (60, 46), [200, 100, 50]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_kind_of_jpeg_becomes_rgb() {
    let quarters = [
        ((3, 3), [255, 0, 0]),
        ((20, 3), [0, 255, 0]),
        ((3, 12), [0, 0, 255]),
        ((20, 12), [255; 3]),
    ];
    for name in ["progressive.jpg", "cmyk.jpg", "turned_by_exif.jpg", "with_thumbnail.jpg"] {
        let picture = read(&fixture(name)).unwrap();
        assert_eq!(picture.dimensions(), (24, 16), "{name}");
        for (at, expected) in quarters {
            assert_near(&picture, at, expected);
        }
    }
    let grey = read(&fixture("grey.jpg")).unwrap();
    for (at, expected) in [((3, 3), 76), ((20, 3), 150), ((3, 12), 29), ((20, 12), 255)] {
        assert_near(&grey, at, [expected; 3]);
    }
}

#[test]
fn every_kind_of_png_becomes_rgb_on_white() {
    let first = |bytes: Vec<u8>| read(&bytes).unwrap().get_pixel(0, 0).0;
    assert_eq!(first(png(GrayImage::from_pixel(2, 2, image::Luma([77])))), [77; 3]);
    assert_eq!(first(png(GrayAlphaImage::from_pixel(2, 2, LumaA([0, 51])))), [204; 3]);
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 255])))), [10, 20, 30]);
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 0])))), [255; 3]);
    // 255 − (255 − 10)·128/255 and so on.
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 128])))), [132, 137, 142]);
    let deep = ImageBuffer::from_pixel(2, 2, Rgb([257u16 * 9, 65_535, 128]));
    assert_eq!(first(png(DynamicImage::ImageRgb16(deep))), [9, 255, 0]);
    let deep = ImageBuffer::from_pixel(2, 2, Rgba([0u16, 65_535, 0, 65_535 / 5]));
    assert_eq!(first(png(DynamicImage::ImageRgba16(deep))), [204, 255, 204]);
}

#[test]
fn truncated_files_are_refused_wherever_they_end() {
    let truncated = "truncated: the file ends before the picture does";
    for bytes in
        [jpeg(&gradient(64, 48)), fixture("progressive.jpg"), fixture("with_thumbnail.jpg")]
    {
        assert!(read(&bytes).is_ok());
        for end in [4, 30, bytes.len() / 2, bytes.len() * 9 / 10, bytes.len() - 2, bytes.len() - 1]
        {
            refused(&bytes[..end], truncated);
        }
        let mut longer = bytes.clone();
        longer.extend(b"some more bytes after the end");
        assert!(read(&longer).is_ok());
    }
    let bytes = png(gradient(64, 48));
    for end in [20, 40, bytes.len() / 2, bytes.len() - 20] {
        let error = read(&bytes[..end]).unwrap_err().to_string();
        assert!(error.contains("cannot be decoded: "), "{error}");
    }
}

#[test]
fn too_large_pictures_are_refused_before_decoding() {
    let wide = "30000 × 1 pixels: a side may have at most 16384";
    refused(&png(RgbImage::new(30_000, 1)), wide);
    refused(&jpeg(&RgbImage::new(30_000, 1)), wide);
    assert!(read(&png(RgbImage::new(MAX_SIDE, 1))).is_ok());
    // Only the header says so; nothing else is there to be decoded.
    let mut large = fixture("progressive.jpg");
    let frame = large.windows(2).position(|marker| marker == [0xFF, 0xC2]).unwrap();
    large[frame + 5..frame + 9].copy_from_slice(&[0x40, 0x00, 0x3F, 0xFF]);
    refused(&large, "16383 × 16384 pixels: at most 100000000 are read");
}

#[test]
fn what_is_no_picture_is_refused() {
    refused(b"", "the file is empty");
    refused(
        b"<!DOCTYPE html>\n<html>",
        r"neither JPEG nor PNG: the file starts with '<!DOCTYPE html>\n'",
    );
    refused(b"\x01\xff", "neither JPEG nor PNG: the file starts with '\\u{1}\u{fffd}'");
    refused(b"GIF89a and more", "of the format image/gif; only JPEG and PNG are read");
    let folder = tempfile::tempdir().unwrap();
    let error = read_picture(folder.path()).unwrap_err().to_string();
    assert_eq!(error, format!("picture {}: a folder, not a file", folder.path().display()));
    let missing = folder.path().join("missing.jpg");
    let error = read_picture(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot read {}: ", missing.display())), "{error}");
    #[cfg(target_os = "linux")]
    {
        let error = read_picture(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(error, "picture /dev/zero: not a regular file");
    }
}

#[test]
fn damaged_files_do_not_panic() {
    for bytes in [
        jpeg(&gradient(40, 30)),
        fixture("progressive.jpg"),
        fixture("cmyk.jpg"),
        png(gradient(40, 30)),
    ] {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x5A;
            let _ = decode(&damaged);
        }
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    let refused = |result: Result<(), Error>, message: &str| {
        assert_eq!(
            result.unwrap_err().to_string(),
            format!("picture {}: {message}", path.display())
        );
    };
    let small = RgbImage::new(2, 2);
    refused(write_jpeg(&path, &small, 0), "a JPEG's quality is 1 to 100, not 0");
    refused(write_jpeg(&path, &small, 101), "a JPEG's quality is 1 to 100, not 101");
    refused(write_png(&path, &RgbImage::new(0, 3)), "0 × 3 pixels: there is nothing to write");
    let wide = "65536 × 1 pixels: a JPEG's sides have at most 65535";
    refused(write_jpeg(&path, &RgbImage::new(65_536, 1), 90), wide);
    let error = write_png(&folder.path().join("missing/a.png"), &small).unwrap_err().to_string();
    assert!(error.starts_with("cannot write "), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A PNG's first chunk, which claims a size and a form of pixels; its checksum is the one that it must have.
fn png_claiming(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
    header.extend([depth, colour, 0, 0, 0]);
    let checksum = !header.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(header.into_iter().chain(checksum.to_be_bytes()));
    bytes.extend(b"\0\0\x00\x04IDAT\x78\x9c\x63\x60");
    bytes
}

#[test]
fn sizes_that_only_a_header_claims_are_refused() {
    let large = "16384 × 16384 pixels: at most 100000000 are read";
    refused(&png_claiming(16_384, 16_384, 16, 6), large);
    let wide = "1048576 × 1 pixels: a side may have at most 16384";
    refused(&png_claiming(1 << 20, 1, 8, 2), wide);
    refused(&png_claiming(1 << 30, 1, 8, 2), "cannot be decoded: Memory limit exceeded");
    assert!(read(&png_claiming(10_000, 10_000, 16, 6)).is_err(), "as large as is read, but empty");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_a_decoder_panic(
        junk in vec(any::<u8>(), 0..300),
        start in prop::sample::select(vec![&b""[..], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"]),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        which in 0usize..4,
    ) {
        let _ = decode(&[start, &junk, b"\xff\xd9"].concat());
        let mut damaged = match which {
            0 => jpeg(&gradient(40, 30)),
            1 => fixture("progressive.jpg"),
            2 => fixture("with_thumbnail.jpg"),
            _ => png(gradient(40, 30)),
        };
        for (at, byte) in edits {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        if let Ok(picture) = decode(&damaged) {
            prop_assert!(u64::from(picture.width()) * u64::from(picture.height()) <= MAX_PIXELS);
        }
    }
}
