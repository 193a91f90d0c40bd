//! Each rule broken once; messages name file, item and landmark.
use super::*;

#[track_caller]
fn refused(bytes: &[u8], message: &str) {
    let tree = Tree::new();
    tree.bytes("train/annos/000003.json", bytes);
    assert_eq!(tree.plain(&tree.open().unwrap_err()), message);
}

/// Opens a tree with one value of item 2 replaced, and compares the message.
#[track_caller]
fn item_refused(key: &str, value: Value, message: &str) {
    let mut image = image();
    image["item2"][key] = value;
    refused(image.to_string().as_bytes(), &format!("train/annos/000003.json: item2: {message}"));
}

#[test]
fn refuses_items_that_cannot_be() {
    item_refused("category_id", json!(0), "category 0 is not one of 1 to 13");
    item_refused("category_id", json!(14), "category 14 is not one of 1 to 13");
    item_refused(
        "category_id",
        json!(u64::MAX),
        &format!("category {} is not one of 1 to 13", u64::MAX),
    );
    item_refused("bounding_box", json!([5, 6, 5, 9]), "the box [5.0, 6.0, 5.0, 9.0] is empty");
    let far = "the box [5.0, 6.0, 99999.0, 9.0] is too large or too far away";
    item_refused("bounding_box", json!([5, 6, 99999, 9]), far);
    item_refused(
        "landmarks",
        json!([[1, 2, 2]; 13].concat()),
        "trousers has 14 landmarks, x, y and v of each: 42 numbers, not 39",
    );
    let with = |at: usize, value: f64| {
        let mut numbers = vec![1.0; 42];
        numbers[at] = value;
        json!(numbers)
    };
    item_refused(
        "landmarks",
        with(11, 3.0),
        "landmark 4 of trousers: visibility 3 is not 0, 1 or 2",
    );
    item_refused(
        "landmarks",
        with(2, 1.5),
        "landmark 1 of trousers: visibility 1.5 is not 0, 1 or 2",
    );
    item_refused(
        "landmarks",
        with(39, 1e6),
        "landmark 14 of trousers: at 1000000, 1: too far away",
    );
    item_refused(
        "landmarks",
        with(40, -7e4),
        "landmark 14 of trousers: at 1, -70000: too far away",
    );
    item_refused("zoom_in", json!(4), "zoom_in 4 is not 1, 2 or 3");
    item_refused("occlusion", json!(0), "occlusion 0 is not 1, 2 or 3");
}

#[test]
fn names_the_line_of_what_is_no_annotation() {
    let file = "train/annos/000003.json";
    refused(b"", &format!("{file}: the file is empty"));
    let large = vec![b' '; MAX_ANNOTATION_BYTES as usize + 1];
    refused(&large, &format!("{file}: larger than 16777216 bytes"));
    refused(b"{\n\"item1\":\n}", &format!("{file}:3: column 1: expected value"));
    refused(
        b"[]",
        &format!("{file}:1: column 0: invalid type: sequence, expected an object with item1, item2, \\u{{2026}}")
            .replace("\\u{2026}", "…"),
    );
    let twice = br#"{"item1": {"category_id": 9, "category_id": 9}}"#;
    refused(twice, &format!("{file}:1: column 42: duplicate field `category_id`"));
    let mut skirt = image()["item10"].clone();
    refused(
        format!("{{\"item1\": {skirt},\n \"item01\": {skirt}}}").as_bytes(),
        &format!("{file}:2: column {}: item1 is there twice", skirt.to_string().len() + 12),
    );
    skirt["bounding_box"] = json!([1, 2, 3]);
    let error = format!("{{\"item1\": {skirt}}}");
    let tree = Tree::new();
    tree.bytes(file, error.as_bytes());
    let error = tree.plain(&tree.open().unwrap_err());
    assert!(error.ends_with("invalid length 3, expected an array of length 4"), "{error}");
    tree.bytes(file, b"{\"item1\": {\"landmarks\": [1e39]}}");
    let error = tree.plain(&tree.open().unwrap_err());
    assert!(error.ends_with("number out of range"), "{error}");
    tree.bytes(file, b"{\"source\": \"robot\xff\"}");
    assert!(tree.open().is_err());
    // However long an invalid name is, the message stays short.
    tree.bytes(file, format!("{{\"source\": \"{}\"}}", "\u{1b}x".repeat(9999)).as_bytes());
    assert!(tree.open().unwrap_err().to_string().len() < 2000);
}

#[test]
fn refuses_folders_without_annotations() {
    let tree = Tree::new();
    let error = DeepFashion2Dataset::open(tree.root(), Split::Val).unwrap_err();
    assert_eq!(tree.plain(&error), "validation/annos: there is no such folder");
    tree.bytes("validation/annos/readme.txt", b"");
    tree.bytes("validation/annos/._000001.json", b"");
    tree.bytes("validation/annos/000001.json", b"{}");
    let error = DeepFashion2Dataset::open(tree.root(), Split::Val).unwrap_err();
    assert_eq!(tree.plain(&error), "validation/annos: there are no annotated items");
    tree.bytes("validation/annos/1.json", b"{}");
    let error = DeepFashion2Dataset::open(tree.root(), Split::Val).unwrap_err();
    assert!(error.to_string().ends_with("'1.json' is not named by a six-digit number"), "{error}");
}

#[test]
fn all_problems_are_told_where_that_is_asked_for() {
    let tree = Tree::new();
    let mut bad = image();
    bad["item1"] = json!({"category_id": 99, "landmarks": [], "bounding_box": [0, 0, 1, 1]});
    bad["item3"] = json!({"category_id": 9, "landmarks": [1], "bounding_box": [0, 0, 1, 1]});
    tree.bytes("train/annos/000003.json", bad.to_string().as_bytes());
    tree.bytes("train/annos/000004.json", b"?");
    tree.bytes("train/annos/cover.json", b"?");
    let (mut problems, mut progress) = (Vec::new(), Vec::new());
    let dataset = DeepFashion2Dataset::open_with(tree.root(), Split::Train, &mut |event| {
        match event {
            ReadEvent::Problem(error) => problems.push(tree.plain(&error)),
            ReadEvent::Progress { done, total } => progress.push((done, total)),
            ReadEvent::Finding(_) => (),
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(
        problems,
        [
            "train/annos: 'cover.json' is not named by a six-digit number",
            "train/annos/000003.json: item1: category 99 is not one of 1 to 13",
            "train/annos/000003.json: item3: skirt has 8 landmarks, x, y and v of each: 24 numbers, not 1",
            "train/annos/000004.json:1: column 1: expected value",
        ]
    );
    assert_eq!(progress, [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(dataset.len(), 3, "what is sound is kept");
}
