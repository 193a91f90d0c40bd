//! How a file is read.
use super::*;
use crate::landmark::Visibility;

#[test]
fn a_sample_has_its_categorys_landmarks() {
    let dataset = open(&file());
    assert_eq!((dataset.len(), dataset.unlabeled(), dataset.without_keypoints()), (3, 1, 2));
    let cat = dataset.sample(0);
    assert_eq!((cat.image.as_str(), dataset.image_id(0)), ("home/tom.jpg", Some(7)));
    assert_eq!(cat.bounding_box, BoundingBox::new(10.0, 20.0, 110.5, 70.0).unwrap());
    // The schema has cats and doors; trees have no landmarks.
    assert_eq!((cat.category, cat.score, cat.variation_type), (Some(0), None, None));
    let truncated = Landmark::new(0.0, 0.0, Visibility::Truncated);
    assert_eq!(
        cat.landmarks,
        [
            Landmark::new(30.0, 40.5, Visibility::Visible),
            Landmark::new(50.0, 60.0, Visibility::Occluded),
            truncated,
            Landmark::ABSENT,
            Landmark::ABSENT,
        ]
    );
    let door = dataset.sample(1);
    let visible = |x, y| Landmark::new(x, y, Visibility::Visible);
    assert_eq!(door.landmarks[3..], [visible(1.0, 2.0), visible(3.0, 4.0)]);
    assert_eq!((&door.landmarks[..3], door.category), (&[Landmark::ABSENT; 3][..], Some(1)));
    assert_eq!(dataset.sample(2).landmarks[..3], [truncated; 3]);
    assert_eq!(dataset.labeled_only().len(), 2);
}

#[test]
fn what_else_the_annotation_has_is_kept() {
    let dataset = open(&file());
    assert_eq!(
        dataset.annotation(0),
        CocoAnnotation {
            id: 11,
            category_id: 2,
            area: Some(77.5),
            is_crowd: false,
            num_keypoints: 2
        }
    );
    assert_eq!(
        dataset.annotation(2),
        CocoAnnotation { id: 13, category_id: 2, area: None, is_crowd: true, num_keypoints: 0 }
    );
    let of = |index| (dataset.sample(index).area, dataset.sample(index).crowd);
    assert_eq!([of(0), of(1), of(2)], [(Some(77.5), false), (None, false), (None, true)]);
}

#[test]
fn a_schema_can_be_given_where_the_file_has_none() {
    // One category with unnamed keypoints.
    let lower = || LandmarkSchema::fld_of(crate::landmark::ClothesType::Lower);
    let file = json!({
        "images": [{"id": 1, "file_name": "img/a.jpg"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 9, 9],
                         "keypoints": [1, 2, 2, 3, 4, 1, 0, 0, 0, 5, 6, 2]}],
        "categories": [{"id": 1, "name": "clothes"}],
    });
    let on_disk = OnDisk::new(file.to_string());
    let numbered = on_disk.open().unwrap();
    assert_eq!(numbered.schema().names(), ["1", "2", "3", "4"]);
    let read = CocoDataset::open_with_schema(on_disk.path(), "", lower()).unwrap();
    assert_eq!((read.schema(), read.sample(0).category), (&lower(), Some(0)));
    assert_eq!(read.sample(0).landmarks[3], Landmark::new(5.0, 6.0, Visibility::Visible));
}

#[test]
fn mmposes_fld_files_have_flds_names() {
    // A category as in these files, which write all numbers as fractions.
    let names: Vec<_> = LandmarkSchema::fld().names().to_vec();
    let keypoints = [[7.0, 8.0, 2.0]; 8].concat();
    let file = json!({
        "info": {"version": "1.0"},
        "categories": [{"supercategory": "person", "id": 1, "name": "fashion", "keypoints": names, "skeleton": []}],
        "images": [{"id": 9, "file_name": "img_00000009.jpg", "height": 250, "width": 200}],
        "annotations": [{"keypoints": keypoints, "num_keypoints": 8, "bbox": [1, 1, 199, 249],
                         "iscrowd": 0, "area": 49551, "category_id": 1, "id": 9, "image_id": 9}],
    });
    let on_disk = OnDisk::new(file.to_string());
    let read = on_disk.open().unwrap();
    assert_eq!(read.schema().mirror(), LandmarkSchema::fld().mirror());
    assert_eq!(read.sample(0).landmarks, [Landmark::new(7.0, 8.0, Visibility::Visible); 8]);
    let full = LandmarkSchema::fld_of(crate::landmark::ClothesType::Full);
    let drawn = CocoDataset::open_with_schema(on_disk.path(), "", full).unwrap();
    assert_eq!(drawn.sample(0), read.sample(0));
    // The schema of all three types would match the category with the first one, upper clothes.
    let error =
        CocoDataset::open_with_schema(on_disk.path(), "", LandmarkSchema::fld()).unwrap_err();
    assert!(error.to_string().contains("landmark 'left waistline'"), "{error}");
}

#[test]
fn keypoints_may_be_those_of_the_whole_schema() {
    // As in conversions of DeepFashion2: every annotation has 294 triplets, with 0 for those of
    // other categories.
    let mut keypoints = vec![0.0; 882];
    // Trousers have landmarks 168 to 181.
    keypoints[3 * 169..3 * 170].copy_from_slice(&[8.0, 9.0, 2.0]);
    let mut file = json!({
        "images": [{"id": 1, "file_name": "000001.jpg"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 8, "bbox": [1, 1, 9, 9], "keypoints": keypoints}],
        "categories": (1..=13).map(|id| json!({"id": id, "name": "x"})).collect::<Vec<_>>(),
    });
    let open = |file: &Value| {
        let on_disk = OnDisk::new(file.to_string());
        CocoDataset::open_with_schema(on_disk.path(), "", LandmarkSchema::deepfashion2_all())
            .map_err(|error| on_disk.plain(&error))
    };
    let sample = open(&file).unwrap().sample(0);
    assert_eq!(sample.landmarks[169], Landmark::new(8.0, 9.0, Visibility::Visible));
    let absent = sample.landmarks.iter().filter(|landmark| **landmark == Landmark::ABSENT).count();
    assert_eq!((sample.category, absent), (Some(7), 280));
    keypoints[2] = 2.0;
    file["annotations"][0]["keypoints"] = json!(keypoints);
    assert_eq!(
        open(&file).unwrap_err(),
        "a.json: annotation 1 (image 000001.jpg): landmark 'short-sleeve-top 1': keypoints: labeled, though \
         its category has no such landmark"
    );
}

#[test]
fn images_lie_below_their_folder() {
    let on_disk = OnDisk::new(file().to_string());
    let dataset = on_disk.open().unwrap();
    let path = dataset.image_path(1);
    assert_eq!(path, on_disk.path().with_file_name("door.jpg"));
    let pixels = RgbImage::from_pixel(5, 4, image::Rgb([9; 3]));
    crate::data::image::write_png(&path, &pixels).unwrap();
    assert_eq!(dataset.image(1).unwrap(), pixels);
    let error = dataset.image(0).unwrap_err().to_string();
    assert!(error.contains("home/tom.jpg"), "{error}");
}
