//! Images are upright, unless the annotations give the size of the stored image.
use super::*;

const STORED: [u32; 2] = [6, 4];

#[test]
fn an_image_is_upright_unless_the_annotations_give_its_stored_size() {
    for number in 1..=8 {
        let turned = [4, 6];
        let upright_size = if number < 5 { STORED } else { turned };
        for format in ["jpg", "png", "webp", "tif"] {
            let name = format!("orientation_{number}.{format}");
            let (_folder, path) = file(&fixture(&name));
            let (stored, upright) =
                (read(&fixture(&name)).unwrap(), decode_image(&fixture(&name), &name).unwrap());
            assert_eq!(stored == upright, number == 1, "{name}");
            // If both sizes are equal (mirrored or upside down), they do not decide anything.
            let quarter = number >= 5;
            for (orientation, labeled_size, is_stored) in [
                (Orientation::Auto, None, false),
                (Orientation::Auto, Some(upright_size), false),
                (Orientation::Auto, Some(STORED), quarter),
                (Orientation::Auto, Some([60, 40]), false),
                (Orientation::Upright, Some(STORED), false),
                (Orientation::Upright, None, false),
                (Orientation::Stored, Some(upright_size), true),
                (Orientation::Stored, None, true),
            ] {
                let file = ImageFile { path: path.clone(), labeled_size, orientation };
                let place = format!("{name}, {orientation}, {labeled_size:?}");
                let image = file.read().unwrap();
                assert_eq!(image, if is_stored { &stored } else { &upright }.clone(), "{place}");
                let header = file.header().unwrap();
                let expected = ImageHeader {
                    stored_size: STORED,
                    upright_size,
                    size: image.dimensions().into(),
                    is_turned: number != 1,
                    read_as_stored: is_stored && number != 1,
                    file_size: fixture(&name).len() as u64,
                };
                assert_eq!(header, expected, "{place}");
                let check = file.check().unwrap();
                assert_eq!(check, ImageCheck { size: header.size, warnings: vec![] }, "{place}");
            }
        }
    }
}

#[test]
fn a_square_image_is_upright_whatever_size_is_labeled() {
    // A larger image with the same metadata: its own start, then the metadata, then the rest.
    let turned = fixture("orientation_6.jpg");
    let metadata = turned.windows(2).position(|marker| marker == [0xFF, 0xE1]).unwrap();
    let length = usize::from(u16::from_be_bytes([turned[metadata + 2], turned[metadata + 3]]));
    let mut bytes = jpeg(&gradient(8, 8));
    bytes.splice(2..2, turned[metadata..metadata + 2 + length].iter().copied());
    let (_folder, path) = file(&bytes);
    let upright = decode_image(&bytes, "square").unwrap();
    assert_ne!(upright, read(&bytes).unwrap());
    let square = ImageFile { labeled_size: Some([8, 8]), ..ImageFile::new(path) };
    assert_eq!(square.read().unwrap(), upright);
    assert!(square.header().is_ok_and(|header| header.is_turned && !header.read_as_stored));
}

#[test]
fn orientations_have_names() {
    assert_eq!(Orientation::default(), Orientation::Auto);
    for orientation in Orientation::ALL {
        assert_eq!(orientation.name().parse::<Orientation>().unwrap(), *orientation);
    }
    let error = "sideways".parse::<Orientation>().unwrap_err().to_string();
    assert_eq!(error, "unknown orientation 'sideways'; there are auto, upright, stored");
}
