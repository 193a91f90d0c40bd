//! The annotation file of one DeepFashion2 image.
#![no_main]
use dafe::data::{DeepFashion2Dataset, Split};
use dafe_fuzz::{check, file, folder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    file("train/annos/000001.json", bytes);
    if let Ok(dataset) = DeepFashion2Dataset::open_with(folder(), Split::Train, &mut |_| Ok(())) {
        check(&dataset);
    }
});
