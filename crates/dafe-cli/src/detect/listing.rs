//! The landmarks of a single image, for the terminal.
use std::io;

use dafe::{
    detector::{DetectedLandmark, output::GarmentDetection},
    prelude::*,
};

use super::{looking::shows_any, output::Folder};

/// Where the results of the image are, and its landmarks in a table for each garment; that none was
/// found where no landmark has at least the score `shown_from`.
pub fn of(folder: &Folder<'_>, index: usize, shown_from: Option<f32>) -> io::Result<String> {
    let garments = folder.record(index)?.found.detections;
    let mut text = match shown_from {
        Some(_) if garments.is_empty() => "no garment found\n".into(),
        Some(score) if !shows_any(&garments, score) => {
            format!("no garment found: no landmark has a score of {score}\n")
        }
        _ => String::new(),
    };
    for (number, GarmentDetection { detection, box_score }) in (1..).zip(&garments) {
        let score = box_score.map(|score| format!("score {score:.2}"));
        text += &heading((garments.len() > 1).then_some(number), detection, score);
        text += &table(&detection.landmarks);
    }
    let files =
        [folder.file(index, ".json")].into_iter().chain(folder.drawn(index, garments.len()));
    let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
    Ok(text + &files.join("\n") + "\n")
}

/// The garment's number, where there are several, and its category and score, where they are known.
fn heading(number: Option<usize>, detection: &Detection, score: Option<String>) -> String {
    let number = number.map(|number| format!("garment {number}"));
    let category = detection.category.as_ref().map(|category| match category.probability {
        Some(probability) => format!("category {} ({probability:.2})", category.name),
        None => format!("category {}", category.name),
    });
    let parts: Vec<String> = number.into_iter().chain(category).chain(score).collect();
    if parts.is_empty() { String::new() } else { parts.join(", ") + "\n" }
}

fn table(landmarks: &[DetectedLandmark]) -> String {
    let width = landmarks.iter().map(|found| found.name.chars().count()).max().unwrap_or(0);
    let width = width.max("landmark".len());
    let mut table = format!("  {:<width$}  {:>7}  {:>7}  {:>5}\n", "landmark", "x", "y", "score");
    for found in landmarks {
        let DetectedLandmark { name, x, y, score, .. } = found;
        table += &format!("  {name:<width$}  {x:>7.1}  {y:>7.1}  {score:>5.2}\n");
    }
    table
}
