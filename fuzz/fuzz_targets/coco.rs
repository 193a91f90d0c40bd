//! A COCO-keypoints file, read with its own and with given schemas, in each visibility code; and
//! its categories alone, as a schema file.
#![no_main]
use dafe::{
    data::{
        CocoDataset,
        coco::{CocoOptions, VisibilityCode, read_schema},
    },
    landmark::LandmarkSchema,
};
use dafe_fuzz::{check, file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = file("coco.json", bytes);
    for schema in [None, Some(LandmarkSchema::fld()), Some(LandmarkSchema::deepfashion2_all())] {
        for &code in VisibilityCode::ALL {
            let options = CocoOptions::default().with_schema(schema.clone()).with_visibility(code);
            if let Ok(dataset) = CocoDataset::open_with(&path, "", &options, &mut |_| Ok(())) {
                check(&dataset);
            }
        }
    }
    if let Ok(schema) = read_schema(&path) {
        schema.validate().unwrap();
    }
});
