//! Files that are not images, or are too large to be read.
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
    assert_refused_at_once(b"", "the file is empty");
    let unknown = "no image of a format that is read, JPEG, PNG, WebP, BMP, TIFF and GIF: the file \
                   starts with '\\u{1}\u{fffd}'";
    assert_refused_at_once(b"\x01\xff", unknown);
    // The start of a format and nothing more.
    for start in [
        &b"\xff\xd8\xff"[..],
        b"RIFF\x04\0\0\0WEBP",
        b"\x89PNG\r\n\x1a\n",
        b"BM\x46\0\0\0\0\0\0\0",
        b"GIF89a",
        b"II*\0\x08\0\0\0",
        b"MM\0*\0\0\0\x08",
    ] {
        assert!(read(start).is_err_and(|error| error.kind() == ErrorKind::Image), "{start:?}");
        let (_folder, path) = file(start);
        let header = ImageFile::new(path).header();
        assert!(header.is_err_and(|error| error.kind() == ErrorKind::Image), "{start:?}");
    }
}

#[test]
fn texts_are_refused_by_what_they_are() {
    for (text, kind) in [
        ("<!DOCTYPE html>\n<html>", r"an HTML page; it starts with '<!DOCTYPE html>\n<html>'"),
        ("\n {\"error\": 404}\n", r#"JSON; it starts with '{\"error\": 404}'"#),
        ("BMW, red\n", "a text; it starts with 'BMW, red'"),
        ("\u{feff}P5 is a road", "a text; it starts with 'P5 is a road'"),
        ("<?xml version='1.0'?><a/>", r"XML; it starts with '<?xml version=\'1.0\'?><a/>'"),
        ("<svg>", "an SVG drawing: convert it to PNG; it starts with '<svg>'"),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "a pointer of Git LFS: fetch the image by `git lfs pull`",
        ),
    ] {
        assert_refused_at_once(text.as_bytes(), &format!("not an image but {kind}"));
    }
    // The last character is cut off.
    let long = format!("x{}", "é".repeat(1000));
    let shown = &long[..1 + 2 * 39];
    assert_refused_at_once(
        long.as_bytes(),
        &format!("not an image but a text; it starts with '{shown}'"),
    );
}

#[test]
fn other_formats_are_refused_by_their_names() {
    for (bytes, name) in [
        (&b"\0\0\0\x1cftypavif\0\0\0\0"[..], "AVIF"),
        (b"\0\0\0\x24ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypheix\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "HEIF"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"II+\0\x08\0\0\0", "BigTIFF"),
        (b"\0\0\x01\0\x01\0", "image/x-icon"),
    ] {
        let message = format!("the format {name} is not supported: convert it to JPEG");
        assert_refused_at_once(bytes, &message);
    }
}

#[test]
fn kinds_of_tiff_that_are_not_read_are_refused() {
    let raw = "camera raw files are not supported: export it to JPEG";
    assert_refused_at_once(&fixture("reduced.tif"), raw);
    // Like Canon's files, whose first image is also a reduced one.
    let mut canon = fixture("raw.tif");
    canon[8..10].copy_from_slice(b"CR");
    assert_refused_at_once(&canon, raw);
    for name in ["palette.tif", "ycbcr.tif"] {
        let error = read(&fixture(name)).unwrap_err().to_string();
        assert!(error.contains("; convert it to PNG or JPEG"), "{name}: {error}");
    }
}

#[test]
fn what_is_no_file_is_refused() {
    for read in [
        |path: &Path| read_image(path).map(|_| ()),
        |path: &Path| ImageFile::new(path).check().map(|_| ()),
        |path: &Path| ImageFile::new(path).header().map(|_| ()),
    ] {
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

/// A PNG's first chunk with the given size and pixel format, and a valid checksum.
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

/// A JPEG with another size in its frame header.
fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = fixture("progressive.jpg");
    let frame = bytes.windows(2).position(|marker| marker == [0xFF, 0xC2]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A WebP with another canvas size, which is stored minus 1.
fn webp_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = fixture("orientation_1.webp");
    let canvas = bytes.windows(4).position(|kind| kind == b"VP8X").unwrap() + 12;
    bytes[canvas..canvas + 3].copy_from_slice(&(width - 1).to_le_bytes()[..3]);
    bytes[canvas + 3..canvas + 6].copy_from_slice(&(height - 1).to_le_bytes()[..3]);
    bytes
}

/// A BMP header of 24-bit pixels, followed by a few pixels.
fn bmp_claiming(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = fixture("rgb.bmp");
    bytes[18..22].copy_from_slice(&width.to_le_bytes());
    bytes[22..26].copy_from_slice(&height.to_le_bytes());
    bytes
}

/// A GIF with another size of the screen and of its first frame.
fn gif_claiming(screen: [u16; 2], frame: [u16; 2]) -> Vec<u8> {
    let mut bytes = fixture("palette.gif");
    let image = bytes.windows(5).position(|start| start == b",\0\0\0\0").unwrap() + 5;
    for (at, sides) in [(6, screen), (image, frame)] {
        bytes[at..at + 2].copy_from_slice(&sides[0].to_le_bytes());
        bytes[at + 2..at + 4].copy_from_slice(&sides[1].to_le_bytes());
    }
    bytes
}

/// A TIFF with other values of some tags.
fn tiff_claiming(values: &[(u16, u32)]) -> Vec<u8> {
    let mut bytes = fixture("gray_16.tif");
    for (tag, value) in values {
        let at = bytes.windows(4).rposition(|entry| {
            entry[..2] == tag.to_le_bytes() && [3, 4].contains(&entry[2]) && entry[3] == 0
        });
        let at = at.unwrap() + 8;
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn sizes_that_only_other_headers_claim_are_refused() {
    let large = "16384 × 16384 pixels: at most 100000000 are read";
    let huge = "20000 × 20000 pixels: a side may have at most 16384";
    assert_refused_at_once(&bmp_claiming(16_384, 16_384), large);
    assert_refused_at_once(&bmp_claiming(20_000, -20_000), huge);
    assert_refused_at_once(&gif_claiming([16_384; 2], [6, 4]), large);
    assert_refused_at_once(&gif_claiming([20_000; 2], [6, 4]), huge);
    assert_refused_at_once(&tiff_claiming(&[(256, 16_384), (257, 16_384), (278, 16_384)]), large);
    assert_refused_at_once(&tiff_claiming(&[(256, 20_000), (257, 20_000), (278, 20_000)]), huge);
    for bytes in [
        bmp_claiming(i32::MAX, i32::MIN),
        bmp_claiming(10_000, 10_000),
        // A frame larger than the screen: 17 GB.
        gif_claiming([6, 4], [u16::MAX; 2]),
        gif_claiming([10_000, 10_000], [10_000, 10_000]),
        tiff_claiming(&[(256, 10_000), (257, 10_000)]),
        tiff_claiming(&[(256, 10_000), (257, 10_000), (278, 10_000)]),
        tiff_claiming(&[(256, u32::MAX), (257, u32::MAX)]),
        // Rows per strip, bytes per strip, and the strip's offset.
        tiff_claiming(&[(278, u32::MAX), (279, u32::MAX)]),
        tiff_claiming(&[(273, u32::MAX)]),
        tiff_claiming(&[(277, u16::MAX.into())]),
    ] {
        let error = read(&bytes).map(|image| image.dimensions()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Image, "{error}");
    }
}

#[test]
fn sizes_that_only_a_header_claims_are_refused() {
    let large = "16384 × 16384 pixels: at most 100000000 are read";
    assert_refused_at_once(&png_claiming(16_384, 16_384, 16, 6), large);
    assert_refused_at_once(&jpeg_claiming(16_384, 16_384), large);
    assert_refused_at_once(&webp_claiming(16_384, 16_384), large);
    let wide = "1048576 × 1 pixels: a side may have at most 16384";
    assert_refused_at_once(&png_claiming(1 << 20, 1, 8, 2), wide);
    assert_refused_at_once(
        &png_claiming(1 << 30, 1, 8, 2),
        "cannot be decoded: Memory limit exceeded",
    );
    assert!(read(&png_claiming(10_000, 10_000, 16, 6)).is_err(), "as large as is read, but empty");
    let huge = "20000 × 20000 pixels: a side may have at most 16384";
    assert_refused_at_once(&png_claiming(20_000, 20_000, 1, 0), huge);
    assert_refused_at_once(&jpeg_claiming(20_000, 20_000), huge);
    assert_refused_at_once(&webp_claiming(20_000, 20_000), huge);
    let error = read(&jpeg_claiming(0, 5)).unwrap_err().to_string();
    assert!(error.contains("cannot be decoded: "), "{error}");
}
