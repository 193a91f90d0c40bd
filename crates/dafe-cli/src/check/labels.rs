//! A dataset's landmarks as text: names, mirror pairs and sigmas.
use dafe::prelude::*;

use crate::support::NO_SIGMAS;

/// The sigma that is written if none is known. COCO's are 0.062 for a wrist and 0.025 for an eye.
const USUAL_SIGMA: f64 = 0.05;

/// The most names that are listed.
const SHOWN: usize = 12;

/// Describes a dataset's landmarks in lines of text.
pub fn describe(dataset: &dyn LandmarkDataset) -> Vec<String> {
    let schema = dataset.schema();
    let (names, mirror) = (schema.names(), schema.mirror());
    let pairs: Vec<_> = (mirror.iter().enumerate())
        .filter(|&(i, &other)| i < other)
        .map(|(i, &other)| format!("{} | {}", names[i], names[other]))
        .collect();
    let alone: Vec<_> = (mirror.iter().enumerate())
        .filter(|&(i, &other)| i == other)
        .map(|(i, _)| names[i].clone())
        .collect();
    let mut lines = vec![format!("{} landmarks; mirror pairs: {}", names.len(), list(&pairs))];
    if !alone.is_empty() {
        lines.push(format!("without a mirror pair: {}", list(&alone)));
    }
    if schema.sigmas().is_none() {
        lines.push(NO_SIGMAS.into());
    }
    lines
}

fn list(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "none".into(),
        count if count > SHOWN => format!("{shown} and {} more", count - SHOWN),
        _ => shown,
    }
}

/// The schema with sigmas, and a remark if they are assumed.
pub fn with_usual_sigmas(schema: &LandmarkSchema) -> (LandmarkSchema, String) {
    if schema.sigmas().is_some() {
        return (schema.clone(), String::new());
    }
    let sigmas = vec![USUAL_SIGMA; schema.len()];
    let schema = schema.clone().with_sigmas(sigmas).expect("one positive number for each");
    (schema, format!(" (sigmas are not known: {USUAL_SIGMA} is assumed for each)"))
}
