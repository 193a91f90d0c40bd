//! Reading headers without pixels.
use super::*;

#[test]
fn headers_agree_with_what_is_read() {
    for (name, Expected { stored, upright }) in expected() {
        let (_folder, path) = file(&fixture(&name));
        let header = ImageFile::new(&path).header().unwrap();
        assert_eq!(header.stored_size, stored.size, "{name}");
        let expected = upright.as_ref().unwrap_or(&stored).size;
        assert_eq!((header.upright_size, header.size), (expected, expected), "{name}");
        // If both orientations have the same size, Pillow's pixels do not show which was used.
        assert!(header.is_turned || upright.is_none(), "{name}");
        assert_eq!(header.size, <[u32; 2]>::from(read_image(&path).unwrap().dimensions()));
    }
}

#[test]
fn damaged_pixels_are_none_of_the_headers_concern() {
    for name in ["progressive.jpg", "rgb_16.png", "rgb.bmp", "palette.gif"] {
        let bytes = fixture(name);
        let (_folder, path) = file(&bytes[..bytes.len() - 12]);
        assert!(read_image(&path).is_err(), "{name}");
        assert!(ImageFile::new(&path).header().is_ok(), "{name}");
    }
}

/// Cameras write previews and color profiles before the frame header: here more than the first, and
/// then more than the second attempt reads.
#[test]
fn a_header_far_behind_the_start_is_found() {
    for segments in [1, 10] {
        let mut bytes = fixture("orientation_6.jpg");
        let segment = [&[0xFF, 0xEC, 0xFF, 0xFF][..], &[7; 0xFFFF - 2]].concat();
        (0..segments).for_each(|_| drop(bytes.splice(2..2, segment.iter().copied())));
        let (_folder, path) = file(&bytes);
        let header = ImageFile::new(&path).header().unwrap();
        assert_eq!((header.stored_size, header.size), ([6, 4], [4, 6]));
        assert_eq!(read_image(&path).unwrap().dimensions(), (4, 6));
    }
}

#[test]
fn a_large_file_is_refused_before_it_is_read() {
    let (_folder, path) = file(&fixture("gray.jpg"));
    fs::File::options().write(true).open(&path).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
    for error in
        [ImageFile::new(&path).header().unwrap_err(), ImageFile::new(&path).read().unwrap_err()]
    {
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.to_string().ends_with("larger than 536870912 bytes"), "{error}");
    }
}
