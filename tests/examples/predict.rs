//! `predict`, from pictures to files and pipes, with a network of random parameters.
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::SystemTime,
};

use dafe::{
    data::{
        Framing,
        picture::{write_jpeg, write_png},
    },
    prelude::*,
};
use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{example, json, run};

/// A folder with a model and pictures: `pictures/a.png`, `pictures/b/a.jpg` and `other/c.png`.
struct Scene(TempDir);

impl Scene {
    fn new() -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        for folder in ["pictures/b", "other", "model"] {
            fs::create_dir_all(scene.at(folder)).unwrap();
        }
        scene.make_model();
        write_png(&scene.at("pictures/a.png"), &picture(60, 90)).unwrap();
        write_jpeg(&scene.at("pictures/b/a.jpg"), &picture(120, 80), 90).unwrap();
        write_png(&scene.at("other/c.png"), &picture(50, 50)).unwrap();
        scene
    }

    /// Another one each time.
    fn make_model(&self) {
        let device = Device::flex();
        let config = DetectorConfig {
            model: Preset::Nano.config(8),
            codec: HeatmapCodec::new([64, 64], LandmarkNetConfig::STRIDE, 2.0),
            framing: Framing::default(),
            refinement: Refinement::QuarterOffset,
            flip_test: false,
            logits: false,
            infers_category: false,
            schema: LandmarkSchema::fld(),
            calibration: None,
            origin: None,
        };
        let net = config.model.init(&device);
        LandmarkDetector::new(net, config, &device).unwrap().save(self.at("model")).unwrap();
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn predict(&self, arguments: &[&str]) -> Command {
        let mut command = example("predict");
        command.current_dir(&self.0).args(["--model", "model"]).args(arguments);
        command
    }

    /// The exit status, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        told(run(&mut self.predict(arguments)))
    }

    /// Standard output of a run in which all went well.
    fn done(&self, arguments: &[&str]) -> String {
        let (status, printed, errors) = self.run(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {printed}{errors}");
        printed
    }

    /// The message of a run that did nothing.
    fn refused(&self, arguments: &[&str]) -> String {
        let (status, _, errors) = self.run(arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {errors}");
        assert!(errors.starts_with("error: ") && !errors.contains("panicked"), "{errors}");
        errors
    }
}

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(3 * x) as u8, (2 * y) as u8, 90]))
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// All files below a folder, with when they were written.
fn files(folder: &Path) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, fs::metadata(&path).unwrap().modified().unwrap());
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

/// Those of a picture's files that a run wrote anew.
fn written<'a>(
    before: &BTreeMap<String, SystemTime>,
    after: &'a BTreeMap<String, SystemTime>,
) -> Vec<&'a str> {
    let fresh = after.iter().filter(|(name, time)| before.get(*name) != Some(time));
    fresh.map(|(name, _)| name.as_str()).filter(|name| *name != "predict.json").collect()
}

#[test]
fn a_bad_picture_is_told_of_and_the_others_are_done() {
    let scene = Scene::new();
    fs::write(scene.at("pictures/b/page.jpg"), "<html>not found</html>").unwrap();
    fs::write(scene.at("pictures/notes.txt"), "no picture").unwrap();
    fs::create_dir(scene.at("pictures/.cache")).unwrap();
    fs::copy(scene.at("pictures/a.png"), scene.at("pictures/.cache/a.png")).unwrap();
    fs::copy(scene.at("pictures/a.png"), scene.at("pictures/.a.png")).unwrap();

    // The first is below the folder, too, and looked at once.
    let inputs = ["pictures/a.png", "pictures", "other/*.png", "gone.png", "--out", "found"];
    let (status, printed, errors) = scene.run(&inputs);
    assert_eq!(status, Some(1), "{errors}");
    assert!(printed.contains("found: 5 pictures: 3 done, 2 failed"), "{printed}");
    let failed: Vec<_> = errors.lines().filter(|line| line.starts_with("failed: ")).collect();
    assert_eq!(failed.len(), 2, "{errors}");
    assert!(
        failed[0].starts_with("failed: pictures/b/page.jpg: ") && failed[0].contains("JPEG"),
        "{errors}"
    );
    assert!(failed[1].starts_with("failed: gone.png: cannot read"), "{errors}");
    let expected = [
        "other/c.json",
        "other/c.landmarks.png",
        "pictures/a.json",
        "pictures/a.landmarks.png",
        "pictures/b/a.json",
        "pictures/b/a.landmarks.png",
        "predict.json",
    ];
    assert_eq!(names(&scene.at("found")), expected);

    let found = json(scene.at("found/pictures/b/a.json"));
    assert_eq!(found["picture"], "pictures/b/a.jpg");
    assert_eq!((&found["width"], &found["height"]), (&json!(120), &json!(80)));
    let detections = found["detections"].as_array().unwrap();
    assert_eq!(detections.len(), 1);
    assert_eq!(detections[0]["landmarks"].as_array().unwrap().len(), 8);
    assert_eq!(detections[0]["landmarks"][0]["name"], "left collar");
    let config = json(scene.at("found/predict.json"));
    assert_eq!(found["made_by"], config["fingerprint"]);
    assert_eq!(config["crate_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(config["model"], "model");
    let drawn = image::open(scene.at("found/pictures/b/a.landmarks.png")).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (120, 80));

    // None of them could be looked at.
    let (status, _, errors) = scene.run(&["pictures/b/page.jpg", "--out", "none"]);
    assert_eq!(status, Some(2), "{errors}");
}

#[test]
fn what_is_done_is_not_done_again() {
    let scene = Scene::new();
    let out = scene.at("found");
    let again = |arguments: &[&str], expected: &str| {
        let before = files(&out);
        let printed = scene.done(&[&["pictures", "--out", "found"], arguments].concat());
        assert!(printed.contains(expected), "{arguments:?}: {printed}");
        let after = files(&out);
        written(&before, &after).into_iter().map(String::from).collect::<Vec<_>>()
    };
    let (a, b) = (["a.json", "a.landmarks.png"], ["b/a.json", "b/a.landmarks.png"]);
    let both = [a, b].concat();
    fs::create_dir(&out).unwrap();
    assert_eq!(again(&[], "2 pictures: 2 done\n"), both);
    assert!(again(&[], "2 pictures: 0 done, 2 done before").is_empty());
    // Neither format nor device nor the size of batches changes what is found.
    assert_eq!(
        again(&["--format", "csv", "--batch-size", "1"], "2 done before"),
        ["landmarks.csv"]
    );
    // Options do.
    assert_eq!(again(&["--min-score", "0.5"], "2 done\n"), both);
    assert_eq!(again(&["--min-score", "0.5", "--category", "upper"], "2 done\n"), both);
    assert_eq!(again(&[], "2 done\n"), both);
    assert_eq!(again(&["--again"], "2 done\n"), both);
    // A picture that changed, a drawing that is gone, and a record that is damaged.
    write_png(&scene.at("pictures/a.png"), &picture(61, 90)).unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), a);
    fs::remove_file(out.join("b/a.landmarks.png")).unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), b);
    fs::write(out.join("a.json"), "{").unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), a);
    scene.make_model();
    assert_eq!(again(&[], "2 done\n"), both);
}

#[test]
fn pictures_go_through_pipes() {
    let scene = Scene::new();
    let through = |arguments: &[&str], bytes: &[u8]| {
        let mut command = scene.predict(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait_with_output().unwrap()
    };
    let bytes = fs::read(scene.at("pictures/b/a.jpg")).unwrap();
    let output = through(&["-", "--out", "-"], &bytes);
    let (status, printed, errors) = told(output);
    assert_eq!((status, printed.lines().count()), (Some(0), 1), "{printed}{errors}");
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&found["picture"], &found["width"]), (&json!("-"), &json!(120)));
    assert!(errors.contains("1 picture: 1 done"), "{errors}");
    let output = through(&["-", "--out", "-", "--format", "png"], &bytes);
    let drawn = image::load_from_memory(&output.stdout).unwrap().into_rgb8();
    assert_eq!(drawn.dimensions(), (120, 80));
    let (status, printed, errors) = told(through(&["-", "--out", "-"], b"<html>"));
    assert_eq!((status, printed.as_str()), (Some(2), ""), "{errors}");
    assert!(errors.contains("failed: -: "), "{errors}");

    // A line for each picture, in order, as in its file; a list names them.
    let list = "other/c.png\npictures/a.png\n";
    fs::write(scene.at("list.txt"), list).unwrap();
    scene.done(&["--list", "list.txt", "--out", "found"]);
    let (status, printed, _) = told(through(&["--list", "-", "--out", "-"], list.as_bytes()));
    assert_eq!(status, Some(0));
    let lines: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.iter().zip(["other/c.json", "pictures/a.json"]) {
        assert_eq!(line["detections"], json(scene.at("found").join(name))["detections"], "{name}");
    }
}

/// The closed pipe is met at the first or at a later write: in both cases nobody is told.
#[test]
fn a_closed_pipe_ends_quietly() {
    let scene = Scene::new();
    for i in 0..40 {
        fs::copy(scene.at("pictures/a.png"), scene.at(&format!("other/{i}.png"))).unwrap();
    }
    let mut command =
        scene.predict(&["other", "--out", "-", "--batch-size", "1", "--category", "all"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let (status, _, errors) = told(child.wait_with_output().unwrap());
    assert_eq!((status, errors.as_str()), (Some(0), ""));
}

#[test]
fn tables_say_what_the_files_say() {
    let scene = Scene::new();
    let boxes = ["--box", "5,6,50,45", "--box", "-10,10,49.5,80"];
    scene.done(&[&["pictures", "--out", "found", "--format", "csv"], &boxes[..]].concat());
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
                    text(&found["picture"]),
                    garment,
                    text(&landmark["name"]),
                    numbers,
                    sides,
                ));
            }
        }
    }
    type Row =
        (String, usize, Option<String>, String, [f32; 3], Option<bool>, Option<f32>, [f32; 4]);
    let parse = |mut table: csv::Reader<&[u8]>| -> Vec<_> {
        assert_eq!(
            table.headers().unwrap().iter().collect::<Vec<_>>()[..4],
            ["picture", "garment", "category", "landmark"]
        );
        let rows = table.deserialize::<Row>();
        rows.map(|row| {
            let (picture, garment, category, landmark, numbers, visible, _, sides) = row.unwrap();
            assert_eq!((category, visible), (None, None));
            (picture, garment, landmark, numbers, sides)
        })
        .collect()
    };
    let table = fs::read(scene.at("found/landmarks.csv")).unwrap();
    assert_eq!(expected.len(), 2 * 2 * 8);
    assert_eq!(parse(csv::Reader::from_reader(&table[..])), expected);
    let printed =
        scene.done(&[&["pictures", "--out", "-", "--format", "csv"], &boxes[..]].concat());
    assert_eq!(parse(csv::Reader::from_reader(printed.as_bytes())), expected);
    // An empty one has its heading.
    let (_, printed, _) = scene.run(&["gone.png", "--out", "-", "--format", "csv"]);
    assert!(printed.starts_with("picture,garment,") && printed.lines().count() == 1, "{printed}");
}

#[test]
fn coco_results_have_numbers_that_a_file_explains() {
    let scene = Scene::new();
    let error = scene.refused(&["pictures", "--format", "coco", "--out", "found"]);
    assert!(error.contains("--category"), "{error}");
    let asked = ["pictures", "other", "--format", "coco", "--category", "lower"];
    scene.done(&[&asked[..], &["--out", "found"]].concat());
    let (results, numbers) =
        (json(scene.at("found/results.json")), json(scene.at("found/images.json")));
    let schema = LandmarkSchema::fld();
    let category = &schema.categories()[1];
    let (results, images) = (results.as_array().unwrap(), numbers["images"].as_array().unwrap());
    assert_eq!((results.len(), images.len()), (3, 3));
    let files = ["pictures/a.png", "pictures/b/a.jpg", "other/c.png"];
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

#[test]
fn a_detectors_boxes_are_found_by_the_pictures_names() {
    let scene = Scene::new();
    let images =
        json!([{"id": 7, "file_name": "b/a.jpg"}, {"id": 8, "file_name": "elsewhere.jpg"}]);
    let annotations = json!([
        {"image_id": 7, "category_id": 2, "bbox": [10, 20, 30, 40], "score": 0.5},
        {"image_id": 7, "category_id": 1, "bbox": [50, 10, 60, 60]},
        {"image_id": 8, "category_id": 1, "bbox": [1, 1, 5, 5]},
    ]);
    let write = |boxes: &Value| fs::write(scene.at("boxes.json"), boxes.to_string()).unwrap();
    let asked = ["pictures", "--boxes", "boxes.json", "--out", "found", "--no-drawings"];
    let by_category = [&asked[..], &["--category", "boxes"]].concat();
    write(&json!({"images": images, "annotations": annotations}));
    let printed = scene.done(&by_category);
    assert!(printed.contains("1 of 2 pictures have no box"), "{printed}");
    assert_eq!(names(&scene.at("found")), ["a.json", "b/a.json", "predict.json"]);
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
    write(&named("pictures/b/a.jpg"));
    assert!(scene.refused(&by_category).contains("category_id"));
    scene.done(&asked);
    assert_eq!(json(scene.at("found/b/a.json"))["detections"].as_array().unwrap().len(), 1);
    fs::copy(scene.at("pictures/b/a.jpg"), scene.at("pictures/a.jpg")).unwrap();
    write(&named("a.jpg"));
    let error = scene.refused(&asked);
    assert!(
        error.contains("box 1") && error.contains("pictures/a.jpg or pictures/b/a.jpg"),
        "{error}"
    );
    write(&named("elsewhere.jpg"));
    assert!(scene.refused(&asked).contains("no box is of one of these pictures"));
    write(&json!([{"image_id": 3, "bbox": [1, 2, 3, 4]}]));
    assert!(scene.refused(&asked).contains("box 1: it has neither a file_name"));
    write(&json!([{"file_name": "pictures/a.jpg", "bbox": [1, 2, 0, 4]}]));
    assert!(scene.refused(&asked).contains("box 1: "));
    fs::write(scene.at("boxes.json"), "[\n{]").unwrap();
    assert!(scene.refused(&asked).contains("boxes.json:2: "));

    // A box that one picture does not have, but the other.
    let (status, _, errors) = scene.run(&["pictures", "--box", "90,10,110,70", "--out", "part"]);
    assert_eq!(status, Some(1));
    assert!(errors.contains("failed: pictures/a.png: ") && errors.contains("outside"), "{errors}");
    assert_eq!(errors.matches("failed: ").count(), 1, "{errors}");
}

#[test]
fn what_cannot_be_done_is_explained() {
    let scene = Scene::new();
    fs::create_dir(scene.at("empty")).unwrap();
    assert!(scene.refused(&["empty"]).contains("no pictures in empty"));
    assert!(scene.refused(&["pictures/*.gif"]).contains("no file matches 'pictures/*.gif'"));
    let error = scene.refused(&["pictures", "--out", "pictures"]);
    assert!(error.contains("choose another folder for --out"), "{error}");
    assert!(
        scene.refused(&["pictures", "--out", "-", "--format", "png"]).contains("of one picture")
    );
    assert!(scene.refused(&["pictures", "--out", "-", "--explain"]).contains("--out FOLDER"));
    assert!(scene.refused(&["pictures", "--category", "hat"]).contains("upper, lower, full"));
    assert!(scene.refused(&["pictures", "--category", "boxes"]).contains("--boxes"));
    assert!(scene.refused(&["pictures", "--boxes", "none.json"]).contains("none.json"));
    assert!(scene.refused(&["-", "--list", "-"]).contains("standard input"));
    for (option, value) in
        [("--box", "1,2,3"), ("--box", "5,5,1,9"), ("--box", "1,2,NaN,4"), ("--batch-size", "0")]
    {
        let (status, _, errors) = scene.run(&["pictures", option, value]);
        assert_eq!(status, Some(2), "{errors}");
        assert!(errors.contains(option), "{errors}");
    }
    // Names that all pictures' results have, and such as differ in the ending alone.
    let out = scene.at("empty");
    for name in ["predict.png", "results.png", "x.v1.png", "x.v1.jpg", "X.v1.webp.png"] {
        fs::copy(scene.at("other/c.png"), scene.at("other").join(name)).unwrap();
    }
    scene.done(&["other", "--out", "empty", "--no-drawings"]);
    let expected = [
        "X.v1.webp.json",
        "c.json",
        "predict-2.json",
        "predict.json",
        "results-2.json",
        "x.v1-2.json",
        "x.v1.json",
    ];
    assert_eq!(names(&out), expected);
}

/// Standard input keeps the run waiting at its second picture for as long as the test needs.
#[cfg(unix)]
#[test]
fn an_interrupted_run_is_gone_on_with() {
    use std::io::{BufRead, BufReader, Read};

    let scene = Scene::new();
    let inputs = [
        "pictures/a.png",
        "-",
        "other/c.png",
        "--batch-size",
        "1",
        "--format",
        "csv",
        "--out",
        "found",
    ];
    let begin = || {
        let mut command = scene.predict(&inputs);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut child = begin();
    while !scene.at("found/pictures/a.json").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
    let sent = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert_eq!(line, "finishing the pictures at hand; again to quit at once\n");
    let bytes = fs::read(scene.at("pictures/b/a.jpg")).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    errors.read_to_string(&mut line).unwrap();
    let (status, printed, _) = told(child.wait_with_output().unwrap());
    assert_eq!(status, Some(130), "{printed}{line}");
    assert!(printed.contains("3 pictures: 1 done, 2 not looked at"), "{printed}");
    assert!(printed.contains("the same command goes on from here"), "{printed}");
    assert!(!scene.at("found/landmarks.csv").exists());

    let mut child = begin();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let (status, printed, errors) = told(child.wait_with_output().unwrap());
    assert_eq!(status, Some(0), "{errors}");
    assert!(printed.contains("3 pictures: 2 done, 1 done before"), "{printed}");
    let table = fs::read_to_string(scene.at("found/landmarks.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + 3 * 8);
}
