//! Datasets in FLD's format are written completely, can be resumed, and never overwrite another
//! one.
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use dafe::{ErrorKind, data::fld::FldFormat};

use crate::{
    GarmentDatasetConfig, SceneDatasetConfig, SceneForm, Style, dataset::writer::to_json,
    write_garment_dataset,
};

fn small() -> GarmentDatasetConfig {
    GarmentDatasetConfig {
        seed: 5,
        train: 3,
        val: 1,
        test: 2,
        form: FldFormat::Fld,
        style: Style::Usual,
    }
}

fn files(root: &Path) -> Vec<String> {
    let names = fs::read_dir(root.join("img")).expect("img").map(|e| e.expect("entry").file_name());
    let mut names: Vec<_> = names.map(|n| n.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_tree_is_written_resumed_and_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let root = folder.path().join("dataset");
    let calls = AtomicUsize::new(0);
    let count = |_, total| {
        assert_eq!(total, 6);
        calls.fetch_add(1, Ordering::Relaxed);
    };
    write_garment_dataset(&root, &small(), &count).expect("written");
    assert_eq!(calls.load(Ordering::Relaxed), 6);
    let images = [
        "test_000001.jpg",
        "test_000002.jpg",
        "train_000001.jpg",
        "train_000002.jpg",
        "train_000003.jpg",
        "val_000001.jpg",
    ];
    assert_eq!(files(&root), images);
    for name in [
        "Anno/list_bbox.txt",
        "Anno/list_landmarks.txt",
        "Eval/list_eval_partition.txt",
        "garments.json",
    ] {
        assert!(root.join(name).is_file(), "{name}");
    }
    // Simulates an interruption: an image and the last file are missing. A foreign file stays.
    let image = root.join("img/train_000002.jpg");
    let before = fs::read(&image).expect("image");
    fs::remove_file(&image).expect("removed");
    fs::rename(root.join("garments.json"), root.join("garments.json.begun")).expect("renamed");
    fs::write(root.join("notes.txt"), "mine").expect("note");
    write_garment_dataset(&root, &small(), &|_, _| {}).expect("resumed");
    assert_eq!(fs::read(&image).expect("image"), before);
    assert_eq!(fs::read_to_string(root.join("notes.txt")).expect("note"), "mine");
    // Finished: nothing is written again.
    let annotations = root.join("Anno/list_bbox.txt");
    fs::write(&annotations, "touched").expect("touched");
    write_garment_dataset(&root, &small(), &|_, _| {}).expect("left alone");
    assert_eq!(fs::read_to_string(&annotations).expect("annotations"), "touched");
}

#[test]
fn a_trees_file_tells_generator_version_and_style() {
    let text = "{\"generator\": 4, \"seed\": 5, \"train\": 3, \"val\": 1, \"test\": 2, \
                \"form\": \"fld\", \"style\": \"usual\"}\n";
    assert_eq!(to_json(&small()), text);
    let scenes = SceneDatasetConfig {
        seed: 5,
        train: 3,
        val: 1,
        test: 2,
        form: SceneForm::Coco,
        style: Style::Usual,
    };
    let text = text.replace("generator\": 4", "scene_generator\": 3").replace("fld", "coco");
    assert_eq!(to_json(&scenes), text);
}

#[test]
fn a_tree_of_another_config_is_refused_and_both_are_named() {
    let folder = tempfile::tempdir().expect("folder");
    write_garment_dataset(folder.path(), &small(), &|_, _| {}).expect("written");
    let other = GarmentDatasetConfig { seed: 6, ..small() };
    let error = write_garment_dataset(folder.path(), &other, &|_, _| {}).expect_err("refused");
    let text = error.to_string();
    assert!(error.kind() == ErrorKind::Dataset);
    assert!(text.contains("\"seed\": 5") && text.contains("\"seed\": 6"), "{text}");
}

#[test]
fn another_data_set_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("folder");
    let list = folder.path().join("Anno/list_bbox.txt");
    fs::create_dir_all(folder.path().join("Anno")).expect("folder");
    fs::write(&list, "theirs").expect("list");
    let error = write_garment_dataset(folder.path(), &small(), &|_, _| {}).expect_err("refused");
    assert!(error.to_string().contains("list_bbox.txt"), "{error}");
    assert_eq!(fs::read_to_string(&list).expect("list"), "theirs");
}

#[test]
fn a_root_that_is_a_file_or_cannot_be_made_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    fs::write(&file, "a file").expect("file");
    for root in [file.clone(), file.join("below")] {
        let error = write_garment_dataset(&root, &small(), &|_, _| {}).expect_err("refused");
        assert!(error.to_string().contains("file"), "{error}");
    }
    assert_eq!(fs::read_to_string(&file).expect("file"), "a file");
}

#[test]
fn an_image_that_cannot_be_written_leaves_nothing_under_its_name() {
    let folder = tempfile::tempdir().expect("folder");
    // Unfinished, with a folder in an image's place: renaming onto it fails, like writing on a full
    // disk.
    write_garment_dataset(folder.path(), &small(), &|_, _| {}).expect("written");
    fs::rename(folder.path().join("garments.json"), folder.path().join("garments.json.begun"))
        .expect("renamed");
    fs::remove_file(folder.path().join("img/val_000001.jpg")).expect("removed");
    fs::create_dir_all(folder.path().join("img/val_000001.jpg/x")).expect("folder");
    let error = write_garment_dataset(folder.path(), &small(), &|_, _| {}).expect_err("refused");
    assert!(error.to_string().contains("val_000001.jpg"), "{error}");
    assert!(!folder.path().join("garments.json").exists());
    assert!(files(folder.path()).iter().all(|name| name.ends_with(".jpg")));
}
