//! The normalized error of parts of a split, with intervals.
use serde::{Deserialize, Serialize};

use super::landmark_report::LandmarkReport;
use crate::{
    landmark::Visibility,
    metric::{Bootstrap, Estimate, LandmarkDistance, LandmarkMetric, Named, Ne, VisibilityRule},
};

/// The normalized error of one part of a split.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NePart {
    /// The number of samples with a scored landmark.
    pub samples: u64,
    /// The number of scored landmarks.
    pub landmarks: u64,
    /// The normalized error, with its interval.
    pub ne: Estimate,
}

/// The normalized error of a split's parts.
///
/// The values are those of [`LandmarkSummary`](super::LandmarkSummary) under `ne_per_landmark`,
/// `ne_by_category`, `ne_by_variation` and `ne_by_visibility`, with intervals by a bootstrap over
/// all images. Parts without samples are left out, except landmarks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeParts {
    /// By landmark.
    pub landmarks: Named<NePart>,
    /// By the samples' category.
    pub categories: Named<NePart>,
    /// By the samples' variation type.
    pub variations: Named<NePart>,
    /// For "visible" and "occluded" landmarks, if the protocol scores them.
    pub visibilities: Named<NePart>,
}

impl LandmarkReport {
    /// The normalized error of the split's parts, with intervals and counts.
    pub fn ne_parts(&self, bootstrap: &Bootstrap) -> NeParts {
        NeParts::of(self, bootstrap)
    }
}

impl NeParts {
    fn of(report: &LandmarkReport, bootstrap: &Bootstrap) -> Self {
        let protocol = report.protocol;
        let intervals = report.errors.landmark_intervals(&protocol, bootstrap);
        let (mut samples, means) = (vec![0; intervals.len()], report.errors.means(&protocol));
        let scored = report.errors.samples().flatten();
        // Each landmark occurs once in a sample, so this counts samples.
        scored
            .filter(|error| protocol.value(error).is_some())
            .for_each(|error| samples[error.landmark] += 1);
        let landmarks = means.per_landmark().into_iter().zip(intervals).enumerate();
        let landmarks = landmarks.map(|(i, (value, interval))| {
            let ne = Estimate { value, interval };
            NePart { samples: samples[i], landmarks: means.counts()[i], ne }
        });

        let categories: Vec<_> = report.categories().into_iter().collect();
        let variations: Vec<_> = report.variations().into_iter().collect();
        let in_category = |sample: usize, _: &LandmarkDistance| {
            categories.binary_search(&report.groups[sample].category?).ok()
        };
        let in_variation = |sample: usize, _: &LandmarkDistance| {
            variations.binary_search(&report.groups[sample].variation?).ok()
        };
        let by_visibility = |_: usize, error: &LandmarkDistance| {
            Some(usize::from(error.visibility != Visibility::Visible))
        };
        let all = Ne { visibility: VisibilityRule::VisibleAndOccluded, ..protocol };
        Self {
            landmarks: report.schema.names().iter().cloned().zip(landmarks).collect(),
            categories: parts(
                report,
                &protocol,
                categories.iter().map(|&category| report.category_name(category)).collect(),
                in_category,
                bootstrap,
            ),
            variations: parts(
                report,
                &protocol,
                variations.iter().map(|variation| variation.name().to_string()).collect(),
                in_variation,
                bootstrap,
            ),
            visibilities: parts(
                report,
                &all,
                ["visible", "occluded"].map(String::from).to_vec(),
                by_visibility,
                bootstrap,
            ),
        }
    }
}

/// Splits the errors into parts by `part`, with their names.
fn parts(
    report: &LandmarkReport,
    protocol: &Ne,
    names: Vec<String>,
    part: impl Fn(usize, &LandmarkDistance) -> Option<usize>,
    bootstrap: &Bootstrap,
) -> Named<NePart> {
    let errors = &report.errors;
    let intervals = errors.part_intervals(protocol, names.len(), &part, bootstrap);
    let of = |(number, (name, interval)): (usize, (String, _))| {
        let means =
            errors.means_where(protocol, |sample, error| part(sample, error) == Some(number));
        let is_scored = |(sample, found): &(usize, &[LandmarkDistance])| {
            found.iter().any(|error| {
                part(*sample, error) == Some(number) && protocol.value(error).is_some()
            })
        };
        let part = NePart {
            samples: errors.samples().enumerate().filter(is_scored).count() as u64,
            landmarks: means.counts().iter().sum(),
            ne: Estimate { value: protocol.headline(&means), interval },
        };
        (name, part)
    };
    names.into_iter().zip(intervals).enumerate().map(of).collect()
}
