//! What the usual tools export: read with the right values, or reported with what it does and the
//! option that changes it.
use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{dafe, fail, json, succeed};

const NAMES: [&str; 4] = ["left tip", "right tip", "left end", "right end"];

/// Keypoints of image `i`: visible, at whole pixels of a 64 × 48 image.
fn keypoints(i: usize) -> Vec<Value> {
    let at = |x: usize, y: usize| [json!(10 + x + i), json!(8 + y + i), json!(2)];
    [at(0, 0), at(30, 0), at(4, 20), at(26, 20)].concat()
}

/// A tree of so many images for training, validation and test, whose files `edit` changes.
fn tree(root: &Path, edit: impl Fn(&mut Value)) {
    fs::create_dir_all(root.join("annotations")).unwrap();
    fs::create_dir_all(root.join("images")).unwrap();
    for (split, count) in [("train", 6), ("val", 3), ("test", 3)] {
        let (mut images, mut annotations) = (Vec::new(), Vec::new());
        for i in 1..=count {
            let name = format!("{split}_{i}.png");
            // Each its own image: copies would be reported.
            let shade = |x: u32, y: u32| ((x * 7 + y * 3) as usize * i + split.len() * 40) as u8;
            let image = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([shade(x, y); 3]));
            image.save(root.join("images").join(&name)).unwrap();
            images.push(json!({"id": i, "file_name": name, "width": 64, "height": 48}));
            annotations
                .push(json!({"id": i, "image_id": i, "category_id": 1, "iscrowd": 0, "area": 500,
                "bbox": [5 + i, 3 + i, 40, 30], "keypoints": keypoints(i), "num_keypoints": 4}));
        }
        let mut file = json!({"images": images, "annotations": annotations, "categories": [
            {"id": 1, "name": "kite", "keypoints": NAMES, "skeleton": [[1, 2], [3, 4]]}]});
        edit(&mut file);
        // As Python writes what is no number.
        let text = file.to_string().replace("\"NaN\"", "NaN");
        fs::write(root.join(format!("annotations/{split}.json")), text).unwrap();
    }
}

/// The kinds of findings of a dataset, and how many.
fn findings(root: &Path) -> Vec<(String, u64)> {
    let report = root.join("found.json");
    let mut check = dafe("check");
    let output = check.arg("--data").arg(root).arg("--json").arg(&report).output().unwrap();
    let found = json(report.clone());
    let errors = found["errors"].as_u64().unwrap();
    assert_eq!(output.status.code(), Some(i32::from(errors > 0)), "{found}");
    fs::remove_file(&report).unwrap();
    let group = |group: &Value| {
        (group["kind"].as_str().unwrap().to_string(), group["count"].as_u64().unwrap())
    };
    found["findings"].as_array().unwrap().iter().map(group).collect()
}

/// The training annotations of what a tree is converted to.
fn converted(root: &Path) -> Value {
    let out = root.join("converted");
    succeed(dafe("convert").args(["--to", "coco", "--data"]).arg(root).arg("--out").arg(&out));
    let read = json(out.join("annotations/train.json"));
    fs::remove_dir_all(out).unwrap();
    read
}

/// That a tree, changed by `edit`, has these findings, and the keypoints and boxes of the unchanged
/// one but for what `expect` says of each annotation.
#[track_caller]
fn reads(
    edit: impl Fn(&mut Value),
    found: &[(&str, u64)],
    expect: impl Fn(usize, &mut Vec<Value>, &mut Value),
) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("kites");
    tree(&root, edit);
    let found: Vec<_> = found.iter().map(|(kind, count)| (kind.to_string(), *count)).collect();
    assert_eq!(findings(&root), found);
    let read = converted(&root);
    for (i, annotation) in (1..).zip(read["annotations"].as_array().unwrap()) {
        let (mut keypoints, mut bbox) =
            (keypoints(i), json!([5.0 + i as f64, 3.0 + i as f64, 40.0, 30.0]));
        expect(i, &mut keypoints, &mut bbox);
        assert_eq!(
            (&annotation["keypoints"], &annotation["bbox"]),
            (&json!(keypoints), &bbox),
            "{i}"
        );
    }
}

fn each(file: &mut Value, edit: impl Fn(usize, &mut Value)) {
    (1..).zip(file["annotations"].as_array_mut().unwrap()).for_each(|(i, one)| edit(i, one));
}

fn same(_: usize, _: &mut Vec<Value>, _: &mut Value) {}

#[test]
fn missing_empty_and_flat_boxes_are_made_from_landmarks() {
    // The points' extent is 30 × 20, an eighth of 30 is added on each side.
    let made = |i: usize, _: &mut Vec<Value>, bbox: &mut Value| {
        let (x, y) = (10.0 + i as f64, 8.0 + i as f64);
        *bbox = json!([x - 3.75, y - 3.75, 37.5, 27.5]);
    };
    for bad in [json!(null), json!([]), json!([0, 0, 0, 0]), json!([5, 5, 30, 0]), json!("NaN")] {
        let bad = if bad == "NaN" { json!(["NaN", "NaN", "NaN", "NaN"]) } else { bad };
        reads(
            |file| each(file, |_, one| one["bbox"] = bad.clone()),
            &[("box-from-landmarks", 12)],
            made,
        );
    }
}

#[test]
fn what_is_unusual_is_read_with_the_same_values() {
    // Identifiers as texts and fractions, flags of all kinds, numbers as texts.
    reads(
        |file| {
            each(file, |i, one| {
                one["id"] = json!(format!("{i}"));
                one["image_id"] = json!(i as f64);
                one["category_id"] = json!("1");
                one["iscrowd"] = [json!(null), json!(false), json!("0")][i % 3].clone();
                one["keypoints"][0] = json!((10 + i).to_string());
                one.as_object_mut().unwrap().remove("num_keypoints");
                one.as_object_mut().unwrap().remove("area");
            });
        },
        &[],
        same,
    );
    reads(|file| each(file, |_, one| one["area"] = json!(0)), &[("area", 12)], same);
    reads(
        |file| file["categories"][0]["skeleton"] = json!([[1, 2], [1, 33], null]),
        &[("skeleton", 3)],
        same,
    );
    reads(|file| file["categories"][0]["skeleton"] = json!(null), &[], same);
    // A list for each point.
    let nested = |one: &mut Value| {
        let points: Vec<_> =
            one["keypoints"].as_array().unwrap().chunks(3).map(|p| json!(p)).collect();
        one["keypoints"] = json!(points);
    };
    reads(|file| each(file, |_, one| nested(one)), &[], same);
}

#[test]
fn unlabeled_points_may_be_anything_and_binary_visibility_is_recognized() {
    reads(
        |file| {
            each(file, |_, one| {
                one["keypoints"][6] = json!("NaN");
                one["keypoints"][7] = json!("NaN");
                one["keypoints"][8] = json!(0);
            });
        },
        &[],
        |_, keypoints, _| keypoints[6..9].fill(json!(0)),
    );
    reads(
        |file| {
            each(file, |_, one| (0..4).for_each(|p| one["keypoints"][3 * p + 2] = json!(1)));
        },
        &[("visibility-code", 3)],
        same,
    );
    // Confidences of a network: visible from 0.3 on.
    reads(
        |file| {
            each(file, |_, one| {
                (0..4).for_each(|p| one["keypoints"][3 * p + 2] = json!([0.9, 0.31, 0.29, 1.0][p]));
            });
        },
        &[("visibility-code", 3)],
        |_, keypoints, _| keypoints[6..9].fill(json!(0)),
    );
}

#[test]
fn one_bad_annotation_loses_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("kites");
    tree(&root, |file| {
        file["annotations"][1]["keypoints"] = json!([1, 2, 2]);
        file["annotations"][2]["image_id"] = json!(99);
    });
    assert_eq!(findings(&root), [("unusable-annotation".to_string(), 6)]);
    let mut convert = dafe("convert");
    convert.args(["--to", "coco", "--data"]).arg(&root).arg("--out").arg(folder.path().join("out"));
    let error = fail(&mut convert);
    assert!(error.contains("annotation 2 (image train_2.png): keypoints has 3 numbers"), "{error}");
    assert!(error.contains("--skip-bad-annotations"), "{error}");
    succeed(convert.arg("--skip-bad-annotations"));
    let written = json(folder.path().join("out/annotations/train.json"));
    assert_eq!(written["annotations"].as_array().unwrap().len(), 4);
}

#[test]
fn names_without_a_partner_are_not_flipped() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    tree(&at("typo"), |file| file["categories"][0]["keypoints"][1] = json!("rigth tip"));
    assert_eq!(findings(&at("typo")), [("mirror-pairs".to_string(), 3)]);
    let train = |out: &str| {
        let mut train = dafe("train");
        train.args(["--preset", "nano", "--epochs", "1", "--plain", "--data"]);
        train.arg(at("typo")).arg("--out").arg(at(out));
        train
    };
    let flip =
        |out: &str| json(at(out).join("config.json"))["recipe"]["augmentation"]["flip"].clone();
    let printed = succeed(&mut train("run"));
    assert!(printed.contains("'left tip'") && printed.contains("--allow-unpaired"), "{printed}");
    assert_eq!(flip("run"), 0.0);
    succeed(train("told").arg("--allow-unpaired"));
    assert_eq!(flip("told"), 0.5);
    // A schema that is completed by hand says it, too.
    succeed(
        dafe("check").arg("--data").arg(at("typo")).arg("--write-schema").arg(at("schema.json")),
    );
    let mut schema = json(at("schema.json"));
    assert_eq!(schema["categories"][0]["flip_pairs"], json!([["left end", "right end"]]));
    assert_eq!(schema["categories"][0]["sigmas"], json!([0.05, 0.05, 0.05, 0.05]));
    schema["categories"][0]["flip_pairs"] =
        json!([["left end", "right end"], ["left tip", "rigth tip"]]);
    fs::write(at("schema.json"), schema.to_string()).unwrap();
    let printed = succeed(train("given").arg("--schema").arg(at("schema.json")));
    assert!(!printed.contains("partner") && printed.contains("AP"), "{printed}");
    assert_eq!(flip("given"), 0.5);
}

#[test]
fn average_precision_goes_by_the_box_where_the_area_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    // The box's 1200 square pixels, no area, 0 and null.
    let areas = [json!(1200), json!("NaN"), json!(0), json!(null)];
    let precision = |area: &Value| {
        let root = at(&format!("area-{area}").replace('"', ""));
        tree(&root, |file| {
            file["categories"][0]["sigmas"] = json!([0.05, 0.05, 0.05, 0.05]);
            each(file, |_, one| one["area"] = area.clone());
        });
        if !at("run").exists() {
            let mut train = dafe("train");
            train.args(["--preset", "nano", "--epochs", "20", "--plain", "--data"]).arg(&root);
            succeed(train.arg("--out").arg(at("run")));
        }
        let mut evaluate = dafe("evaluate");
        evaluate.args(["--resamples", "0", "--data"]).arg(&root).arg("--model").arg(at("run"));
        succeed(evaluate.arg("--json").arg(at("numbers.json")));
        json(at("numbers.json"))["oks_visible"].take()
    };
    let [of_box, others @ ..] = areas.each_ref().map(precision);
    assert!(of_box["headlines"]["AP"]["value"].as_f64().unwrap() >= 0.0, "{of_box}");
    assert!(others.iter().all(|other| *other == of_box), "{others:?}");
}
