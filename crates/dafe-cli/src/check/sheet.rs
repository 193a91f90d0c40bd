//! Choice of samples for a sheet: those with findings first.
use std::collections::HashSet;

use dafe::prelude::*;

use crate::support::{
    datasets::{Findings, Level},
    sheets::spread,
};

/// At most `count` samples: first from images with errors and warnings, most severe kinds first,
/// then others, evenly spaced.
pub fn worst_first<'a>(
    datasets: &[&'a dyn LandmarkDataset],
    findings: &Findings,
    count: usize,
) -> Vec<(&'a dyn LandmarkDataset, usize)> {
    let mut flagged = HashSet::new();
    let groups = findings.groups().into_iter();
    for group in groups.filter(|group| group.kind.advice().level != Level::Note) {
        // Only some of each kind, so that one kind does not fill the sheet.
        let images = group.examples.iter().filter_map(|example| example.image.as_deref());
        flagged.extend(images.take(count.div_ceil(4)));
    }
    let all = datasets.iter().flat_map(|&dataset| (0..dataset.len()).map(move |i| (dataset, i)));
    let (worst, others): (Vec<_>, Vec<_>) =
        all.partition(|(dataset, index)| flagged.contains(dataset.sample(*index).image.as_str()));
    let mut shown: Vec<_> = worst.into_iter().take(count).collect();
    let rest = count - shown.len();
    shown.extend(spread(&others, rest).copied());
    shown
}
