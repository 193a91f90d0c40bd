//! The report's plots: SVG from the library, which escapes names.
use base64::{Engine, engine::general_purpose::STANDARD};
use dafe::{
    draw::{ne_by_part, pck_curve, pdl_curve, reliability_diagram},
    metric::{Named, NePart},
};
use serde::Serialize;

use super::Measured;
use crate::support::{Outcome, models::Source};

/// The most parts in a plot; those with the largest errors are kept.
const MOST: usize = 40;

/// The largest file of training curves that is embedded, in bytes.
const MAX_CURVES: u64 = 1 << 20;

#[derive(Serialize)]
pub struct Plot {
    /// A description for screen readers.
    description: String,
    content: Content,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Content {
    /// An SVG document created by this program.
    Svg(String),
    /// An SVG document from a file, in base64: embedded as an image, which runs no scripts and
    /// loads nothing.
    Image(String),
}

pub fn all(measured: &Measured<'_>) -> Outcome<Vec<Plot>> {
    let numbers = measured.numbers;
    let mut plots = Vec::new();
    let mut add = |description: &str, svg: String| {
        plots.push(Plot { description: description.into(), content: Content::Svg(svg) });
    };
    if let Some(parts) = &numbers.ne_parts {
        let parts = [
            ("Error by landmark", &parts.landmarks),
            ("Error by category", &parts.categories),
            ("Error by variation type", &parts.variations),
            ("Error by visibility", &parts.visibilities),
        ];
        for (title, parts) in parts.into_iter().filter(|(_, parts)| !parts.is_empty()) {
            let (title, parts) = largest(title, parts);
            add(&title, ne_by_part(&title, &parts, numbers.summary.ne)?);
        }
        if let Some(curve) = &numbers.summary.pdl {
            add("Fraction of landmarks within a normalized distance", pdl_curve(curve)?);
        }
        if let Some(curve) = &numbers.pck {
            let description = "Fraction of landmarks within a fraction of the box's longer side";
            add(description, pck_curve(curve)?);
        }
    }
    if let Some(visibility) = &numbers.visibility {
        let description =
            "Fraction of visible landmarks by the predicted probability of being visible";
        add(description, reliability_diagram("visible", &visibility.reliability)?);
    }
    if let Some(confidence) = &numbers.confidence {
        let description = "Fraction of correct positions by their predicted confidence";
        add(description, reliability_diagram("correct", &confidence.reliability)?);
    }
    plots.extend(training(measured));
    Ok(plots)
}

/// If there are many parts, those with the largest errors.
fn largest(title: &str, parts: &Named<NePart>) -> (String, Named<NePart>) {
    let scored = |part: &NePart| part.ne.value.is_some();
    let count = parts.iter().filter(|(_, part)| scored(part)).count();
    if count <= MOST {
        return (title.to_string(), parts.clone());
    }
    let mut sorted: Vec<_> = parts.iter().filter(|(_, part)| scored(part)).collect();
    sorted
        .sort_by(|(_, a), (_, b)| b.ne.value.unwrap_or(0.0).total_cmp(&a.ne.value.unwrap_or(0.0)));
    let kept = sorted.into_iter().take(MOST).map(|(name, part)| (name.clone(), *part)).collect();
    (format!("{title}: the largest {MOST} of {count}"), kept)
}

/// The training curves next to the model, if there are any.
fn training(measured: &Measured<'_>) -> Option<Plot> {
    let Source::File(model) = measured.args.source() else { return None };
    let folder = if model.is_dir() { model } else { model.parent()? };
    let path = folder.join("curves.svg");
    let size = path.metadata().ok().filter(|file| file.is_file())?.len();
    let svg = (size <= MAX_CURVES).then(|| std::fs::read(&path).ok())??;
    let description = "Training loss, validation error and learning rate by epoch".into();
    Some(Plot { description, content: Content::Image(STANDARD.encode(svg)) })
}
