//! From categories to a schema.
use super::*;

fn schema(categories: Value) -> Result<LandmarkSchema, String> {
    let mut file = file();
    file["categories"] = categories;
    file["annotations"] = json!([]);
    let on_disk = OnDisk::new(file.to_string());
    match on_disk.open().map_err(|error| on_disk.plain(&error)) {
        Err(error) if error.ends_with("there are no annotations with landmarks") => {
            let raw = serde_json::from_value::<Vec<json::RawCategory>>(file["categories"].take());
            Ok(schema_of(&raw.unwrap()).unwrap())
        }
        Err(error) => Err(error),
        Ok(_) => unreachable!("there are no annotations"),
    }
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
    // One base for all pairs of a category: here a 0 tells that the skeleton counts from 0, too.
    let from_zero = with(json!([[0, 2]])).unwrap();
    assert_eq!((from_zero.mirror(), from_zero.skeleton()), (&[2, 1, 0, 3][..], &[[1, 2]][..]));
    assert_eq!(with(json!([])).unwrap().mirror(), [0, 1, 2, 3]);
    let at = "a.json: category 1 'cat': flip_pairs has";
    assert_eq!(with(json!([["b", "d"]])).unwrap_err(), format!("{at} 'd', which is no keypoint"));
    assert_eq!(with(json!([[1, 2], [3, 2]])).unwrap_err(), format!("{at} 'right a' twice"));
    assert_eq!(
        with(json!([[1, 5]])).unwrap_err(),
        format!("{at} landmark 5, counted from 1, of 4")
    );
    assert!(with(json!([[1, 2.5]])).unwrap_err().contains("a name or a number"));
}

#[test]
fn categories_that_cannot_be_are_refused() {
    let wrong = |change: fn(&mut Value), message: &str| {
        let mut categories = file()["categories"].clone();
        change(&mut categories[1]);
        assert_eq!(schema(categories).unwrap_err(), format!("a.json: {message}"));
    };
    let at = "category 2 'cat':";
    wrong(
        |cat| cat["skeleton"] = json!([[1, 4]]),
        &format!("{at} skeleton has landmark 4, counted from 1, of 3"),
    );
    wrong(
        |cat| cat["skeleton"] = json!([[0, 3]]),
        &format!("{at} skeleton has landmark 3, counted from 0, of 3"),
    );
    wrong(|cat| cat["sigmas"] = json!([0.1]), &format!("{at} 3 keypoints, but 1 sigmas"));
    wrong(|cat| cat["id"] = json!(3), "category 3 'door': its number is there twice");
    let mut shared = file();
    shared["landmark_schema"] = serde_json::to_value(LandmarkSchema::fld()).unwrap();
    let on_disk = OnDisk::new(shared.to_string());
    assert_eq!(
        on_disk.plain(&on_disk.open().unwrap_err()),
        "a.json: landmark_schema and the categories disagree"
    );
    // Without categories, it is of the first alone.
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
