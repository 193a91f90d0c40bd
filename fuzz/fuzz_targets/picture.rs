//! A JPEG or PNG file.
#![no_main]
use dafe::data::picture::{MAX_PIXELS, read_picture};
use dafe_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(picture) = read_picture(&file("picture", bytes)) {
        assert!(u64::from(picture.width()) * u64::from(picture.height()) <= MAX_PIXELS);
    }
});
