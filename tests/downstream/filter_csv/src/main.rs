//! `filter-csv SCORE IMAGE…`: the landmarks with at least that score, as CSV on standard output.
use std::{env, error::Error, io, process::ExitCode};

use dafe::prelude::*;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let least: f32 = arguments.next().ok_or("usage: filter-csv SCORE IMAGE…")?.parse()?;
    let detector = LandmarkDetector::bundled(&Device::flex());
    let mut table = csv::Writer::from_writer(io::stdout());
    table.write_record(["image", "category", "landmark", "x", "y", "score"])?;
    for path in arguments {
        let found = detector.detect_file(&path)?;
        let category = found.category.map_or(String::new(), |category| category.name);
        for landmark in found.landmarks.iter().filter(|landmark| landmark.score >= least) {
            let [x, y, score] = [landmark.x, landmark.y, landmark.score].map(|n| n.to_string());
            table.write_record([&path, &category, &landmark.name, &x, &y, &score])?;
        }
    }
    table.flush()?;
    Ok(())
}
