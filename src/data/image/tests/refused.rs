//! What is no image, or too large to be read.
use super::*;

#[test]
fn long_images_are_refused() {
    let wide = "30000 × 1 pixels: a side may have at most 16384";
    assert_refused(&png(RgbImage::new(30_000, 1)), wide);
    assert_refused(&jpeg(&RgbImage::new(30_000, 1)), wide);
    assert!(read(&png(RgbImage::new(MAX_SIDE, 1))).is_ok());
    assert!(read(&png(RgbImage::new(1, MAX_SIDE))).is_ok());
}

#[test]
fn what_is_no_image_is_refused() {
    assert_refused(b"", "the file is empty");
    let text = r"neither JPEG, PNG nor WebP: the file starts with '<!DOCTYPE html>\n'";
    assert_refused(b"<!DOCTYPE html>\n<html>", text);
    assert_refused(
        b"\x01\xff",
        "neither JPEG, PNG nor WebP: the file starts with '\\u{1}\u{fffd}'",
    );
    // The start of a format, and nothing more.
    for start in [&b"\xff\xd8\xff"[..], b"RIFF\x04\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"] {
        assert!(read(start).is_err_and(|error| error.kind() == ErrorKind::Image), "{start:?}");
        assert!(
            decode_image(start, "start").is_err_and(|error| error.kind() == ErrorKind::Image),
            "{start:?}"
        );
    }
}

#[test]
fn other_formats_are_refused_by_their_names() {
    for (bytes, name) in [
        (&fixture("animated.gif")[..], "image/gif"),
        (b"BM\x46\0\0\0\0\0\0\0", "image/bmp"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
        (b"\0\0\0\x24ftypheic\0\0\0\0", "image/heic"),
    ] {
        assert_refused(bytes, &format!("of the format {name}; only JPEG, PNG and WebP are read"));
    }
}

#[test]
fn what_is_no_file_is_refused() {
    for read in [|path: &Path| read_image(path), |path: &Path| read_image(path)] {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert_eq!(error, format!("{}: a folder, not a file", folder.path().display()));
        let missing = folder.path().join("missing.jpg");
        let error = read(&missing).unwrap_err().to_string();
        assert_eq!(error, format!("cannot read {}", missing.display()));
        #[cfg(target_os = "linux")]
        {
            let error = read(Path::new("/dev/zero")).unwrap_err().to_string();
            assert_eq!(error, "/dev/zero: not a regular file");
        }
    }
}

/// A PNG's first chunk, which claims a size and a form of pixels; its checksum is the one that it must have.
fn png_claiming(width: u32, height: u32, depth: u8, color: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
    header.extend([depth, color, 0, 0, 0]);
    let checksum = !header.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(header.into_iter().chain(checksum.to_be_bytes()));
    bytes.extend(b"\0\0\x00\x04IDAT\x78\x9c\x63\x60");
    bytes
}

/// A JPEG with another size in its frame's header.
fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = fixture("progressive.jpg");
    let frame = bytes.windows(2).position(|marker| marker == [0xFF, 0xC2]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A WebP with another size of the canvas, from which 1 is subtracted.
fn webp_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = fixture("orientation_1.webp");
    let canvas = bytes.windows(4).position(|kind| kind == b"VP8X").unwrap() + 12;
    bytes[canvas..canvas + 3].copy_from_slice(&(width - 1).to_le_bytes()[..3]);
    bytes[canvas + 3..canvas + 6].copy_from_slice(&(height - 1).to_le_bytes()[..3]);
    bytes
}

#[test]
fn sizes_that_only_a_header_claims_are_refused() {
    let large = "16384 × 16384 pixels: at most 100000000 are read";
    assert_refused(&png_claiming(16_384, 16_384, 16, 6), large);
    assert_refused(&jpeg_claiming(16_384, 16_384), large);
    assert_refused(&webp_claiming(16_384, 16_384), large);
    let wide = "1048576 × 1 pixels: a side may have at most 16384";
    assert_refused(&png_claiming(1 << 20, 1, 8, 2), wide);
    assert_refused(&png_claiming(1 << 30, 1, 8, 2), "cannot be decoded: Memory limit exceeded");
    assert!(read(&png_claiming(10_000, 10_000, 16, 6)).is_err(), "as large as is read, but empty");
    let huge = "20000 × 20000 pixels: a side may have at most 16384";
    assert_refused(&png_claiming(20_000, 20_000, 1, 0), huge);
    assert_refused(&jpeg_claiming(20_000, 20_000), huge);
    assert_refused(&webp_claiming(20_000, 20_000), huge);
    let error = read(&jpeg_claiming(0, 5)).unwrap_err().to_string();
    assert!(error.contains("cannot be decoded: "), "{error}");
}
