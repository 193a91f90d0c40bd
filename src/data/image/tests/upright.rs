//! Rotated photographs: EXIF's eight orientations.
use super::*;

/// The corner color at the top left of the upright image, for each orientation. EXIF 2.32 defines
/// on which sides of the scene the first row and first column of the stored image are. Stored: red
/// and green at the top, blue and white at the bottom.
const TOP_LEFT: [[u8; 3]; 8] = {
    const RED: [u8; 3] = [255, 0, 0];
    const GREEN: [u8; 3] = [0, 255, 0];
    const BLUE: [u8; 3] = [0, 0, 255];
    const WHITE: [u8; 3] = [255; 3];
    // 1: row top, column left. 2: top, right. 3: bottom, right. 4: bottom, left.
    // 5: left, top. 6: right, top. 7: right, bottom. 8: left, bottom.
    [RED, GREEN, WHITE, BLUE, RED, BLUE, WHITE, GREEN]
};

#[test]
fn photographs_are_turned_by_each_orientation() {
    for (orientation, corner) in (1..).zip(TOP_LEFT) {
        for (format, tolerance) in [("jpg", 4), ("png", 0), ("webp", 0), ("tif", 0)] {
            let name = format!("orientation_{orientation}.{format}");
            let (bytes, stored) = (fixture(&name), [6, 4]);
            assert_eq!(read(&bytes).unwrap().dimensions(), stored.into(), "{name}: as stored");
            let upright = decode_image(&bytes, &name).unwrap();
            let [width, height] = stored;
            let size = if orientation < 5 { [width, height] } else { [height, width] };
            assert_eq!(upright.dimensions(), size.into(), "{name}");
            let found = upright.get_pixel(0, 0).0;
            let near = found.iter().zip(corner).all(|(a, b)| a.abs_diff(b) <= tolerance);
            assert!(near, "{name}: {found:?}, not {corner:?}");
        }
    }
}

#[test]
fn a_file_is_read_image_as_its_bytes_are() {
    let bytes = fixture("turned_by_exif.jpg");
    let (_folder, path) = file(&bytes);
    let upright = read_image(&path).unwrap();
    assert_eq!(upright, decode_image(&bytes, "bytes").unwrap());
    assert_eq!(upright.dimensions(), (16, 24));
    assert_eq!(read(&bytes).unwrap().dimensions(), (24, 16));
}

#[test]
fn orientations_in_unusual_places_count() {
    let turned = decode_image(&fixture("orientation_6.png"), "usual").unwrap();
    for name in ["exif_behind.png", "exif_prefixed.png"] {
        assert_eq!(decode_image(&fixture(name), name).unwrap(), turned, "{name}");
    }
}

#[test]
fn without_a_sound_orientation_a_photograph_stays_as_it_is() {
    let unknown = fixture("orientation_9.jpg");
    assert_eq!(decode_image(&unknown, "9").unwrap(), read(&unknown).unwrap());
    let sound = fixture("orientation_6.jpg");
    let at = sound.windows(6).position(|bytes| bytes == b"Exif\0\0").unwrap() + 6;
    // Damage to the byte order, the offset of the directory, and the number of its entries.
    for damage in [at, at + 4, at + 9] {
        let mut damaged = sound.clone();
        damaged[damage] = 0xEE;
        let upright = decode_image(&damaged, "damaged").unwrap();
        assert!([(6, 4), (4, 6)].contains(&upright.dimensions()));
    }
    let mut damaged = sound;
    damaged[at] = b'X';
    assert_eq!(decode_image(&damaged, "damaged").unwrap(), read(&damaged).unwrap());
}
