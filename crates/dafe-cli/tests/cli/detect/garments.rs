//! `--all`: every garment of an image, or none.
use super::{super::succeed, *};

/// FLD's clothes type of one of DeepFashion2's categories.
fn clothes_type(category: u64) -> &'static str {
    match category {
        1..=6 => "upper",
        7..=9 => "lower",
        _ => "full",
    }
}

/// The garments of an annotation: clothes type and box.
fn labeled(annotation: &Value) -> Vec<(&'static str, BoundingBox)> {
    let items = annotation.as_object().unwrap().iter().filter(|(key, _)| key.starts_with("item"));
    items
        .map(|(_, item)| {
            let at = |i: usize| item["bounding_box"][i].as_f64().unwrap() as f32;
            let bounds = BoundingBox::new(at(0), at(1), at(2), at(3)).unwrap();
            (clothes_type(item["category_id"].as_u64().unwrap()), bounds)
        })
        .collect()
}

fn bounding_box(detection: &Value) -> BoundingBox {
    serde_json::from_value(detection["bounding_box"].clone()).unwrap()
}

/// In at least one of a few generated images of a top and of what is worn below, both are found and
/// nothing else: by the bundled model, which doesn't find them in every one.
#[test]
fn a_top_and_trousers_are_two_results() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    let mut generate = dafe("generate");
    generate.args(["--format", "deepfashion2", "--seed", "4242"]);
    generate.args(["--train", "0", "--val", "0", "--test", "60", "--out"]);
    succeed(generate.arg(&tree));
    let detect = |arguments: &[&str]| {
        let mut command = dafe("detect");
        command.current_dir(&folder).args(["tree/test/image", "--all"]).args(arguments);
        succeed(&mut command)
    };
    let lines = detect(&["--out", "-"]);
    let mut both = Vec::new();
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let name = Path::new(record["image"].as_str().unwrap()).file_stem().unwrap();
        let annotation = tree.join("test/annos").join(name).with_extension("json");
        let labeled = labeled(&json(annotation));
        let found = record["detections"].as_array().unwrap();
        let scores: Vec<f64> = found.iter().map(|one| one["box_score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|&one| one >= 0.45));
        let is_found = |(kind, bounds): &(&str, BoundingBox)| {
            found
                .iter()
                .any(|one| one["category"]["name"] == *kind && bounding_box(one).iou(bounds) > 0.5)
        };
        let mut kinds: Vec<_> = labeled.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        if kinds == ["lower", "upper"] && found.len() == 2 && labeled.iter().all(is_found) {
            both.push((name.to_str().unwrap().to_string(), found.clone()));
        }
    }
    assert!(!both.is_empty(), "{lines}");

    // The same as files and as a table.
    detect(&["--format", "csv", "--no-drawings", "--out", "found"]);
    let mut table = csv::Reader::from_path(folder.path().join("found/landmarks.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    for (name, found) in both {
        assert_eq!(
            json(folder.path().join(format!("found/{name}.json")))["detections"],
            json!(found)
        );
        for (garment, one) in (1..).zip(&found) {
            let own = rows.iter().filter(|row| {
                row[0].contains(&name)
                    && row[1] == format!("{garment}")
                    && row[2] == one["category"]["name"]
            });
            assert_eq!(own.count(), one["landmarks"].as_array().unwrap().len());
        }
    }
}

/// A wall, and a network that knows nothing.
#[test]
fn an_image_of_nothing_has_no_garment_and_is_done() {
    let scene = Scene::new();
    write_png(scene.at("wall.png"), &RgbImage::from_pixel(80, 60, Rgb([200; 3]))).unwrap();
    let printed = scene.done(&["wall.png", "--all", "--out", "all"]);
    assert!(printed.contains("no garment found\n"), "{printed}");
    assert!(printed.contains("1 image: 1 done"), "{printed}");
    let printed = scene.done(&["wall.png", "other", "--all", "--out", "two"]);
    assert!(printed.contains("no garment found in 2 of the 2 images processed now"), "{printed}");
    assert_eq!(json(scene.at("all/wall.json"))["detections"], json!([]));
    // Nothing is rendered on it.
    let drawn = image::open(scene.at("all/wall.landmarks.png")).unwrap().into_rgb8();
    assert!(drawn.pixels().all(|pixel| *pixel == Rgb([200; 3])));
    assert!(scene.done(&["wall.png", "--all", "--out", "all"]).contains("1 done before"));

    // Without --all there is one result, of which no landmark is sure.
    let printed = scene.done(&["wall.png", "--out", "one"]);
    assert!(printed.contains("no garment found: no landmark has a score of 0.3"), "{printed}");
    assert_eq!(json(scene.at("one/wall.json"))["detections"].as_array().unwrap().len(), 1);
    let drawn = image::open(scene.at("one/wall.landmarks.png")).unwrap().into_rgb8();
    assert!(drawn.pixels().all(|pixel| *pixel == Rgb([200; 3])));
}

#[test]
fn options_that_say_where_garments_are_are_refused_with_all() {
    let scene = Scene::new();
    for options in [
        &["--box", "1,2,30,40"][..],
        &["--category", "upper"],
        &["--explain"],
        &["--search", "quick"],
    ] {
        let (status, _, errors) = scene.run(&[&["images", "--all"], options].concat());
        assert_eq!(status, Some(2));
        assert!(errors.contains("cannot be used with"), "{errors}");
    }
    let error = scene.refused(&["images", "--search", "slow"]);
    assert!(error.contains("quick") && error.contains("thorough"), "{error}");
}
