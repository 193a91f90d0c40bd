//! Writing images to files.
use super::*;

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = gradient(61, 47);
    let path = folder.path().join("a.png");
    write_png(&path, &image).unwrap();
    assert_eq!(read_image(&path).unwrap(), image);
    let flat = RgbImage::from_pixel(61, 47, Rgb([200, 100, 50]));
    write_jpeg(&path, &flat, 95).unwrap();
    let read = read_image(&path).unwrap();
    assert_eq!(read.dimensions(), (61, 47), "a JPEG whose name ends in .png");
    assert_near(&read, (60, 46), [200, 100, 50]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    let refused = |result: Result<(), Error>, message: &str| {
        assert_eq!(result.unwrap_err().to_string(), format!("{}: {message}", path.display()));
    };
    let small = RgbImage::new(2, 2);
    refused(write_jpeg(&path, &small, 0), "a JPEG's quality is 1 to 100, not 0");
    refused(write_jpeg(&path, &small, 101), "a JPEG's quality is 1 to 100, not 101");
    refused(write_png(&path, &RgbImage::new(0, 3)), "0 × 3 pixels: there is nothing to write");
    let wide = "65536 × 1 pixels: a JPEG's sides have at most 65535";
    refused(write_jpeg(&path, &RgbImage::new(65_536, 1), 90), wide);
    let error = write_png(folder.path().join("missing/a.png"), &small).unwrap_err().to_string();
    assert!(error.starts_with("cannot write "), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
