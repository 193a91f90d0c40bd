//! Files that are truncated or damaged.
use proptest::{collection::vec, prelude::*};

use super::*;

const TRUNCATED: &str = "truncated: the file ends before the image does; download it again or, if \
                         a viewer shows the whole image, save it from there";

#[test]
fn truncated_files_are_refused_wherever_they_end() {
    for bytes in
        [jpeg(&gradient(64, 48)), fixture("progressive.jpg"), fixture("with_thumbnail.jpg")]
    {
        assert!(read(&bytes).is_ok());
        for end in [4, 30, bytes.len() / 2, bytes.len() * 9 / 10, bytes.len() - 3] {
            assert_refused(&bytes[..end], TRUNCATED);
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
fn truncated_webp_files_are_refused_wherever_they_end() {
    for name in
        ["lossy.webp", "lossless.webp", "lossy_alpha.webp", "animated.webp", "orientation_6.webp"]
    {
        let bytes = fixture(name);
        // Shorter starts are not even recognized.
        for end in 12..bytes.len() {
            assert_refused(&bytes[..end], TRUNCATED);
        }
        let longer = [&bytes[..], b"some more bytes after the end"].concat();
        assert_eq!(read(&longer).unwrap(), read(&bytes).unwrap(), "{name}");
        // Shorter, with a header that agrees: the last chunk is incomplete.
        let mut shorter = bytes[..bytes.len() - 4].to_vec();
        shorter[4..8].copy_from_slice(&(bytes.len() as u32 - 12).to_le_bytes());
        assert_refused(&shorter, TRUNCATED);
    }
}

/// In these TIFF files the pixels come before the directory that refers to them.
#[test]
fn truncated_bmp_gif_and_tiff_files_are_refused_wherever_they_end() {
    for name in [
        "rgb.bmp",
        "palette.bmp",
        "one_bit.bmp",
        "top_down_565.bmp",
        "palette.gif",
        "interlaced.gif",
        "raw.tif",
        "packbits.tif",
        "gray_16.tif",
    ] {
        let bytes = fixture(name);
        // After its pixels, a GIF has the end of a block, an end code of the data (which may take a
        // byte) and the end of the file; a TIFF has its directory.
        let end = if name.ends_with(".gif") { bytes.len() - 4 } else { bytes.len() };
        for end in 0..end {
            let error = read(&bytes[..end]).err();
            assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Image), "{name}, {end}");
        }
    }
}

/// Files in which the pixels come last.
#[test]
fn tiff_files_that_lack_pixels_are_refused() {
    for name in
        ["tiff_lzw.tif", "tiff_adobe_deflate.tif", "packbits.tif", "fax.tif", "raw.tif", "jpeg.tif"]
    {
        let mut bytes = fixture(name);
        // Tag 273 is the offset of the only strip: move it so that its last bytes are beyond the
        // end of the file.
        let entry = bytes.windows(8).position(|entry| entry == b"\x11\x01\x04\0\x01\0\0\0");
        let entry = entry.unwrap() + 8;
        let length = bytes.windows(8).position(|entry| entry[..2] == *b"\x17\x01").unwrap() + 8;
        let number = |at: usize| u32::from_le_bytes(*bytes[at..].first_chunk().unwrap()) as usize;
        let (start, length) = (number(entry), number(length));
        let strip = bytes[start..start + length].to_vec();
        let moved = bytes.len() as u32;
        bytes[entry..entry + 4].copy_from_slice(&moved.to_le_bytes());
        bytes.extend(&strip);
        let whole = read(&fixture(name)).unwrap();
        assert_eq!(read(&bytes).unwrap(), whole, "{name}");
        for missing in 1..=length {
            match read(&bytes[..bytes.len() - missing]) {
                // The last bytes may only hold an end code or a checksum.
                Ok(image) => assert!(image == whole, "{name}, {missing}"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Image, "{name}, {missing}"),
            }
        }
    }
}

#[test]
fn a_wrong_checksum_is_noticed() {
    let bytes = png(gradient(40, 30));
    let after = |kind: &[u8]| bytes.windows(4).position(|window| window == kind).unwrap() + 4;
    for at in [after(b"IHDR") + 13, bytes.len() - 13] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let error = read(&damaged).unwrap_err().to_string();
        assert!(error.contains("cannot be decoded: ") && error.contains("CRC"), "{error}");
    }
}

#[test]
fn damaged_files_do_not_panic() {
    for bytes in [
        jpeg(&gradient(40, 30)),
        fixture("progressive.jpg"),
        fixture("cmyk.jpg"),
        png(gradient(40, 30)),
        fixture("orientation_6.png"),
        fixture("lossy.webp"),
        fixture("lossless.webp"),
        fixture("lossy_alpha.webp"),
        fixture("animated.webp"),
        fixture("orientation_6.webp"),
        fixture("palette.bmp"),
        fixture("top_down_565.bmp"),
        fixture("animated.gif"),
        fixture("alpha.gif"),
        fixture("tiff_lzw.tif"),
        fixture("orientation_6.tif"),
        fixture("premultiplied_alpha.tif"),
        fixture("fax.tif"),
    ] {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x5A;
            let _ = decode_image(&damaged, "damaged");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_a_decoder_panic(
        junk in vec(any::<u8>(), 0..300),
        start in prop::sample::select(vec![
            &b""[..],
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
            b"RIFF\x20\0\0\0WEBPVP8 ",
            b"RIFF\x20\0\0\0WEBPVP8L",
            b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0",
            b"BM\0\x01\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
            b"GIF89a",
            b"II*\0\x08\0\0\0",
            b"MM\0*\0\0\0\x08",
        ]),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        name in prop::sample::select(vec![
            "progressive.jpg",
            "with_thumbnail.jpg",
            "orientation_6.jpg",
            "ycck.jpg",
            "rgb_alpha_16.png",
            "palette.png",
            "animated.png",
            "exif_behind.png",
            "lossy.webp",
            "alpha.webp",
            "animated.webp",
            "orientation_6.webp",
            "restarts.jpg",
            "alpha.bmp",
            "interlaced.gif",
            "packbits.tif",
            "orientation_6.tif",
        ]),
        kept in 0.5..1.5,
    ) {
        let _ = decode_image(&[start, &junk, b"\xff\xd9"].concat(), "junk");
        let mut damaged = fixture(name);
        damaged.truncate((kept * damaged.len() as f64) as usize);
        for (at, byte) in edits {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        let (stored, upright) = (read(&damaged), decode_image(&damaged, "damaged"));
        prop_assert_eq!(stored.is_ok(), upright.is_ok(), "what can be read, can be turned");
        if let (Ok(stored), Ok(upright)) = (stored, upright) {
            let pixels = |image: &RgbImage| u64::from(image.width()) * u64::from(image.height());
            prop_assert_eq!(pixels(&stored), pixels(&upright));
            prop_assert!(pixels(&stored) <= MAX_PIXELS);
            let (_folder, path) = file(&damaged);
            let header = ImageFile::new(path).header().unwrap();
            prop_assert_eq!(header.stored_size, <[u32; 2]>::from(stored.dimensions()));
            prop_assert_eq!(header.size, <[u32; 2]>::from(upright.dimensions()));
        }
    }
}
