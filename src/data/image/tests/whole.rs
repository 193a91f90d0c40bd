//! JPEGs without their end-of-image marker, complete and incomplete.
use super::*;

/// Sequential files by several encoders: interleaved or with one component, with and without
/// subsampling, restart markers and blocks beyond the edge.
fn sequential() -> Vec<(String, Vec<u8>)> {
    let names = [
        "gray.jpg",
        "cmyk.jpg",
        "ycck.jpg",
        "with_thumbnail.jpg",
        "orientation_6.jpg",
        "subsampled.jpg",
        "halved.jpg",
        "restarts.jpg",
    ];
    let fixtures = names.map(|name| (name.to_string(), fixture(name)));
    let own = [(64, 48), (17, 9), (1, 1)]
        .map(|(width, height)| (format!("{width} × {height}"), jpeg(&gradient(width, height))));
    fixtures.into_iter().chain(own).collect()
}

#[test]
fn a_jpeg_that_lacks_only_its_end_marker_is_read_with_a_warning() {
    for (name, bytes) in sequential() {
        assert!(bytes.ends_with(b"\xff\xd9"), "{name}");
        let whole = decode_image(&bytes, &name).unwrap();
        for missing in [1, 2] {
            let (_folder, path) = file(&bytes[..bytes.len() - missing]);
            let file = ImageFile::new(path);
            assert_eq!(file.read().unwrap(), whole, "{name}");
            let check = file.check().unwrap();
            assert_eq!(check.warnings, ["has no end-of-image marker, but all of its pixels"]);
            assert_eq!(check.size, <[u32; 2]>::from(whole.dimensions()), "{name}");
        }
        let (_folder, path) = file(&bytes);
        assert!(ImageFile::new(path).check().unwrap().warnings.is_empty(), "{name}");
    }
}

#[test]
fn a_jpeg_that_lacks_more_is_refused() {
    for (name, bytes) in sequential() {
        for missing in 3..bytes.len() - 4 {
            let error = decode_image(&bytes[..bytes.len() - missing], &name).unwrap_err();
            assert!(error.to_string().contains("truncated: "), "{name}, {missing}: {error}");
        }
    }
}

/// Nothing in the file says which scan is the last.
#[test]
fn a_progressive_jpeg_without_its_end_is_refused() {
    let bytes = fixture("progressive.jpg");
    for missing in 1..bytes.len() - 4 {
        let error = decode_image(&bytes[..bytes.len() - missing], "progressive").unwrap_err();
        assert!(error.to_string().contains("truncated: "), "{missing}: {error}");
    }
}

#[test]
fn what_follows_the_pixels_without_an_end_marker_is_refused() {
    for (name, bytes) in sequential() {
        let unmarked = &bytes[..bytes.len() - 2];
        for more in [&b"\0"[..], b"\0\0\0\0\0\0\0\0", b"some more"] {
            let error = decode_image(&[unmarked, more].concat(), &name).unwrap_err();
            assert!(error.to_string().contains("truncated: "), "{name}: {error}");
        }
        // Zeros in place of the rest, as after an interrupted copy.
        let mut zeroed = bytes.clone();
        let half = zeroed.len() * 3 / 4;
        zeroed[half..].fill(0);
        assert!(decode_image(&zeroed, &name).is_err(), "{name}");
    }
}
