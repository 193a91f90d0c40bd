//! Boxes on the pictures of COCO's and of FLD's form.
use std::fs;

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::*;
use crate::{
    data::{
        CocoDataset, FldDataset, FldForm, Split,
        coco::tests::{OnDisk, file},
        fld::write_annotations,
    },
    landmark::{ClothesType, Landmark, Visibility},
};

fn coco() -> Arc<dyn LandmarkDataset> {
    Arc::new(CocoDataset::open(OnDisk::new(file().to_string()).path(), "").unwrap())
}

fn fld(names: &[&str]) -> Arc<dyn LandmarkDataset> {
    let folder = tempfile::tempdir().unwrap();
    let landmarks = unlabelled(&LandmarkSchema::fld(), Some(1));
    let skirt = |name: &&str| LandmarkSample {
        category: Some(ClothesType::Lower as usize),
        ..LandmarkSample::new(*name, BoundingBox::whole(9, 9), landmarks.clone())
    };
    let rows: Vec<_> = names.iter().map(|name| (Split::Test, skirt(name))).collect();
    write_annotations(folder.path(), FldForm::DeepFashionC, &rows).unwrap();
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
    assert_eq!((found.len(), found.left_out()), (2, 2), "a tree, and a picture that is not there");
    let door = found.sample(0);
    assert_eq!((door.image.as_str(), found.image_id(0)), ("door.jpg", Some(4)));
    assert_eq!(door.bounding_box, BoundingBox::new(1.0, 2.0, 31.5, 42.0).unwrap());
    assert_eq!((door.category, door.score), (Some(1), Some(0.25)));
    let unlabelled = Landmark::new(0.0, 0.0, Visibility::Truncated);
    let absent = Landmark::ABSENT;
    assert_eq!(door.landmarks, [absent, absent, absent, unlabelled, unlabelled]);
    assert_eq!((found.image_id(1), found.sample(1).category), (Some(7), Some(0)));
    assert!(found.picture(1).unwrap_err().to_string().contains("home/tom.jpg"));
}

#[test]
fn pictures_without_numbers_are_named() {
    let data = fld(&["img/a.jpg", "img/b.jpg"]);
    for key in ["file_name", "image", "image_id"] {
        let boxes = json!([{key: "img/b.jpg", "category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
        let found = open(data.clone(), &boxes).unwrap();
        assert_eq!((found.sample(0).image.as_str(), found.image_id(0)), ("img/b.jpg", None));
        assert_eq!(found.sample(0).category, Some(ClothesType::Lower as usize));
    }
    let numbered = json!([{"image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 1}]);
    let error = open(data, &numbered).err().unwrap();
    assert_eq!(error, "dataset a.json: box 1: the data set's pictures have no numbers, but names");
}

#[test]
fn boxes_that_cannot_be_are_refused() {
    let refused = |change: fn(&mut Value), message: &str| {
        let mut boxes = json!([
            {"image_id": 4, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.25},
            {"image_id": 7, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 0.5},
        ]);
        change(&mut boxes);
        assert_eq!(open(coco(), &boxes).err().unwrap(), format!("dataset a.json: {message}"));
    };
    let empty = "box 2: (image 7) the box [1.0, 2.0, 0.0, 4.0] is empty";
    refused(|boxes| boxes[1]["bbox"][2] = json!(0), empty);
    refused(
        |boxes| boxes[1]["category_id"] = Value::Null,
        "box 2: (image 7) there are 2 categories, but it has none",
    );
    refused(|boxes| *boxes = json!([]), "no box is of a picture and a category of the data set");
    let no_score = json!([{"image_id": 7, "category_id": 2, "bbox": [1, 2, 3, 4]}]);
    let error = open(coco(), &no_score).err().unwrap();
    assert!(
        error.starts_with("a.json:1: column ") && error.ends_with("missing field `score`"),
        "{error}"
    );
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
