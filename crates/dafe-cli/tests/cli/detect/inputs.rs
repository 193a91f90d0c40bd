//! Images and boxes, good and bad ones.
use super::*;

#[test]
fn a_bad_image_is_told_of_and_the_others_are_done() {
    let scene = Scene::new();
    fs::write(scene.at("images/b/page.jpg"), "<html>not found</html>").unwrap();
    fs::write(scene.at("images/notes.txt"), "no image").unwrap();
    fs::create_dir(scene.at("images/.cache")).unwrap();
    fs::copy(scene.at("images/a.png"), scene.at("images/.cache/a.png")).unwrap();
    fs::copy(scene.at("images/a.png"), scene.at("images/.a.png")).unwrap();

    // The first is below the folder, too, and looked at once.
    let inputs = ["images/a.png", "images", "other/*.png", "gone.png", "--out", "found"];
    let (status, printed, errors) = scene.run(&inputs);
    assert_eq!(status, Some(1), "{errors}");
    assert!(printed.contains("found: 5 images: 3 done, 2 failed"), "{printed}");
    let failed: Vec<_> = errors.lines().filter(|line| line.starts_with("failed: ")).collect();
    assert_eq!(failed.len(), 2, "{errors}");
    assert!(
        failed[0].starts_with("failed: images/b/page.jpg: not an image but an HTML page"),
        "{errors}"
    );
    assert!(failed[1].starts_with("failed: gone.png: cannot read"), "{errors}");
    let expected = [
        "detect.json",
        "images/a.json",
        "images/a.landmarks.png",
        "images/b/a.json",
        "images/b/a.landmarks.png",
        "other/c.json",
        "other/c.landmarks.png",
    ];
    assert_eq!(names(&scene.at("found")), expected);

    let found = json(scene.at("found/images/b/a.json"));
    assert_eq!(found["image"], "images/b/a.jpg");
    assert_eq!((&found["width"], &found["height"]), (&json!(120), &json!(80)));
    let detections = found["detections"].as_array().unwrap();
    assert_eq!(detections.len(), 1);
    assert_eq!(detections[0]["landmarks"].as_array().unwrap().len(), 8);
    assert_eq!(detections[0]["landmarks"][0]["name"], "left collar");
    let config = json(scene.at("found/detect.json"));
    assert_eq!(found["made_by"], config["fingerprint"]);
    assert_eq!(config["crate_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(config["model"], "model");
    let drawn = image::open(scene.at("found/images/b/a.landmarks.png")).unwrap();
    // Small images are enlarged.
    assert_eq!((drawn.width(), drawn.height()), (512, 341));

    // None of them could be looked at.
    let (status, _, errors) = scene.run(&["images/b/page.jpg", "--out", "none"]);
    assert_eq!(status, Some(2), "{errors}");
}

#[test]
fn a_detectors_boxes_are_found_by_the_images_names() {
    let scene = Scene::new();
    let images =
        json!([{"id": 7, "file_name": "b/a.jpg"}, {"id": 8, "file_name": "elsewhere.jpg"}]);
    let annotations = json!([
        {"image_id": 7, "category_id": 2, "bbox": [10, 20, 30, 40], "score": 0.5},
        {"image_id": 7, "category_id": 1, "bbox": [50, 10, 60, 60]},
        {"image_id": 8, "category_id": 1, "bbox": [1, 1, 5, 5]},
    ]);
    let write = |boxes: &Value| fs::write(scene.at("boxes.json"), boxes.to_string()).unwrap();
    let asked = ["images", "--boxes", "boxes.json", "--out", "found", "--no-drawings"];
    let by_category = [&asked[..], &["--category", "boxes"]].concat();
    write(&json!({"images": images, "annotations": annotations}));
    let printed = scene.done(&by_category);
    assert!(printed.contains("1 of 2 images have no box"), "{printed}");
    assert_eq!(names(&scene.at("found")), ["a.json", "b/a.json", "detect.json"]);
    assert_eq!(json(scene.at("found/a.json"))["detections"], json!([]));
    let found = json(scene.at("found/b/a.json"));
    let [lower, upper] = &found["detections"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(
        (&lower["category"]["name"], &upper["category"]["name"]),
        (&json!("lower"), &json!("upper"))
    );
    assert_eq!(lower["bounding_box"], json!({"x1": 10.0, "y1": 20.0, "x2": 40.0, "y2": 60.0}));
    assert_eq!((&lower["box_score"], upper.get("box_score")), (&json!(0.5), None));

    // The same boxes as results, named; without numbers there is no category to take.
    let named = |name: &str| json!([{"file_name": name, "bbox": [10, 20, 30, 40], "score": 0.5}]);
    write(&named("images/b/a.jpg"));
    assert!(scene.refused(&by_category).contains("category_id"));
    scene.done(&asked);
    assert_eq!(json(scene.at("found/b/a.json"))["detections"].as_array().unwrap().len(), 1);
    fs::copy(scene.at("images/b/a.jpg"), scene.at("images/a.jpg")).unwrap();
    write(&named("a.jpg"));
    let error = scene.refused(&asked);
    assert!(
        error.contains("box 1") && error.contains("images/a.jpg and images/b/a.jpg"),
        "{error}"
    );
    write(&named("elsewhere.jpg"));
    assert!(scene.refused(&asked).contains("no box belongs to one of these images"));
    write(&json!([{"bbox": [1, 2, 3, 4]}]));
    assert!(scene.refused(&asked).contains("box 1: it has neither a file_name nor an image_id"));
    write(&json!([{"file_name": "images/a.jpg", "bbox": [1, 2, 0, 4]}]));
    assert!(scene.refused(&asked).contains("box 1: "));
    fs::write(scene.at("boxes.json"), "[\n{]").unwrap();
    assert!(scene.refused(&asked).contains("boxes.json:2: "));

    // A box that one image does not have, but the other.
    let (status, _, errors) = scene.run(&["images", "--box", "90,10,110,70", "--out", "part"]);
    assert_eq!(status, Some(1));
    assert!(errors.contains("failed: images/a.png: ") && errors.contains("outside"), "{errors}");
    assert_eq!(errors.matches("failed: ").count(), 1, "{errors}");
}

#[test]
fn boxes_may_have_their_images_numbers_alone() {
    let scene = Scene::new();
    let write = |name: &str, text: &str| fs::write(scene.at(name), text).unwrap();
    fs::create_dir(scene.at("boxes")).unwrap();
    let boxes = r#"[{"image_id": 7, "bbox": [10, 20, 30, 40], "score": NaN},
        {"image_id": 7.0, "bbox": [50, 10, 60, 60], "score": 0.5},
        {"image_id": "8", "bbox": [1, 1, NaN, 5]}]"#;
    write("boxes/boxes.json", boxes);
    let asked = ["images", "--boxes", "boxes/boxes.json", "--out", "found", "--no-drawings"];
    let images = |extra: &str| {
        format!(
            "\u{feff}{{\"info\": NaN, \"images\": [{{\"id\": 7.0, \"file_name\": \"b\\\\a.jpg\"}}{extra}], \
             \"annotations\": [], \"categories\": []}}"
        )
    };
    let error = scene.refused(&asked);
    let needed = "boxes/boxes.json: box 1: it has no file_name, only the image_id 7: ";
    assert!(error.contains(needed), "{error}");
    assert!(error.contains("--boxes-images FILE or as images.json next"), "{error}");
    write("names.json", &images(""));
    let given = [&asked[..], &["--boxes-images", "names.json"]].concat();
    let error = scene.refused(&given);
    assert!(error.contains("box 3: its image_id, 8, is not in names.json"), "{error}");
    assert!(error.contains("give another file with --boxes-images"), "{error}");
    write("names.json", &images(r#", {"id": 8, "file_name": "elsewhere.jpg"}"#));
    scene.done(&given);
    let found = json(scene.at("found/b/a.json"))["detections"].take();
    let [first, second] = &found.as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(first["bounding_box"], json!({"x1": 10.0, "y1": 20.0, "x2": 40.0, "y2": 60.0}));
    assert_eq!((first.get("box_score"), &second["box_score"]), (None, &json!(0.5)));
    let made = json(scene.at("found/detect.json"));
    assert_eq!(made["boxes_images"], "names.json");
    assert!(made["boxes_images_sha256"].is_string());
    // The box that another image has is none; with this one's name it is.
    write("names.json", &images(r#", {"id": "8", "file_name": "a.png"}"#));
    let error = scene.refused(&given);
    assert!(error.contains("box 3: its bbox lacks a number, or has NaN: [1.0,1.0,null,5.0]"));
    write("names.json", &images(r#", {"id": 7, "file_name": "a.png"}"#));
    let error = scene.refused(&given);
    assert!(error.contains("names.json: image 7 is there twice, as 'b/a.jpg' and 'a.png'"));
    write("names.json", r#"{"annotations": []}"#);
    let error = scene.refused(&given);
    assert!(error.contains("names.json:1: ") && error.contains("`images`"), "{error}");
    assert!(scene.refused(&["images", "--boxes-images", "names.json"]).contains("--boxes"));

    // What lies beside the boxes needs no option, and is said.
    let own = ["images", "--format", "coco", "--category", "lower", "--out", "boxes"];
    scene.done(&[&own[..], &["--box", "5,6,50,45"]].concat());
    let results = ["images", "--boxes", "boxes/results.json", "--out", "again", "--no-drawings"];
    write("boxes/results.json", r#"[{"image_id": 2, "bbox": [10, 20, 30, 40], "score": 0.5}]"#);
    let printed = scene.done(&results);
    assert!(printed.contains("image names for the boxes: from boxes/images.json"), "{printed}");
    let found = json(scene.at("again/b/a.json"))["detections"].take();
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_done_is_explained() {
    let scene = Scene::new();
    fs::create_dir(scene.at("empty")).unwrap();
    let error = scene.refused(&["empty"]);
    assert!(error.contains("no images in empty") && error.contains("no files"), "{error}");
    assert!(scene.refused(&["images/*.gif"]).contains("no file matches 'images/*.gif'"));
    let error = scene.refused(&["images", "--out", "images"]);
    assert!(error.contains("choose another folder for --out"), "{error}");
    assert!(
        scene.refused(&["images", "--out", "-", "--format", "png"]).contains("takes one image")
    );
    assert!(scene.refused(&["images", "--out", "-", "--explain"]).contains("--out FOLDER"));
    assert!(scene.refused(&["images", "--category", "hat"]).contains("upper, lower, full"));
    assert!(scene.refused(&["images", "--category", "boxes"]).contains("--boxes"));
    assert!(scene.refused(&["images", "--boxes", "none.json"]).contains("none.json"));
    assert!(scene.refused(&["-", "--list", "-"]).contains("standard input"));
    for (option, value) in
        [("--box", "1,2,3"), ("--box", "5,5,1,9"), ("--box", "1,2,NaN,4"), ("--batch-size", "0")]
    {
        let (status, _, errors) = scene.run(&["images", option, value]);
        assert_eq!(status, Some(2), "{errors}");
        assert!(errors.contains(option), "{errors}");
    }
    // Names that all images' results have, and such as differ in the ending alone.
    let out = scene.at("empty");
    for name in ["detect.png", "results.png", "x.v1.png", "x.v1.jpg", "X.v1.webp.png"] {
        fs::copy(scene.at("other/c.png"), scene.at("other").join(name)).unwrap();
    }
    scene.done(&["other", "--out", "empty", "--no-drawings"]);
    let expected = [
        "X.v1.webp.json",
        "c.json",
        "detect-2.json",
        "detect.json",
        "results-2.json",
        "x.v1-2.json",
        "x.v1.json",
    ];
    assert_eq!(names(&out), expected);
}

/// The error names the supported extensions, and what was found instead.
#[test]
fn a_folder_without_images_says_what_is_in_it() {
    let scene = Scene::new();
    fs::create_dir_all(scene.at("texts/deep/.thumbs")).unwrap();
    for name in ["deep/b.psd", "deep/.hidden.png", "a.txt", "c.heic"] {
        fs::write(scene.at("texts").join(name), "no image").unwrap();
    }
    let error = scene.refused(&["texts"]);
    let expected = "error: no images in texts: searched for .bmp, .gif, .jfif, .jpeg, .jpg, .png, \
                    .tif, .tiff, .webp files that are not hidden, in subfolders, too; \
                    skipped 1 .heic file (not read: convert it to JPEG), c.heic; 1 hidden \
                    file, deep/.hidden.png; 1 hidden folder, deep/.thumbs; 2 other files, such as \
                    a.txt\n";
    assert_eq!(error, expected);
    fs::create_dir(scene.at("one")).unwrap();
    fs::write(scene.at("one/notes.txt"), "no image").unwrap();
    assert!(scene.refused(&["one"]).contains("skipped 1 other file, notes.txt"));
}

#[test]
fn what_a_folder_has_beside_images_is_said() {
    let scene = Scene::new();
    let heic = b"\0\0\0\x24ftypheic\0\0\0\0";
    for name in ["x.HEIC", "b/y.heic", "photo.JPG.part", "photo", ".a.png"] {
        fs::write(scene.at("images").join(name), heic).unwrap();
    }
    fs::copy(scene.at("images/a.png"), scene.at("images/b/without-an-ending")).unwrap();
    let asked = ["images", "--no-drawings", "--out"];
    let printed = scene.done(&[&asked[..], &["found"]].concat());
    let expected = "images: skipped 2 .heic files (not read: convert them to JPEG), such as \
                    b/y.heic; 1 hidden file, .a.png; 3 other files, such as b/without-an-ending\n";
    assert!(printed.contains(expected), "{printed}");
    assert_eq!(printed.matches("skipped").count(), 1, "{printed}");
    // Standard output is the results' alone.
    let (status, printed, errors) = scene.run(&[&asked[..], &["-"]].concat());
    assert_eq!(status, Some(0), "{errors}");
    assert!(!printed.contains("skipped") && errors.contains(expected), "{errors}");
    // Asked for by its name, or under a false one.
    fs::copy(scene.at("images/x.HEIC"), scene.at("images/false.jpg")).unwrap();
    let (status, _, errors) = scene.run(&["images/x.HEIC", "images/false.jpg", "--out", "none"]);
    assert_eq!(status, Some(2), "{errors}");
    for name in ["x.HEIC", "false.jpg"] {
        let expected =
            format!("failed: images/{name}: the format HEIC is not supported: convert it to JPEG");
        assert!(errors.contains(&expected), "{errors}");
    }
}

/// A phone that was held upright stores its sensor's rows.
#[test]
fn photographs_are_turned_upright() {
    let scene = Scene::new();
    let fixture = root().join("tests/fixtures/images");
    let [stored, turned] = [1, 6].map(|orientation| {
        let photo = fixture.join(format!("orientation_{orientation}.jpg"));
        let printed = scene.done(&[photo.to_str().unwrap(), "--out", "-"]);
        let found: Value = serde_json::from_str(&printed).unwrap();
        ["width", "height"].map(|side| found[side].as_u64().unwrap())
    });
    let sides = |orientation: u8| {
        image::image_dimensions(fixture.join(format!("orientation_{orientation}.jpg"))).unwrap()
    };
    let as_stored = |(width, height): (u32, u32)| [u64::from(width), u64::from(height)];
    assert_eq!(stored, as_stored(sides(1)));
    let [width, height] = as_stored(sides(6));
    assert_eq!(turned, [height, width]);
    assert_ne!(width, height);
}
