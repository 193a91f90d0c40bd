//! Files for readers that take paths: the fuzzer's bytes are written to a folder that is reused
//! between runs.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use dafe::data::LandmarkDataset;
use tempfile::TempDir;

/// The folder, ideally in memory: `TMPDIR=/dev/shm`.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder for files")).path()
}

/// Writes the bytes to the file `name`.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(&path, bytes).expect("a file");
    path
}

/// Creates the image that the YOLO labels refer to, once.
pub fn yolo_image() {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let path = file("images/a.png", b"");
        let pixels = dafe::image::RgbImage::new(20, 10);
        dafe::data::image::write_png(&path, &pixels).expect("an image");
        path
    });
}

/// Checks the invariants of every dataset that a reader accepts.
pub fn check(dataset: &dyn LandmarkDataset) {
    let schema = dataset.schema();
    schema.validate().expect("a schema that was accepted");
    assert!(!dataset.is_empty());
    for i in 0..dataset.len() {
        let sample = dataset.sample(i);
        assert_eq!(sample.landmarks.len(), schema.len());
        assert!(sample.bounding_box.width() > 0.0 && sample.bounding_box.height() > 0.0);
        let finite = |v: f32| v.is_finite();
        for landmark in sample.landmarks.iter().filter(|l| l.visibility.has_position()) {
            assert!(finite(landmark.x) && finite(landmark.y));
        }
        assert!(!Path::new(&sample.image).is_absolute());
        assert!(sample.image.split('/').all(|part| part != ".."), "a name may have dots in it");
    }
}
