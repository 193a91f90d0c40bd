//! The model that the crate ships: it is the one that its description is of, and still has that one's errors.
use std::{fs, path::Path};

use dafe::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

#[path = "common/devices.rs"]
mod devices;
use devices::on_both;
#[path = "../examples/support/drawn_set.rs"]
mod drawn_set;

on_both!(its_errors_are_those_that_were_measured);

/// What `make_bundled` wrote beside the model.
fn description() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/bundled.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn it_is_the_model_that_was_described() {
    let (file, described) = (LandmarkDetector::bundled_file(), description());
    assert!(file.len() <= 10_000_000, "{} bytes", file.len());
    let hash: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(described["sha256"], hash.as_str());
    let detector = LandmarkDetector::bundled(&Device::flex());
    let config = detector.config();
    assert_eq!(config.schema, LandmarkSchema::fld());
    assert!(config.infers_category && config.calibration.is_some());
    // What made it is in its own file, too, and is one run's recipe.
    let origin = config.origin.as_ref().unwrap();
    for number in ["seed", "epochs"] {
        assert_eq!(origin.recipe[number], described["training"][number]);
    }
    assert_eq!(origin.epoch as u64, described["training"]["best_epoch"].as_u64().unwrap());
    assert_eq!(
        origin.data[0].samples as u64,
        described["training"]["train_pictures"].as_u64().unwrap()
    );
}

/// Kernels that add in another order, a machine's with other vectors or another backend's, give heatmaps that differ by some 1e-6:
/// positions are the same, unless two cells of a heatmap are that close, and then another one is the highest. If that moves a
/// landmark by half a garment, the mean of some 600 changes by less than 0.001. Other parameters, another crop or a generator
/// that draws other garments change it by more.
const TOLERANCE: f64 = 0.001;

fn its_errors_are_those_that_were_measured(device: &Device) {
    let (detector, checked) = (LandmarkDetector::bundled(device), &description()["checked"]);
    assert_eq!(checked["garments"], 2 * drawn_set::OF_EACH);
    let found = drawn_set::errors(&detector).unwrap();
    for (found, name) in found.into_iter().zip(["in_labelled_boxes", "without_boxes"]) {
        let (found, recorded) = (found.unwrap(), checked[name].as_f64().unwrap());
        assert!(
            (found - recorded).abs() <= TOLERANCE,
            "{name}: NE {found}, recorded {recorded}; if the generator draws other garments now, make_bundled is to be run anew"
        );
    }
}
