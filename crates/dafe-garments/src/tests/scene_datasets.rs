//! Datasets of scenes, in DeepFashion2's format and COCO's.
use std::fs;

use dafe::data::{CocoDataset, DeepFashion2Dataset, LandmarkDataset, Split};

use crate::{SceneDatasetConfig, SceneForm, Style, describe_scene, write_scene_dataset};

#[test]
fn a_tree_in_deepfashion2s_form_is_what_was_drawn() {
    let folder = tempfile::tempdir().expect("folder");
    let config = SceneDatasetConfig {
        seed: 2,
        train: 2,
        val: 0,
        test: 1,
        form: SceneForm::DeepFashion2,
        style: Style::Usual,
    };
    write_scene_dataset(folder.path(), &config, &|_, _| {}).expect("written");
    let read = DeepFashion2Dataset::open(folder.path(), Split::Test).expect("read");
    let scene = describe_scene(Style::Usual, 2, Split::Test, 0);
    assert_eq!((read.len(), read.image(0).unwrap().width()), (scene.garments.len(), scene.size[0]));
    for (i, garment) in scene.garments.iter().enumerate() {
        let (found, expected) = (read.item(i), &garment.item);
        assert_eq!((found.category, found.attributes), (expected.category, expected.attributes));
    }
    let json =
        fs::read_to_string(folder.path().join("test/annos/000001.json")).expect("annotation");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let outline = &scene.garments[0].item.segmentation[0];
    let written = json["item1"]["segmentation"][0].as_array().expect("a list");
    assert_eq!(written.len(), 2 * outline.len());
    // Written with enough digits to distinguish any two f32 values.
    assert_eq!(written[1].as_f64().map(|y| y as f32), Some(outline[0][1]));
}

#[test]
fn a_tree_in_cocos_form_tells_its_images_sizes() {
    let folder = tempfile::tempdir().expect("folder");
    let config = SceneDatasetConfig {
        seed: 2,
        train: 1,
        val: 0,
        test: 1,
        form: SceneForm::Coco,
        style: Style::Usual,
    };
    write_scene_dataset(folder.path(), &config, &|_, _| {}).expect("written");
    let path = folder.path().join("annotations/test.json");
    let json = fs::read_to_string(&path).expect("annotations");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let read = CocoDataset::open(path, folder.path().join("images")).expect("read");
    let (width, height) = read.image(0).unwrap().dimensions();
    let image = &json["images"][0];
    assert_eq!(
        (image["width"].as_u64(), image["height"].as_u64()),
        (Some(width.into()), Some(height.into()))
    );
    assert_eq!(read.len(), describe_scene(Style::Usual, 2, Split::Test, 0).garments.len());
}

#[test]
fn annotations_of_another_data_set_are_not_overwritten() {
    let folder = tempfile::tempdir().expect("folder");
    let theirs = folder.path().join("validation/annos/000002.json");
    fs::create_dir_all(theirs.parent().expect("parent")).expect("folder");
    fs::write(&theirs, "theirs").expect("file");
    let config = SceneDatasetConfig {
        seed: 2,
        train: 0,
        val: 2,
        test: 0,
        form: SceneForm::DeepFashion2,
        style: Style::Usual,
    };
    let error = write_scene_dataset(folder.path(), &config, &|_, _| {}).expect_err("refused");
    assert!(error.to_string().contains("000002.json"), "{error}");
    assert_eq!(fs::read_to_string(&theirs).expect("file"), "theirs");
}
