//! What is done is kept, and what is not is resumed.
use super::*;

/// Those of an image's files that a run wrote anew.
fn written<'a>(
    before: &BTreeMap<String, SystemTime>,
    after: &'a BTreeMap<String, SystemTime>,
) -> Vec<&'a str> {
    let fresh = after.iter().filter(|(name, time)| before.get(*name) != Some(time));
    fresh.map(|(name, _)| name.as_str()).filter(|name| *name != "detect.json").collect()
}

#[test]
fn what_is_done_is_not_done_again() {
    let scene = Scene::new();
    let out = scene.at("found");
    let again = |arguments: &[&str], expected: &str| {
        let before = files(&out);
        let printed = scene.done(&[&["images", "--out", "found"], arguments].concat());
        assert!(printed.contains(expected), "{arguments:?}: {printed}");
        let after = files(&out);
        written(&before, &after).into_iter().map(String::from).collect::<Vec<_>>()
    };
    let (a, b) = (["a.json", "a.landmarks.png"], ["b/a.json", "b/a.landmarks.png"]);
    let both = [a, b].concat();
    fs::create_dir(&out).unwrap();
    assert_eq!(again(&[], "2 images: 2 done\n"), both);
    assert!(again(&[], "2 images: 0 done, 2 done before").is_empty());
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
    // An image that changed, a drawing that is gone, and a record that is damaged.
    write_png(scene.at("images/a.png"), &image(61, 90)).unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), a);
    fs::remove_file(out.join("b/a.landmarks.png")).unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), b);
    fs::write(out.join("a.json"), "{").unwrap();
    assert_eq!(again(&[], "1 done, 1 done before"), a);
    scene.make_model();
    assert_eq!(again(&[], "2 done\n"), both);
}

/// Neither record nor drawings; and what no run wrote is left alone.
#[test]
fn an_image_that_fails_loses_its_earlier_results() {
    let scene = Scene::new();
    scene.done(&["images", "--out", "found", "--explain"]);
    for name in ["images/a.png", "images/bad.png"] {
        fs::write(scene.at(name), "no image").unwrap();
    }
    fs::write(scene.at("found/bad.json"), "{\"of\": \"somebody else\"}").unwrap();
    let (status, printed, errors) =
        scene.run(&["images", "--out", "found", "--explain", "--batch-size", "1"]);
    assert_eq!(status, Some(1), "{errors}");
    assert!(printed.contains("3 images: 0 done, 1 done before, 2 failed"), "{printed}");
    let kept = ["b/a.explanation.png", "b/a.json", "b/a.landmarks.png", "bad.json", "detect.json"];
    assert_eq!(names(&scene.at("found")), kept);
}

/// Standard input keeps the run waiting at its second image for as long as the test needs.
#[cfg(unix)]
#[test]
fn an_interrupted_run_is_gone_on_with() {
    use std::io::{BufRead, BufReader, Read};

    let scene = Scene::new();
    let inputs = [
        "images/a.png",
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
        let mut command = scene.detect(&inputs);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut child = begin();
    while !scene.at("found/images/a.json").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
    let sent = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert_eq!(line, "finishing the current images; again to quit at once\n");
    let bytes = fs::read(scene.at("images/b/a.jpg")).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    errors.read_to_string(&mut line).unwrap();
    let (status, printed, _) = told(child.wait_with_output().unwrap());
    assert_eq!(status, Some(130), "{printed}{line}");
    assert!(printed.contains("3 images: 1 done, 2 not processed"), "{printed}");
    assert!(printed.contains("the same command resumes from here"), "{printed}");
    assert!(!scene.at("found/landmarks.csv").exists());

    let mut child = begin();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let (status, printed, errors) = told(child.wait_with_output().unwrap());
    assert_eq!(status, Some(0), "{errors}");
    assert!(printed.contains("3 images: 2 done, 1 done before"), "{printed}");
    let table = fs::read_to_string(scene.at("found/landmarks.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + 3 * 8);
}
