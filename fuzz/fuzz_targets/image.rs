//! A JPEG, PNG or WebP file, as it is stored and upright.
#![no_main]
use dafe::data::image::{MAX_PIXELS, decode_image, read_image};
use dafe_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let pixels = |(width, height)| u64::from(width) * u64::from(height);
    let stored = read_image(&file("image", bytes)).map(|image| pixels(image.dimensions()));
    let upright = decode_image(bytes, "image").map(|image| pixels(image.dimensions()));
    assert_eq!(stored.as_ref().ok(), upright.as_ref().ok());
    assert!(stored.is_err() || stored.is_ok_and(|pixels| pixels <= MAX_PIXELS));
});
