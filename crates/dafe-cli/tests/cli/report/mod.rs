//! The page that `evaluate --report` writes: what is on it, that it needs nothing else, and that it
//! works in a browser.
mod browser;
mod html;

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use self::html::Element;
use super::{again, dafe, fail, json, succeed};

/// Draws a tree, trains on it for an epoch, and writes the report of its test split beside the
/// numbers.
fn report(folder: &Path, form: &str, prepare: impl FnOnce(&Path)) -> (String, Value) {
    let at = |name: &str| folder.join(name);
    let mut tree = dafe("generate");
    tree.args(["--format", form, "--train", "24", "--val", "6", "--test", "20"]);
    succeed(tree.arg("--out").arg(at("tree")));
    prepare(&at("tree"));
    let mut train = dafe("train");
    train.args(["--dataset", form, "--preset", "nano", "--epochs", "1", "--plain"]);
    succeed(train.arg("--data").arg(at("tree")).arg("--out").arg(at("run")));
    let mut evaluate = evaluate(folder, form);
    evaluate.arg("--report").arg(at("page/of")).arg("--json").arg(at("numbers.json"));
    let printed = succeed(evaluate.arg("--without-boxes"));
    assert!(printed.contains("index.html") && printed.contains("without a box"), "{printed}");
    let names: Vec<_> =
        fs::read_dir(at("page/of")).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["index.html"]);
    (fs::read_to_string(at("page/of/index.html")).unwrap(), json(at("numbers.json")))
}

fn evaluate(folder: &Path, form: &str) -> std::process::Command {
    let mut evaluate = dafe("evaluate");
    evaluate.args(["--dataset", form, "--resamples", "50"]);
    evaluate.arg("--data").arg(folder.join("tree")).arg("--model").arg(folder.join("run"));
    evaluate
}

/// Everything that the page loads or leads to is in it.
fn assert_self_contained(elements: &[Element]) {
    for element in elements {
        for (name, value) in &element.attributes {
            let loads = matches!(
                name.as_str(),
                "src" | "href" | "srcset" | "action" | "data" | "xlink:href"
            );
            let inside = value.starts_with("data:") || value.starts_with('#');
            assert!(!loads || inside, "<{} {name}={value}>", element.name);
            assert!(!name.starts_with("on"), "<{} {name}={value}>", element.name);
        }
        if element.name == "style" {
            assert!(!element.text.contains("url(") && !element.text.contains("@import"));
        }
    }
}

/// The numbers of `value`, each with its path.
fn numbers(path: &str, value: &Value, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => found.push((path.to_string(), number.as_f64().unwrap())),
        Value::Array(values) => values.iter().for_each(|value| numbers(path, value, found)),
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| numbers(&format!("{path}/{name}"), value, found))
        }
        _ => (),
    }
}

/// Every number of the JSON stands in a table, in full in its cell's key.
fn assert_has_numbers(elements: &[Element], json: &Value) {
    let keys: std::collections::HashSet<&str> =
        elements.iter().filter_map(|element| element.attribute("data-key")).collect();
    let mut found = Vec::new();
    numbers("", json, &mut found);
    assert!(found.len() > 100, "{} numbers", found.len());
    for (path, number) in found {
        // These are said in sentences.
        let said = [
            "/images",
            "/samples",
            "/not_finite",
            "/clipped_boxes",
            "/without_boxes/samples",
            "/confidence/min_score",
        ]
        .contains(&path.as_str());
        assert!(said || keys.contains(number.to_string().as_str()), "{path}: no {number}");
    }
}

#[test]
fn a_report_has_every_number_and_needs_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let (page, numbers) = report(folder.path(), "fld", |_| ());
    let elements = html::parse(&page).unwrap();
    assert_self_contained(&elements);
    assert_has_numbers(&elements, &numbers);
    let count = |name: &str, class: &str| {
        let is =
            |element: &&Element| element.name == name && element.attribute("class") == Some(class);
        elements.iter().filter(is).count()
    };
    // Twelve worst and the other eight of twenty samples.
    assert_eq!(count("figure", "case"), 20);
    // By landmark, category, variation type and visibility, PDL and PCK; perhaps reliability.
    assert!(count("figure", "plot") >= 6);
    assert_eq!(count("figure", "plot wide"), 1);
    let ne = numbers["ne"].as_f64().unwrap();
    // An image has one garment, so that in the boxes the same samples have the same error.
    let both = &numbers["without_boxes"];
    assert_eq!(
        (&both["samples"], &both["in_labeled_boxes"]["NE"]["value"]),
        (&20.into(), &numbers["ne"])
    );
    for name in ["NE", "PCK@0.1", "failure rate@0.2"] {
        assert!(both["without_boxes"][name]["value"].is_f64(), "{both}");
    }
    for part in [
        format!(">{ne:.4}<"),
        "95 % interval".into(),
        "20 samples in 20 images of the test split".into(),
        "--resamples 50".into(),
        "percentile bootstrap".into(),
        format!("dafe {}", env!("CARGO_PKG_VERSION")),
        "SHA-256".into(),
        "large-zoom-in".into(),
        "With and without the labeled box".into(),
    ] {
        assert!(page.contains(&part), "the page has no '{part}'");
    }
    let link = elements.iter().find(|element| element.attribute("download").is_some()).unwrap();
    let data =
        link.attribute("href").unwrap().strip_prefix("data:application/json;base64,").unwrap();
    let linked: Value = serde_json::from_slice(&STANDARD.decode(data).unwrap()).unwrap();
    assert_eq!(linked, numbers);
    browser::check(&page);

    // A folder that can't be one, and a page that is replaced.
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = fail(again(&evaluate(folder.path(), "fld")).arg("--report").arg(&file));
    assert!(error.contains("file"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let error = fail(evaluate(folder.path(), "fld").args(["--without-boxes", "--boxes", "none"]));
    assert!(error.contains("--boxes"), "{error}");
}

/// What a page could take for its own.
const EVIL: &str = "<script>alert('&quot;')</script>";

/// Landmarks, categories and images with names from outside.
fn rename(tree: &Path) {
    for split in ["train", "val", "test"] {
        let path = tree.join(format!("annotations/{split}.json"));
        let mut annotations = json(path.clone());
        // What this crate adds has the names a second time.
        annotations.as_object_mut().unwrap().remove("landmark_schema");
        for category in annotations["categories"].as_array_mut().unwrap() {
            let name = category["name"].as_str().unwrap();
            category["name"] = format!("{EVIL} {name}").into();
            for landmark in category["keypoints"].as_array_mut().unwrap() {
                *landmark = format!("{EVIL} {}", landmark.as_str().unwrap()).into();
            }
        }
        for image in annotations["images"].as_array_mut().unwrap() {
            let name = image["file_name"].as_str().unwrap().to_string();
            let evil = format!("\"><b onclick=x>{name}");
            let at = |name: &str| -> PathBuf { tree.join("images").join(name) };
            fs::rename(at(&name), at(&evil)).unwrap();
            image["file_name"] = evil.into();
        }
        fs::write(path, serde_json::to_vec(&annotations).unwrap()).unwrap();
    }
}

#[test]
fn names_from_outside_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let (page, numbers) = report(folder.path(), "coco", rename);
    let elements = html::parse(&page).unwrap();
    assert_self_contained(&elements);
    assert_has_numbers(&elements, &numbers);
    assert_eq!(elements.iter().filter(|element| element.name == "script").count(), 1);
    assert!(page.matches("&lt;script&gt;alert(").count() > 20);
    assert!(!elements.iter().any(|element| element.name == "b"));
    let alt =
        |element: &Element| element.attribute("alt").is_some_and(|alt| alt.contains("onclick=x"));
    assert!(elements.iter().any(alt));
    browser::check(&page);
}

/// Average precision, in labeled and in a detector's boxes.
#[test]
fn what_cannot_be_measured_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (page, numbers) = report(folder.path(), "deepfashion2", |_| ());
    let elements = html::parse(&page).unwrap();
    assert_self_contained(&elements);
    assert_has_numbers(&elements, &numbers);
    assert!(page.contains("Average precision and recall") && !page.contains("By variation type"));

    let boxes = serde_json::json!([
        {"image_id": 1, "category_id": 1, "bbox": [9, 9, 80, 90], "score": 0.5}
    ]);
    fs::write(at("boxes.json"), serde_json::to_vec(&boxes).unwrap()).unwrap();
    let mut detected = evaluate(folder.path(), "deepfashion2");
    detected.arg("--boxes").arg(at("boxes.json")).arg("--report").arg(at("detected"));
    succeed(&mut detected);
    let page = fs::read_to_string(at("detected/index.html")).unwrap();
    assert_self_contained(&html::parse(&page).unwrap());
    assert!(
        page.contains("Average precision, visible and occluded")
            && page.contains("detector&#x27;s boxes")
    );
    assert!(!page.contains("By landmark") && !page.contains("Worst cases"));
    browser::check(&page);
}
