//! Each rule broken once; messages name annotation, image and landmark.
use super::*;

#[track_caller]
fn refused(file: &Value, message: &str) {
    let on_disk = OnDisk::new(file.to_string());
    assert_eq!(on_disk.plain(&on_disk.open().unwrap_err()), message);
}

/// Opens a file with one value of its first annotation replaced, and compares the message.
#[track_caller]
fn annotation_refused(key: &str, value: Value, message: &str) {
    let mut file = file();
    file["annotations"][0][key] = value;
    let known = file["annotations"][0]["image_id"] == json!(7);
    let image = if known { "home/tom.jpg" } else { "5" };
    refused(&file, &format!("a.json: annotation 11 (image {image}): {message}"));
}

#[test]
fn refuses_annotations_that_cannot_be() {
    annotation_refused("image_id", json!(5), "image_id is 5: not in the file");
    annotation_refused("category_id", json!(9), "category_id is 9: not in the file");
    let far = "bbox: the box [0.0, 0.0, 1e300, 4.0] is too large or too far away";
    annotation_refused("bbox", json!([0, 0, 1e300, 4]), far);
    annotation_refused(
        "keypoints",
        json!([1, 2, 2]),
        "keypoints has 3 numbers, not 3 for each of 3 landmarks",
    );
    annotation_refused(
        "keypoints",
        json!([1, 2, 2, 1]),
        "keypoints has 4 numbers, not 3 for each of 3 landmarks",
    );
    let keypoints = |v: Value| json!([1, 2, 2, 0, 0, 0, 70000, 1, v]);
    let ear = "landmark 'right ear': keypoints:";
    annotation_refused(
        "keypoints",
        keypoints(json!(2)),
        &format!("{ear} at 70000, 1: too far away"),
    );
    annotation_refused(
        "keypoints",
        keypoints(json!(3)),
        &format!("{ear} visibility 3 is not 0, 1 or 2"),
    );
    annotation_refused(
        "keypoints",
        keypoints(json!(-1)),
        &format!("{ear} visibility -1 is not 0, 1 or 2"),
    );
    annotation_refused("bbox", json!([1, 2, 3]), "bbox has 3 numbers, not x, y, width, height");
    annotation_refused("bbox", json!("1 2 3 4"), "bbox: '1 2 3 4', not four numbers");
    annotation_refused(
        "keypoints",
        json!([[1, 2], [3, 4]]),
        "keypoints: a point of 2 numbers, not x, y, v",
    );
}

#[test]
fn refuses_images_that_cannot_be() {
    let mut twice = file();
    twice["images"][0]["id"] = json!(4);
    refused(&twice, "a.json: image 4: id 4 is there twice, for 'home/tom.jpg' and 'door.jpg'");
    let mut outside = file();
    outside["images"][1]["file_name"] = json!("../secret.jpg");
    let message = "the image's name '../secret.jpg' is not a plain path below the root";
    refused(&outside, &format!("a.json: image 4: {message}"));
}

#[test]
fn names_the_line_of_what_is_no_annotation_file() {
    let refused = |bytes: &[u8], line: usize, message: &str| {
        let on_disk = OnDisk::new(bytes);
        let error = on_disk.plain(&on_disk.open().unwrap_err());
        assert!(error.starts_with(&format!("a.json:{line}: column ")), "{error}");
        assert!(error.ends_with(&format!(": {message}")), "{error}");
    };
    refused(b"", 1, "EOF while parsing a value");
    refused(b"{\n\"images\": [],\n", 3, "EOF while parsing a value");
    refused(b"{\"images\": []}", 1, "missing field `annotations`");
    let list = OnDisk::new("[{\"image_id\": 1}]");
    let error = list.plain(&list.open().unwrap_err());
    assert_eq!(error, "a.json: a list, not an object with images and annotations");
    let folder = tempfile::tempdir().unwrap();
    let error = CocoDataset::open(folder.path(), "").unwrap_err().to_string();
    assert!(error.ends_with("a folder, not a file"), "{error}");
    let error = CocoDataset::open(folder.path().join("missing"), "").unwrap_err();
    assert!(error.to_string().starts_with("cannot read "), "{error}");
}

#[test]
fn refuses_files_without_landmarks() {
    let mut without = file();
    without["annotations"] = json!([file()["annotations"][3]]);
    refused(&without, "a.json: there are no annotations with landmarks");
}

#[test]
fn all_problems_are_told_where_that_is_asked_for() {
    let mut bad = file();
    bad["annotations"][0]["image_id"] = json!(5);
    bad["annotations"][1]["keypoints"][2] = json!(8);
    let on_disk = OnDisk::new(bad.to_string());
    let (mut problems, mut progress) = (Vec::new(), Vec::new());
    let dataset =
        CocoDataset::open_with(on_disk.path(), "", &CocoOptions::default(), &mut |event| {
            match event {
                ReadEvent::Problem(error) => problems.push(on_disk.plain(&error)),
                ReadEvent::Progress { done, total } => progress.push((done, total)),
                ReadEvent::Finding(_) => (),
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(
        problems,
        [
            "a.json: annotation 11 (image 5): image_id is 5: not in the file",
            "a.json: annotation 12 (image door.jpg): landmark 'handle': keypoints: visibility 8 is not 0, 1 or 2",
        ]
    );
    let bytes = bad.to_string().len();
    assert_eq!((progress, dataset.len()), (vec![(bytes, bytes)], 1));
}

#[test]
fn images_that_cannot_be_are_left_out_with_their_annotations() {
    let mut bad = file();
    let images = bad["images"].as_array_mut().unwrap();
    images.push(json!({"id": 4, "file_name": "gate.jpg"}));
    images.push(json!({"id": 5, "file_name": "/etc/passwd"}));
    let on_disk = OnDisk::new(bad.to_string());
    let mut problems = Vec::new();
    let dataset =
        CocoDataset::open_with(on_disk.path(), "", &CocoOptions::default(), &mut |event| {
            if let ReadEvent::Problem(error) = event {
                problems.push(on_disk.plain(&error));
            }
            Ok(())
        });
    let dataset = dataset.unwrap();
    let plain = "the image's name '/etc/passwd' is not a plain path below the root";
    assert_eq!(
        problems,
        [
            "a.json: image 4: id 4 is there twice, for 'door.jpg' and 'gate.jpg'".to_string(),
            format!("a.json: image 5: {plain}"),
        ]
    );
    assert_eq!((dataset.len(), dataset.image_id(0)), (1, Some(7)));
    assert_eq!(dataset.images().len(), 1);
}

#[test]
fn categories_have_a_limit() {
    let mut large = file();
    large["categories"][1]["flip_pairs"] = json!(vec![[1, 1]; 300_000]);
    large["categories"][2]["flip_pairs"] = json!(vec![[1, 1]; 200_100]);
    let on_disk = OnDisk::new(large.to_string());
    let error = on_disk.plain(&on_disk.open().unwrap_err());
    let message = "more than 1000000 names, pairs or sigmas";
    assert!(error.starts_with("a.json:1: column ") && error.ends_with(message), "{error}");
}

#[test]
fn a_handlers_error_ends_the_reading_of_bytes() {
    // Progress is reported every 4 MiB.
    let on_disk = OnDisk::new(file().to_string() + &" ".repeat(9 << 20));
    let mut told = Vec::new();
    let error =
        CocoDataset::open_with(
            on_disk.path(),
            "",
            &CocoOptions::default(),
            &mut |event| match event {
                ReadEvent::Progress { done, .. } => {
                    told.push(done);
                    Err(Error::config("enough"))
                }
                ReadEvent::Problem(problem) => Err(problem),
                ReadEvent::Finding(_) => Ok(()),
            },
        );
    assert_eq!(error.unwrap_err().to_string(), "enough");
    assert_eq!(told, [4 << 20]);
}
