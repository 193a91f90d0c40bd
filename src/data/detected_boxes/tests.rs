//! Boxes on images of COCO and FLD datasets.
use std::fs;

use image::RgbImage;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::*;
use crate::{
    data::{
        CocoDataset, DeepFashion2Dataset, FldDataset, FldFormat, Split,
        coco::tests::{OnDisk, file},
        fld::write_annotations,
        image::write_png,
    },
    landmark::{ClothesType, DeepFashion2Category, Landmark, Visibility},
    metric::{Bootstrap, LandmarkReport},
    predict::LandmarkResult,
};

fn coco() -> Arc<dyn LandmarkDataset> {
    Arc::new(CocoDataset::open(OnDisk::new(file().to_string()).path(), "").unwrap())
}

fn fld(names: &[&str]) -> Arc<dyn LandmarkDataset> {
    let folder = tempfile::tempdir().unwrap();
    let landmarks = unlabeled(&LandmarkSchema::fld(), Some(1));
    let skirt = |name: &&str| LandmarkSample {
        category: Some(ClothesType::Lower as usize),
        ..LandmarkSample::new(*name, BoundingBox::whole(9, 9), landmarks.clone())
    };
    let rows: Vec<_> = names.iter().map(|name| (Split::Test, skirt(name))).collect();
    write_annotations(folder.path(), FldFormat::DeepFashionC, &rows).unwrap();
    Arc::new(FldDataset::open(folder.path(), Split::Test).unwrap())
}

fn open(dataset: Arc<dyn LandmarkDataset>, boxes: &Value) -> Result<WithBoxes, String> {
    let on_disk = OnDisk::new(boxes.to_string());
    WithBoxes::open(dataset, on_disk.path()).map_err(|error| on_disk.plain(&error))
}

#[test]
fn a_sample_is_a_box_and_its_score() {
    let boxes = json!([
        {"image_id": 4, "category_id": 3, "bbox": [1, 2, 30.5, 40], "score": 0.25, "segmentation": "passed over"},
        {"image_id": 7, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 0.5},
        {"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5},
        {"image_id": 9, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 0.5},
    ]);
    let found = open(coco(), &boxes).unwrap();
    assert_eq!((found.len(), found.left_out()), (2, 2), "a tree, and an image that is not there");
    let door = found.sample(0);
    assert_eq!((door.image.as_str(), found.image_id(0)), ("door.jpg", Some(4)));
    assert_eq!(door.bounding_box, BoundingBox::new(1.0, 2.0, 31.5, 42.0).unwrap());
    assert_eq!((door.category, door.score), (Some(1), Some(0.25)));
    let unlabeled = Landmark::new(0.0, 0.0, Visibility::Truncated);
    let absent = Landmark::ABSENT;
    assert_eq!(door.landmarks, [absent, absent, absent, unlabeled, unlabeled]);
    assert_eq!((found.image_id(1), found.sample(1).category), (Some(7), Some(0)));
    assert!(found.image(1).unwrap_err().to_string().contains("home/tom.jpg"));
}

#[test]
fn images_without_labels_count() {
    let mut annotated = file();
    annotated["images"].as_array_mut().unwrap().push(json!({"id": 9, "file_name": "wall.png"}));
    let on_disk = OnDisk::new(annotated.to_string());
    let data = Arc::new(CocoDataset::open(on_disk.path(), on_disk.folder()).unwrap());
    let boxes = json!([{"image_id": 9, "category_id": 3, "bbox": [1, 2, 30, 40], "score": 0.25}]);
    let found = open(data, &boxes).unwrap();
    assert_eq!((found.len(), found.left_out(), found.images().len()), (1, 0, 3));
    let wall = found.sample(0);
    assert_eq!((wall.image.as_str(), found.image_id(0)), ("wall.png", Some(9)));
    let pixels = RgbImage::from_pixel(5, 4, image::Rgb([9; 3]));
    write_png(on_disk.folder().join("wall.png"), &pixels).unwrap();
    assert_eq!(found.image(0).unwrap(), pixels);
}

/// One image with an object that is detected exactly, and one image without objects. Of two
/// detections with the same score, one is wrong.
#[test]
fn what_is_found_where_nothing_is_counts_against_precision() {
    let annotated = json!({
        "images": [{"id": 1, "file_name": "empty.jpg"}, {"id": 2, "file_name": "cat.jpg"}],
        "annotations": [{"id": 1, "image_id": 2, "category_id": 1, "bbox": [0, 0, 50, 50],
                         "keypoints": [10, 20, 2]}],
        "categories": [{"id": 1, "name": "cat", "keypoints": ["nose"], "sigmas": [0.1]}],
    });
    let data = Arc::new(CocoDataset::open(OnDisk::new(annotated.to_string()).path(), "").unwrap());
    let boxes = [1, 2].map(
        |image| json!({"image_id": image, "category_id": 1, "bbox": [0, 0, 50, 50], "score": 0.75}),
    );
    let found = open(data.clone(), &json!(boxes)).unwrap();
    let mut report = LandmarkReport::new(data.schema());
    (0..2).for_each(|index| report.update(&[[10.0, 20.0]], &found.sample(index)));
    report.add_truth(&data.sample(0));
    // The wrong one comes first, so precision is 1/2 when full recall is reached.
    let summary = report.summary_with(&Bootstrap { resamples: 0, ..Bootstrap::default() });
    assert_eq!(summary.oks_visible.unwrap().headlines.get("AP").unwrap().value, Some(0.5));
}

#[test]
fn a_split_without_labels_has_samples_of_its_boxes_alone() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("test/image");
    fs::create_dir_all(&images).unwrap();
    fs::write(images.join("000007.jpg"), b"").unwrap();
    let data = DeepFashion2Dataset::open_unlabeled(folder.path(), Split::Test).unwrap();
    let boxes = json!([{"image_id": 7, "category_id": 9, "bbox": [1, 2, 30, 40], "score": 0.5}]);
    let found = open(Arc::new(data), &boxes).unwrap();
    let result = LandmarkResult::new(&found, 0, &[[3.0, 4.0]; 294], &[0.5; 294]).unwrap();
    assert_eq!((result.image_id, result.category_id, result.score), (7, 9, 0.25));
    let skirt = DeepFashion2Category::Skirt.landmarks();
    assert_eq!(result.keypoints[skirt.start], [3.0, 4.0, 0.5]);
    assert_eq!(result.keypoints.iter().filter(|place| **place != [0.0; 3]).count(), skirt.len());
}

#[test]
fn an_entry_may_have_the_images_number_and_its_name() {
    let both = json!([{"image_id": 4, "file_name": "img/b.jpg", "category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
    let found = open(fld(&["img/a.jpg", "img/b.jpg"]), &both).unwrap();
    assert_eq!(found.sample(0).image, "img/b.jpg", "FLD's have no numbers");
    assert_eq!(open(coco(), &both).unwrap().sample(0).image, "door.jpg");
    let neither = json!([{"category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
    let error = open(coco(), &neither).err().unwrap();
    assert_eq!(error, "a.json: box 1: it has neither image_id nor file_name");
}

#[test]
fn images_without_numbers_are_named() {
    let data = fld(&["img/a.jpg", "img/b.jpg"]);
    for key in ["file_name", "image", "image_id"] {
        let boxes = json!([{key: "img/b.jpg", "category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
        let found = open(data.clone(), &boxes).unwrap();
        assert_eq!((found.sample(0).image.as_str(), found.image_id(0)), ("img/b.jpg", None));
        assert_eq!(found.sample(0).category, Some(ClothesType::Lower as usize));
    }
    let numbered = json!([{"image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
    let error = open(data, &numbered).err().unwrap();
    assert_eq!(error, "a.json: box 1: the dataset's images have no numbers, but names");
}

#[test]
fn boxes_that_cannot_be_are_refused() {
    let refused = |change: fn(&mut Value), message: &str| {
        let mut boxes = json!([
            {"image_id": 4, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.25},
            {"image_id": 7, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 0.5},
        ]);
        change(&mut boxes);
        assert_eq!(open(coco(), &boxes).err().unwrap(), format!("a.json: {message}"));
    };
    let empty = "box 2: (image 7) the box [1.0, 2.0, 0.0, 4.0] is empty";
    refused(|boxes| boxes[1]["bbox"][2] = json!(0), empty);
    refused(
        |boxes| boxes[1]["category_id"] = Value::Null,
        "box 2: (image 7) there are 2 categories, but it has none",
    );
    refused(|boxes| *boxes = json!([]), "no box belongs to an image and a category of the dataset");
    refused(|boxes| boxes[1]["score"] = Value::Null, "box 2: (image 7) it has no score");
    refused(|boxes| boxes[1]["bbox"] = Value::Null, "box 2: (image 7) it has no bbox");
    refused(
        |boxes| boxes[1]["bbox"][0] = Value::Null,
        "box 2: (image 7) its bbox lacks a number, or has NaN: [null,2.0,3.0,4.0]",
    );
    refused(
        |boxes| boxes[1]["category_id"] = json!("cat"),
        "box 2: (image 7) its category_id is 'cat', not a number",
    );
}

#[test]
fn numbers_may_be_written_as_floats_or_texts() {
    let boxes = json!([
        {"image_id": 4.0, "category_id": 3.0, "bbox": [1, 2, 3, 4], "score": 0.25},
        {"image_id": "7", "category_id": "2", "bbox": [1, 2, 3, 4], "score": 1},
    ]);
    let found = open(coco(), &boxes).unwrap();
    assert_eq!((found.image_id(0), found.image_id(1)), (Some(4), Some(7)));
    assert_eq!((found.sample(0).category, found.sample(1).category), (Some(1), Some(0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        junk in vec(any::<u8>(), 0..100),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let dataset = coco();
        let mut edited =
            br#"[{"image_id": 4, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.25}]"#.to_vec();
        for (at, byte) in edits {
            let at = at.index(edited.len());
            edited[at] = byte;
        }
        for bytes in [junk, edited] {
            let on_disk = OnDisk::new("");
            fs::write(on_disk.path(), bytes).unwrap();
            if let Ok(found) = WithBoxes::open(dataset.clone(), on_disk.path()) {
                prop_assert_eq!(found.sample(0).landmarks.len(), 5);
            }
        }
    }
}
