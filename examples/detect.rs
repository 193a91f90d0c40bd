//! Finds the landmarks of the garment in one photograph, with the bundled model.
//!
//!     cargo run --release --example detect -- shirt.jpg
use std::{env, path::Path, process::ExitCode};

use dafe::{
    atomic::create_folder,
    data::image::{read_image, write_png},
    detector::DetectedLandmark,
    draw::{Drawing, LandmarkMark, Marker},
    prelude::*,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [image] = &arguments[..] else {
        eprintln!("error: usage: detect IMAGE");
        return ExitCode::FAILURE;
    };
    match detect(image.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn detect(path: &Path) -> Result<(), dafe::Error> {
    // Cameras store images as the sensor was held. `read_image` rotates them according to EXIF, so
    // that landmarks are in the pixels that a viewer shows.
    let image = read_image(path)?;
    // For your own model: LandmarkDetector::load("runs/train_fld", &device). A detector never
    // changes: load it once, share it between threads, and use it as often as you like.
    let detector = LandmarkDetector::bundled(&Device::flex());

    // Without a box, the detector runs twice: on the whole image, then on the region around what it
    // found. If an image has several garments, give each one's box: detect(&image,
    // Some(bounding_box)).
    let found = detector.detect(&image, None)?;
    if let Some(category) = &found.category {
        // The detection leaves out landmarks that this category lacks.
        println!("{} garment", category.name);
    }
    // A score near 1 means high confidence; near 0, the network saw no such landmark. Scores are
    // not probabilities.
    for landmark in &found.landmarks {
        let DetectedLandmark { name, x, y, score, .. } = landmark;
        println!("{name:<16} ({x:.1}, {y:.1})  score {score:.2}");
    }

    let schema = &detector.config().schema;
    let marks: Vec<LandmarkMark> = found.landmarks.iter().map(LandmarkMark::from).collect();
    let mut drawing = Drawing::new(&image);
    drawing
        .bounding_box(&found.bounding_box)
        .skeleton(schema, &marks)
        .landmarks(schema, &marks, Marker::Dot)
        .names(schema, &marks);
    let folder = Path::new("runs/detect");
    create_folder(folder)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let rendered = folder.join(format!("{name}.landmarks.png"));
    write_png(&rendered, &drawing.image())?;
    println!("{}", rendered.display());
    Ok(())
}
