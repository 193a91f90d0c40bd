//! An image file, decoded as stored and upright, and its header.
#![no_main]
use dafe::data::image::{ImageFile, MAX_PIXELS, Orientation, decode_image};
use dafe_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = file("image", bytes);
    let upright = decode_image(bytes, "image").map(|image| image.dimensions().into());
    for orientation in Orientation::ALL.iter().copied() {
        // A labeled size that equals the stored one.
        let file = ImageFile { orientation, ..ImageFile::new(&path) };
        let labeled_size = file.header().ok().map(|header| header.stored_size);
        for file in [file.clone(), ImageFile { labeled_size, ..file }] {
            let read = file.read().map(|image| image.dimensions().into());
            assert_eq!(read.is_ok(), upright.is_ok());
            let (Ok(read), Ok(upright)) = (read, &upright) else { continue };
            let header = file.header().expect("of an image that can be read");
            assert_eq!((header.size, header.upright_size), (read, *upright));
            assert_eq!(header.file_size, bytes.len() as u64);
            assert!(header.is_turned || header.stored_size == header.upright_size);
            let [width, height] = read.map(u64::from);
            assert!(width * height <= MAX_PIXELS);
        }
    }
});
