use super::*;
use crate::{
    detector::detection::{DetectedCategory, DetectedLandmark, Detection},
    geometry::BoundingBox,
    landmark::{ClothesType, LandmarkSchema, VisibilityEstimate},
};

fn landmark(index: usize, name: &str, x: f32, visibility: Option<bool>) -> DetectedLandmark {
    let visibility = visibility.map(|visible| VisibilityEstimate { probability: 0.25, visible });
    DetectedLandmark {
        index,
        name: name.into(),
        x,
        y: 7.0,
        score: 0.5,
        confidence: Some(0.75),
        visibility,
    }
}

/// FLD's landmarks: one garment with a known category, one without.
fn image() -> ImageDetections {
    let bounding_box = BoundingBox::new(1.0, 2.0, 30.0, 40.0).unwrap();
    let upper =
        DetectedCategory { index: 0, name: "upper".into(), probability: Some(0.75), sure: true };
    let known = Detection {
        landmarks: vec![
            landmark(0, "left collar", 3.5, Some(true)),
            landmark(6, "left \"hem\"", 4.0, None),
        ],
        category: Some(upper),
        bounding_box,
    };
    let unknown = Detection {
        landmarks: vec![landmark(7, "right hem", 5.0, Some(false))],
        category: None,
        bounding_box,
    };
    let known = GarmentDetection { detection: known, box_score: Some(0.5) };
    ImageDetections::new("a,b.jpg", [60, 50], [known, unknown.into()])
}

#[test]
fn json_lines_are_read_back_as_they_were() {
    let mut lines = JsonLines::new(Vec::new());
    for _ in 0..2 {
        lines.add(&image()).unwrap();
    }
    let text = String::from_utf8(lines.finish().unwrap()).unwrap();
    assert_eq!(text.lines().count(), 2);
    for line in text.lines() {
        assert_eq!(serde_json::from_str::<ImageDetections>(line).unwrap(), image());
    }
    // A garment has the keys of a detection, and `box_score` if there is one.
    let value: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let [known, unknown] = [0, 1].map(|i| &value["detections"][i]);
    assert_eq!((&known["box_score"], &known["category"]["index"]), (&0.5.into(), &0.into()));
    assert!(unknown.get("box_score").is_none() && unknown["category"].is_null(), "{unknown}");
}

#[test]
fn tables_have_a_heading_and_a_line_for_each_landmark() {
    let heading = "image,garment,category,landmark,x,y,score,confidence,visible,visible_probability,\
                   box_x1,box_y1,box_x2,box_y2\n";
    let empty = CsvTable::new(Vec::new()).unwrap().finish().unwrap();
    assert_eq!(String::from_utf8(empty).unwrap(), heading);
    let mut table = CsvTable::new(Vec::new()).unwrap();
    table.add(&image()).unwrap();
    let text = String::from_utf8(table.finish().unwrap()).unwrap();
    let rows = "\"a,b.jpg\",1,upper,left collar,3.5,7.0,0.5,0.75,true,0.25,1.0,2.0,30.0,40.0\n\
                \"a,b.jpg\",1,upper,\"left \"\"hem\"\"\",4.0,7.0,0.5,0.75,,,1.0,2.0,30.0,40.0\n\
                \"a,b.jpg\",2,,right hem,5.0,7.0,0.5,0.75,false,0.25,1.0,2.0,30.0,40.0\n";
    assert_eq!(text, format!("{heading}{rows}"));
}

#[test]
fn coco_results_have_all_landmarks_and_say_what_numbers_mean() {
    let mut image = image();
    image.detections.truncate(1);
    let schema = LandmarkSchema::fld();
    let mut results = CocoResults::document(Vec::new(), &schema).unwrap();
    results.add(17, &image).unwrap();
    let text = results.finish().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let [result] = &document["results"].as_array().unwrap()[..] else { panic!("{document}") };
    let mut keypoints = vec![0.0; 24];
    keypoints[..3].copy_from_slice(&[3.5, 7.0, 0.5]);
    keypoints[18..21].copy_from_slice(&[4.0, 7.0, 0.5]);
    let found: Vec<f64> = serde_json::from_value(result["keypoints"].clone()).unwrap();
    assert_eq!(found, keypoints);
    assert_eq!((&result["image_id"], &result["category_id"]), (&17.into(), &1.into()));
    // The mean score of the landmarks, times the box's score.
    assert_eq!(result["score"], 0.25);
    let named = &document["images"][0];
    assert_eq!((&named["id"], &named["file_name"]), (&17.into(), &"a,b.jpg".into()));
    let names: Vec<_> = document["categories"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), ClothesType::ALL.len());
    assert_eq!(names[0]["keypoints"].as_array().unwrap().len(), 8);

    let list = CocoResults::list(Vec::new(), &schema).unwrap();
    assert_eq!(list.finish().unwrap(), b"[\n]\n");
}

#[test]
fn coco_results_need_a_category() {
    let schema = LandmarkSchema::fld();
    let mut results = CocoResults::list(Vec::new(), &schema).unwrap();
    let error = results.add(1, &image()).unwrap_err().to_string();
    assert!(error.starts_with("a,b.jpg: no category was inferred"), "{error}");
    // With one category or none in the schema, the result needs no inferred category.
    let [_, unknown] = &image().detections[..] else { panic!("two garments") };
    assert!(coco_result(1, unknown, &schema).is_none());
    let only = LandmarkSchema::fld_of(ClothesType::Full);
    assert_eq!(coco_result(1, unknown, &only).unwrap().category_id, only.categories()[0].id);
}

#[test]
fn what_is_not_finite_is_told() {
    let [mut known, unknown] = <[GarmentDetection; 2]>::try_from(image().detections).unwrap();
    assert!(known.is_finite() && unknown.is_finite());
    known.detection.landmarks[1].score = f32::NAN;
    assert!(!known.is_finite());
}
