//! Files that end too early or are damaged.
use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn truncated_files_are_refused_wherever_they_end() {
    let truncated = "truncated: the file ends before the image does";
    for bytes in
        [jpeg(&gradient(64, 48)), fixture("progressive.jpg"), fixture("with_thumbnail.jpg")]
    {
        assert!(read(&bytes).is_ok());
        for end in [4, 30, bytes.len() / 2, bytes.len() * 9 / 10, bytes.len() - 2, bytes.len() - 1]
        {
            assert_refused(&bytes[..end], truncated);
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
        // Shorter ones are not even recognised.
        for end in 12..bytes.len() {
            assert_refused(&bytes[..end], "truncated: the file ends before the image does");
        }
        let longer = [&bytes[..], b"some more bytes after the end"].concat();
        assert_eq!(read(&longer).unwrap(), read(&bytes).unwrap(), "{name}");
        // Shorter, and the header says so, too: then the last chunk lacks something.
        let mut shorter = bytes[..bytes.len() - 4].to_vec();
        shorter[4..8].copy_from_slice(&(bytes.len() as u32 - 12).to_le_bytes());
        assert_refused(&shorter, "truncated: the file ends before the image does");
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
        ]),
    ) {
        let _ = decode_image(&[start, &junk, b"\xff\xd9"].concat(), "junk");
        let mut damaged = fixture(name);
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
        }
    }
}
