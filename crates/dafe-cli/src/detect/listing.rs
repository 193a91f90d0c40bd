//! A listing of a single image's landmarks, for the terminal.
use std::io;

use dafe::{
    detector::{DetectedLandmark, output::GarmentDetection},
    prelude::*,
};

use super::{looking::shows_any, output::Folder};

/// The files of the image's results, and a table of landmarks per garment. Unless there is `always`
/// a garment, it says that none was found if no landmark's score reaches `min_score`.
pub fn of(folder: &Folder<'_>, index: usize, min_score: f32, always: bool) -> io::Result<String> {
    let garments = folder.record(index)?.found.detections;
    let mut text = if always || shows_any(&garments, min_score) {
        String::new()
    } else if garments.is_empty() {
        "no garment found\n".into()
    } else {
        format!("no garment found: no landmark has a score of {min_score:.2} (--min-score)\n")
    };
    for (number, GarmentDetection { detection, box_score }) in (1..).zip(&garments) {
        let score = box_score.map(|score| format!("score {score:.2}"));
        text += &heading((garments.len() > 1).then_some(number), detection, score);
        text += &table(&detection.landmarks, min_score);
    }
    let files =
        [folder.file(index, ".json")].into_iter().chain(folder.rendered(index, garments.len()));
    let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
    Ok(text + &files.join("\n") + "\n")
}

/// The garment's number if there are several, and its category and score if known.
fn heading(number: Option<usize>, detection: &Detection, score: Option<String>) -> String {
    let number = number.map(|number| format!("garment {number}"));
    let category = detection.category.as_ref().map(|category| match category.probability {
        Some(probability) => {
            let unsure = if category.sure { "" } else { "unsure, " };
            format!("category {} ({unsure}{probability:.2})", category.name)
        }
        None => format!("category {}", category.name),
    });
    let parts: Vec<String> = number.into_iter().chain(category).chain(score).collect();
    if parts.is_empty() { String::new() } else { parts.join(", ") + "\n" }
}

/// Landmarks below `min_score` are marked as not rendered.
fn table(landmarks: &[DetectedLandmark], min_score: f32) -> String {
    let width = landmarks.iter().map(|found| found.name.chars().count()).max().unwrap_or(0);
    let width = width.max("landmark".len());
    let calibrated = landmarks.iter().any(|found| found.confidence.is_some());
    let mut table = format!("  {:<width$}  {:>7}  {:>7}  {:>5}", "landmark", "x", "y", "score");
    table += if calibrated { "  confidence\n" } else { "\n" };
    for found in landmarks {
        let DetectedLandmark { name, x, y, score, confidence, .. } = found;
        table += &format!("  {name:<width$}  {x:>7.1}  {y:>7.1}  {score:>5.2}");
        if let Some(confidence) = confidence {
            table += &format!("  {confidence:>10.2}");
        }
        table += if *score >= min_score { "\n" } else { "  not rendered\n" };
    }
    if landmarks.iter().any(|found| found.score < min_score) {
        table += &format!("  not rendered: the score is below {min_score:.2} (--min-score)\n");
    }
    table
}
