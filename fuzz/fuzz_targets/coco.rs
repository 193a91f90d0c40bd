//! A COCO-keypoints file.
#![no_main]
use dafe::data::CocoDataset;
use dafe_fuzz::{check, file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = file("coco.json", bytes);
    if let Ok(dataset) = CocoDataset::open_with(path, "", None, &mut |_| Ok(())) {
        check(&dataset);
    }
});
