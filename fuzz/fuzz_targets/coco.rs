//! A COCO-keypoints file, read by its own schema and by a given one.
#![no_main]
use dafe::{data::CocoDataset, landmark::LandmarkSchema};
use dafe_fuzz::{check, file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = file("coco.json", bytes);
    for schema in [None, Some(LandmarkSchema::fld()), Some(LandmarkSchema::deepfashion2_all())] {
        if let Ok(dataset) = CocoDataset::open_with(&path, "", schema, &mut |_| Ok(())) {
            check(&dataset);
        }
    }
});
