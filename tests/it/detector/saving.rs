//! Saving and loading models.
use std::{fs, path::Path};

use dafe::{
    detector::{DataOrigin, Origin},
    model::Decoder,
    prelude::*,
};

use super::support::{DETECTOR, SURE, config, corners, detector, image};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_model_that_was_saved_finds_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let image = image(64, 48);
    for &decoder in Decoder::ALL {
        let base = config();
        let model = base.model.clone().with_decoder(decoder);
        let origin = Origin {
            crate_version: "0.1.0".into(),
            recipe: serde_json::json!({"seed": 3, "learning_rate": 0.1, "names": ["a", null]}),
            data: vec![DataOrigin { split: "val".into(), samples: 7, sha256: "ab".repeat(32) }],
            epoch: 12,
        };
        let saved = detector(base.with_model(model).with_origin(Some(origin)), SURE);
        let file = folder.path().join(format!("{decoder}.safetensors"));
        saved.save(&file).unwrap();
        let loaded = LandmarkDetector::load(&file, saved.device()).unwrap();
        assert_eq!(loaded.config(), saved.config());
        for bounds in [None, Some(corners(-3.0, 5.0, 40.0, 47.0))] {
            let found = loaded.detect(&image, bounds).unwrap();
            assert_eq!(found, saved.detect(&image, bounds).unwrap(), "{decoder}");
        }
    }
}

#[test]
fn equal_detectors_make_equal_files() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |detector: &LandmarkDetector, name: &str| {
        let file = folder.path().join(name);
        detector.save(&file).unwrap();
        fs::read(file).unwrap()
    };
    let first = bytes(&DETECTOR, "a");
    assert!(bytes(&DETECTOR, "b") == first, "saved twice");
    assert!(bytes(&detector(config(), SURE), "c") == first, "made twice");
    let loaded = LandmarkDetector::from_bytes(first.clone(), "bytes", DETECTOR.device()).unwrap();
    assert!(bytes(&loaded, "d") == first, "loaded");
    assert!(bytes(&detector(config(), "other."), "e") != first, "another one");
}

#[test]
fn a_folder_gets_the_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    DETECTOR.save(folder.path()).unwrap();
    let file = folder.path().join(LandmarkDetector::FILE);
    let first = fs::read(&file).unwrap();
    // Overwrites an existing file.
    let other = detector(config(), "other.");
    other.save(folder.path()).unwrap();
    assert!(fs::read(&file).unwrap() != first);
    assert_eq!(names(folder.path()), [LandmarkDetector::FILE]);
    let loaded = LandmarkDetector::load(folder.path(), other.device()).unwrap();
    let image = image(30, 30);
    assert_eq!(loaded.detect(&image, None).unwrap(), other.detect(&image, None).unwrap());
}

#[test]
fn a_model_that_cannot_be_saved_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    // In a folder that does not exist, in a "folder" that is a file, and where a folder has the
    // file's name.
    fs::write(folder.path().join("file"), "old").unwrap();
    fs::create_dir_all(folder.path().join("taken").join(LandmarkDetector::FILE)).unwrap();
    for (target, named) in [
        ("missing/a.safetensors", "missing/a.safetensors"),
        ("file/a.safetensors", "file/a.safetensors"),
        ("taken", "taken/model.safetensors"),
    ] {
        let error = DETECTOR.save(folder.path().join(target)).unwrap_err().to_string();
        assert_eq!(error, format!("cannot write {}", folder.path().join(named).display()));
    }
    let mut left = names(folder.path());
    left.sort();
    assert_eq!(left, ["file", "taken"]);
    assert_eq!(names(&folder.path().join("taken")), [LandmarkDetector::FILE]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "old");
}
