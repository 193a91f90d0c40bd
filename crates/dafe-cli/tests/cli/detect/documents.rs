//! Tables and COCO's results.
use super::*;

#[test]
fn tables_say_what_the_files_say() {
    let scene = Scene::new();
    let boxes = ["--box", "5,6,50,45", "--box", "-10,10,49.5,80"];
    scene.done(&[&["images", "--out", "found", "--format", "csv"], &boxes[..]].concat());
    let mut expected = Vec::new();
    for name in ["a", "b/a"] {
        let found = json(scene.at("found").join(format!("{name}.json")));
        assert_eq!(found["detections"].as_array().unwrap().len(), 2);
        for (garment, detection) in (1..).zip(found["detections"].as_array().unwrap()) {
            for landmark in detection["landmarks"].as_array().unwrap() {
                let number = |value: &Value| value.as_f64().unwrap() as f32;
                let numbers = ["x", "y", "score"].map(|key| number(&landmark[key]));
                let sides =
                    ["x1", "y1", "x2", "y2"].map(|key| number(&detection["bounding_box"][key]));
                let text = |value: &Value| value.as_str().unwrap().to_string();
                expected.push((
                    text(&found["image"]),
                    garment,
                    text(&landmark["name"]),
                    numbers,
                    sides,
                ));
            }
        }
    }
    type Row = (
        String,
        usize,
        Option<String>,
        String,
        [f32; 3],
        Option<f32>,
        Option<bool>,
        Option<f32>,
        [f32; 4],
    );
    let parse = |mut table: csv::Reader<&[u8]>| -> Vec<_> {
        assert_eq!(
            table.headers().unwrap().iter().collect::<Vec<_>>()[..4],
            ["image", "garment", "category", "landmark"]
        );
        let rows = table.deserialize::<Row>();
        rows.map(|row| {
            let (image, garment, category, landmark, numbers, _, visible, _, sides) = row.unwrap();
            assert_eq!((category, visible), (None, None));
            (image, garment, landmark, numbers, sides)
        })
        .collect()
    };
    let table = fs::read(scene.at("found/landmarks.csv")).unwrap();
    assert_eq!(expected.len(), 2 * 2 * 8);
    assert_eq!(parse(csv::Reader::from_reader(&table[..])), expected);
    let printed = scene.done(&[&["images", "--out", "-", "--format", "csv"], &boxes[..]].concat());
    assert_eq!(parse(csv::Reader::from_reader(printed.as_bytes())), expected);
    // An empty one has its heading.
    let (_, printed, _) = scene.run(&["gone.png", "--out", "-", "--format", "csv"]);
    assert!(printed.starts_with("image,garment,") && printed.lines().count() == 1, "{printed}");
}

#[test]
fn coco_results_have_numbers_that_a_file_explains() {
    let scene = Scene::new();
    let error = scene.refused(&["images", "--format", "coco", "--out", "found"]);
    assert!(error.contains("--category"), "{error}");
    let asked = ["images", "other", "--format", "coco", "--category", "lower"];
    scene.done(&[&asked[..], &["--out", "found"]].concat());
    let (results, numbers) =
        (json(scene.at("found/results.json")), json(scene.at("found/images.json")));
    let schema = LandmarkSchema::fld();
    let category = &schema.categories()[1];
    let (results, images) = (results.as_array().unwrap(), numbers["images"].as_array().unwrap());
    assert_eq!((results.len(), images.len()), (3, 3));
    let files = ["images/a.png", "images/b/a.jpg", "other/c.png"];
    for ((id, file), (result, image)) in (1..).zip(files).zip(results.iter().zip(images)) {
        assert_eq!((&image["id"], &image["file_name"]), (&json!(id), &json!(file)));
        assert_eq!(
            (&result["image_id"], &result["category_id"]),
            (&json!(id), &json!(category.id))
        );
        let found = json(scene.at("found").join(file).with_extension("json"));
        assert_eq!((&image["width"], &image["height"]), (&found["width"], &found["height"]));
        let keypoints = result["keypoints"].as_array().unwrap();
        assert_eq!(keypoints.len(), 3 * 8);
        let mut expected = vec![0.0; 3 * 8];
        let mut sum = 0.0;
        for landmark in found["detections"][0]["landmarks"].as_array().unwrap() {
            let index = landmark["index"].as_u64().unwrap() as usize;
            assert!(category.landmarks.contains(&index));
            for (offset, key) in ["x", "y", "score"].iter().enumerate() {
                expected[3 * index + offset] = landmark[*key].as_f64().unwrap();
            }
            sum += landmark["score"].as_f64().unwrap();
        }
        let keypoints: Vec<f64> = keypoints.iter().map(|number| number.as_f64().unwrap()).collect();
        assert_eq!(keypoints, expected);
        // The mean of the category's four, in single precision.
        assert!((result["score"].as_f64().unwrap() - sum / 4.0).abs() < 1e-6);
    }
    let categories = numbers["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 3);
    assert_eq!(categories[1]["name"], "lower");
    assert_eq!(categories[1]["keypoints"], json!(schema.names()));

    let printed = scene.done(&[&asked[..], &["--out", "-"]].concat());
    let whole: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(whole["results"], json!(results));
    assert_eq!(
        (&whole["images"], &whole["categories"]),
        (&numbers["images"], &numbers["categories"])
    );
}
