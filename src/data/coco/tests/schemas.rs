//! From categories to a schema.
use std::collections::HashMap;

use super::{
    categories::{Categories, KeypointCount},
    loose::Id,
    *,
};

/// The schema of the categories and the findings about them.
fn found(categories: Value) -> Result<(LandmarkSchema, Vec<String>), String> {
    let raw = serde_json::from_value::<Vec<loose::Entry<json::RawCategory>>>(categories);
    let found = Categories::new(raw.unwrap(), &HashMap::new())?;
    let findings = found.findings.iter().map(ToString::to_string).collect();
    schema_of(&found.all).map(|read| (read.schema, findings))
}

/// The schema of categories without any findings.
fn schema(categories: Value) -> Result<LandmarkSchema, String> {
    let (schema, findings) = found(categories)?;
    assert_eq!(findings, [""; 0]);
    Ok(schema)
}

#[test]
fn lists_are_laid_one_after_another() {
    let read = schema(file()["categories"].clone()).unwrap();
    assert_eq!(read.names(), ["nose", "left ear", "right ear", "handle", "lock"]);
    assert_eq!(read.mirror(), [0, 2, 1, 3, 4]);
    // The cat's numbers count from 1, the door's from 0.
    assert_eq!(read.skeleton(), [[0, 1], [0, 2], [3, 4]]);
    assert_eq!(read.sigmas(), None);
    let of: Vec<_> = read
        .categories()
        .iter()
        .map(|own| (own.id, own.name.as_str(), &own.landmarks[..]))
        .collect();
    assert_eq!(of, [(2, "cat", &[0, 1, 2][..]), (3, "door", &[3, 4])]);
}

#[test]
fn equal_lists_are_shared_and_equal_names_told_apart() {
    let read = schema(json!([
        {"id": 1, "name": "cat", "keypoints": ["nose", "tail"], "skeleton": [[1, 2]]},
        {"id": 2, "name": "dog", "keypoints": ["nose", "tail"], "skeleton": [[1, 2]]},
    ]))
    .unwrap();
    assert_eq!(
        (read.names(), read.skeleton()),
        (&["nose", "tail"].map(String::from)[..], &[[0, 1]][..])
    );
    assert_eq!(read.categories()[1].landmarks, [0, 1]);
    let read = schema(json!([
        {"id": 1, "name": "cat", "keypoints": ["nose", "tail"]},
        {"id": 2, "name": "car", "keypoints": ["nose", "wheel"]},
    ]))
    .unwrap();
    assert_eq!(read.names(), ["cat nose", "cat tail", "car nose", "car wheel"]);
}

#[test]
fn mirror_pairs_and_sigmas_can_be_given() {
    let with = |pairs: Value| {
        schema(json!([{"id": 1, "name": "cat", "keypoints": ["left a", "right a", "b", "c"],
                       "skeleton": [[1, 2]], "flip_pairs": pairs, "sigmas": [0.1, 0.1, 0.2, 0.3]}]))
    };
    let names = with(json!([["b", "c"]])).unwrap();
    assert_eq!(names.mirror(), [0, 1, 3, 2], "instead of those from names");
    assert_eq!(names.sigmas(), Some(&[0.1, 0.1, 0.2, 0.3][..]));
    assert_eq!(with(json!([[3, 4]])).unwrap().mirror(), [0, 1, 3, 2]);
    // All pairs of a category share one base: the 0 here means that the skeleton counts from 0 as
    // well.
    let from_zero = with(json!([[0, 2]])).unwrap();
    assert_eq!((from_zero.mirror(), from_zero.skeleton()), (&[2, 1, 0, 3][..], &[[1, 2]][..]));
    assert_eq!(with(json!([])).unwrap().mirror(), [0, 1, 2, 3]);
    let at = "category 1 'cat': flip_pairs has";
    assert_eq!(
        with(json!([["b", "d"]])).unwrap_err(),
        format!("{at} 'd', which is not a keypoint")
    );
    assert_eq!(with(json!([[1, 2], [3, 2]])).unwrap_err(), format!("{at} 'right a' twice"));
    assert_eq!(
        with(json!([[1, 5]])).unwrap_err(),
        format!("{at} keypoint 5, counted from 1, of 4")
    );
    assert_eq!(
        with(json!([[1, 2.5]])).unwrap_err(),
        format!("{at} keypoint 2.5, counted from 1, of 4")
    );
    let three = "an entry of 3 keypoints, not a pair";
    assert_eq!(with(json!([[1, 2, 3]])).unwrap_err(), format!("{at} {three}"));
}

#[test]
fn mirror_pairs_may_be_an_index() {
    let with = |index: Value, pairs: Value| {
        schema(
            json!([{"id": 1, "name": "cat", "keypoints": ["a", "b", "c", "d"], "flip_idx": index,
                       "flip_pairs": pairs}]),
        )
    };
    assert_eq!(with(json!([1, 0, 2, 3]), json!(null)).unwrap().mirror(), [1, 0, 2, 3]);
    assert_eq!(with(json!([1, 0, 2, 3]), json!([["a", "b"]])).unwrap().mirror(), [1, 0, 2, 3]);
    let refused = |index: Value, pairs: Value, message: &str| {
        let error = with(index, pairs).unwrap_err();
        assert_eq!(error, format!("category 1 'cat': {message}"));
    };
    refused(json!([1, 0, 2, 3]), json!([["a", "c"]]), "flip_pairs and flip_idx disagree");
    refused(json!([1, 0]), json!(null), "flip_idx has 2 entries for 4 keypoints");
    refused(json!([1, 0, 2, 4]), json!(null), "flip_idx has 4, counted from 0, of 4");
    refused(json!([1, 2, 0, 3]), json!(null), "flip_idx: 0 and 1 don't mirror each other");
}

#[test]
fn what_is_only_drawn_or_evaluated_by_is_left_out_where_it_is_wrong() {
    let with = |key: &str, value: Value| {
        let mut categories = file()["categories"].clone();
        categories[1][key] = value;
        let (schema, findings) = found(categories).unwrap();
        (schema, findings.join("; "))
    };
    let lines =
        "category 2 'cat': 1 of the skeleton's 2 lines name no keypoint of the 3: not rendered";
    let (read, findings) = with("skeleton", json!([[1, 4], [1, 2]]));
    assert_eq!((read.skeleton(), findings.as_str()), (&[[0, 1], [3, 4]][..], lines));
    let (read, findings) = with("skeleton", json!([[0, 3], [0, 2]]));
    assert_eq!((read.skeleton(), findings.as_str()), (&[[0, 2], [3, 4]][..], lines));
    let (_, findings) = with("skeleton", json!([[1, 2], [1]]));
    assert_eq!(findings, lines);
    let (read, findings) = with("skeleton", json!(null));
    assert_eq!((read.skeleton(), findings.as_str()), (&[[3, 4]][..], ""));
    let (read, findings) = with("sigmas", json!([0.1]));
    let few =
        "sigmas has 1 entries for 3 keypoints, or one that is not a positive number: not used";
    assert_eq!((read.sigmas(), findings), (None, format!("category 2 'cat': {few}")));
    let (_, findings) = with("sigmas", json!([0.1, 0.1, 0]));
    assert!(findings.contains("sigmas has 3 entries for 3 keypoints"), "{findings}");
}

#[test]
fn a_persons_keypoints_have_cocos_sigmas() {
    let names = [
        "nose",
        "left_eye",
        "right_eye",
        "left_ear",
        "right_ear",
        "left_shoulder",
        "right_shoulder",
        "left_elbow",
        "right_elbow",
        "left_wrist",
        "right_wrist",
        "left_hip",
        "right_hip",
        "left_knee",
        "right_knee",
        "left_ankle",
        "right_ankle",
    ];
    let (read, findings) = found(json!([{"id": 1, "name": "person", "keypoints": names}])).unwrap();
    assert_eq!(read.sigmas().unwrap()[..3], [0.026, 0.025, 0.025]);
    assert_eq!(
        findings,
        ["category 1 'person': it has no sigmas: COCO's own for these keypoints are taken"]
    );
    let rf_detr = schema(json!([{"id": 1, "name": "cat", "keypoints": ["a", "b"],
                                 "keypoint_oks_sigmas": [0.05, 0.1]}]))
    .unwrap();
    assert_eq!(rf_detr.sigmas(), Some(&[0.05, 0.1][..]));
}

#[test]
fn names_and_numbers_that_are_there_twice_are_told_apart() {
    let (read, findings) = found(json!([
        {"id": 1, "name": "cat", "keypoints": ["leg", "head", "leg"]},
        {"id": "x", "name": "cat", "keypoints": ["wheel"]},
        {"id": 1, "name": "cat", "keypoints": ["leg", "head", "leg"]},
    ]))
    .unwrap();
    assert_eq!(read.names(), ["leg", "head", "leg (2)", "wheel"]);
    let of: Vec<_> = read.categories().iter().map(|own| (own.id, own.name.as_str())).collect();
    assert_eq!(of, [(1, "cat"), (2, "cat (2)")]);
    assert_eq!(
        findings,
        [
            "category 1 'cat': two keypoints are 'leg': called 'leg (2)'",
            "a category's id is 'x': numbered 2",
            "category 2 'cat': another category has its name: called 'cat (2)'",
            "category 1 'cat': two keypoints are 'leg': called 'leg (2)'",
            "category 1 'cat': the category is there twice",
        ]
    );
    let twice = json!([{"id": 1, "name": "cat", "keypoints": ["a"]}, {"id": 1, "name": "dog"}]);
    assert_eq!(schema(twice).unwrap_err(), "category 1 'dog': its number is there twice");
}

#[test]
fn keypoints_without_names_have_numbers() {
    let count = |keypoints, annotations| KeypointCount { keypoints, annotations };
    let named = |names: &[&str], count: KeypointCount| {
        let raw = json!([{"id": 1, "name": "face", "keypoints": names}]);
        let raw = serde_json::from_value::<Vec<loose::Entry<json::RawCategory>>>(raw).unwrap();
        let counts = HashMap::from([(Some(Id::Number(1)), count)]);
        let found = Categories::new(raw, &counts).unwrap();
        let findings: Vec<_> = found.findings.iter().map(ToString::to_string).collect();
        (found.all[0].keypoints.clone(), findings.join("; "))
    };
    let (names, finding) = named(&[], count(Some(3), 1));
    assert_eq!(names, ["1", "2", "3"]);
    assert_eq!(finding, "category 1 'face': it names no keypoints: called 1 to 3");
    let (names, finding) = named(&["a", "b", "c"], count(Some(2), 4));
    assert_eq!(names, ["a", "b"]);
    let told = "it names 3 keypoints, all annotations have 2: the first are taken";
    assert_eq!(finding, format!("category 1 'face': {told}"));
    let (names, finding) = named(&["a"], count(Some(3), 2));
    assert_eq!(names, ["a", "2", "3"]);
    let told = "it names 1 keypoints, all annotations have 3: the others are numbered";
    assert_eq!(finding, format!("category 1 'face': {told}"));
    // A single annotation may itself be wrong, and differing counts prove nothing.
    assert_eq!(named(&["a"], count(Some(3), 1)).0, ["a"]);
    assert_eq!(named(&["a"], count(None, 9)), (vec!["a".to_string()], String::new()));
}

#[test]
fn a_schema_beside_the_categories_agrees_with_them() {
    let mut shared = file();
    shared["landmark_schema"] = serde_json::to_value(LandmarkSchema::fld()).unwrap();
    let on_disk = OnDisk::new(shared.to_string());
    assert_eq!(
        on_disk.plain(&on_disk.open().unwrap_err()),
        "a.json: landmark_schema and the categories disagree"
    );
    // Without categories, the schema applies to the first one only.
    let names = ["nose", "left ear", "right ear"].map(String::from).to_vec();
    let whole = LandmarkSchema::new(names, vec![0, 2, 1], vec![]).unwrap();
    let mut single = file();
    single["categories"] = json!([file()["categories"][1]]);
    single["annotations"] = json!([file()["annotations"][0]]);
    single["landmark_schema"] = serde_json::to_value(whole).unwrap();
    let refused = OnDisk::new(single.to_string()).open().is_err();
    single["categories"][0]["id"] = json!(1);
    single["annotations"][0]["category_id"] = json!(1);
    assert!(refused && OnDisk::new(single.to_string()).open().is_ok(), "its number is 1");
    shared["landmark_schema"]["mirror"][0] = json!(99);
    let on_disk = OnDisk::new(shared.to_string());
    let error = on_disk.plain(&on_disk.open().unwrap_err());
    let message = "landmark_schema: landmarks 0 and 99 don't mirror each other";
    assert!(error.starts_with("a.json:1: column ") && error.ends_with(message), "{error}");
}
