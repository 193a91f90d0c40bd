//! Standard input and output.
use super::*;

#[test]
fn images_go_through_pipes() {
    let scene = Scene::new();
    let through = |arguments: &[&str], bytes: &[u8]| {
        let mut command = scene.detect(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait_with_output().unwrap()
    };
    let bytes = fs::read(scene.at("images/b/a.jpg")).unwrap();
    let output = through(&["-", "--out", "-"], &bytes);
    let (status, printed, errors) = told(output);
    assert_eq!((status, printed.lines().count()), (Some(0), 1), "{printed}{errors}");
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&found["image"], &found["width"]), (&json!("-"), &json!(120)));
    assert!(errors.contains("1 image: 1 done"), "{errors}");
    let output = through(&["-", "--out", "-", "--format", "png"], &bytes);
    let drawn = image::load_from_memory(&output.stdout).unwrap().into_rgb8();
    assert_eq!((drawn.width(), drawn.height()), (512, 341));
    let (status, printed, errors) = told(through(&["-", "--out", "-"], b"<html>"));
    assert_eq!((status, printed.as_str()), (Some(2), ""), "{errors}");
    assert!(errors.contains("failed: -: "), "{errors}");

    // A line for each image, in order, as in its file; a list names them.
    let list = "other/c.png\nimages/a.png\n";
    fs::write(scene.at("list.txt"), list).unwrap();
    scene.done(&["--list", "list.txt", "--out", "found"]);
    let (status, printed, _) = told(through(&["--list", "-", "--out", "-"], list.as_bytes()));
    assert_eq!(status, Some(0));
    let lines: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.iter().zip(["other/c.json", "images/a.json"]) {
        assert_eq!(line["detections"], json(scene.at("found").join(name))["detections"], "{name}");
    }
}

/// The closed pipe is met at the first or at a later write: in both cases nobody is told.
#[test]
fn a_closed_pipe_ends_quietly() {
    let scene = Scene::new();
    for i in 0..40 {
        fs::copy(scene.at("images/a.png"), scene.at(&format!("other/{i}.png"))).unwrap();
    }
    let mut command =
        scene.detect(&["other", "--out", "-", "--batch-size", "1", "--category", "all"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let (status, _, errors) = told(child.wait_with_output().unwrap());
    assert_eq!((status, errors.as_str()), (Some(0), ""));
}
