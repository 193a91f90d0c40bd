//! Classification of visible and hidden landmarks, and the reliability of its probabilities.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    bootstrap::Bootstrap,
    estimate::{Estimate, Named},
    landmark_means::mean,
    reliability::{ReliabilityBin, reliability},
};
use crate::landmark::{LandmarkSample, Visibility, VisibilityEstimate};

/// Counts of visible and hidden (occluded or truncated) landmarks, and of correct predictions.
///
/// ```
/// use dafe::metric::VisibilityCounts;
///
/// let counts = VisibilityCounts { visible: 10, visible_found: 9, hidden: 2, hidden_found: 1 };
/// assert_eq!(counts.balanced_accuracy(), Some((0.9 + 0.5) / 2.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisibilityCounts {
    /// Landmarks labeled visible.
    pub visible: u64,
    /// Visible landmarks that were predicted visible.
    pub visible_found: u64,
    /// Landmarks labeled occluded or truncated.
    pub hidden: u64,
    /// Hidden landmarks that were predicted hidden.
    pub hidden_found: u64,
}

impl VisibilityCounts {
    /// The mean of the recall of visible landmarks and that of hidden ones.
    ///
    /// It is ½ for any constant prediction, even if most landmarks are visible. `None` if all are
    /// of one kind.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let share = |found: u64, all: u64| (all > 0).then(|| found as f64 / all as f64);
        let [visible, hidden] =
            [share(self.visible_found, self.visible)?, share(self.hidden_found, self.hidden)?];
        Some((visible + hidden) / 2.0)
    }

    fn add(&mut self, observation: &Observation, times: u64) {
        let correct = times * u64::from(observation.estimate.visible == observation.visible);
        let (all, found) = match observation.visible {
            true => (&mut self.visible, &mut self.visible_found),
            false => (&mut self.hidden, &mut self.hidden_found),
        };
        *all += times;
        *found += correct;
    }
}

/// One landmark of one sample.
#[derive(Debug, Clone, Copy)]
struct Observation {
    landmark: usize,
    estimate: VisibilityEstimate,
    visible: bool,
}

/// Accumulates visibility estimates and labels, over the landmarks that the samples' categories
/// have.
#[derive(Debug, Clone, Default)]
pub struct VisibilityReport {
    images: IndexMap<String, Vec<Observation>>,
}

impl VisibilityReport {
    /// Adds one sample. Landmarks without an estimate, and those that its category lacks, are
    /// ignored.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, estimates: &[Option<VisibilityEstimate>], sample: &LandmarkSample) {
        let n = sample.landmarks.len();
        assert_eq!(estimates.len(), n, "{n} landmarks are labeled, {} estimated", estimates.len());
        let labeled = sample.landmarks.iter().zip(estimates).enumerate();
        let observations = self.images.entry(sample.image.clone()).or_default();
        observations.extend(labeled.filter_map(|(landmark, (label, estimate))| {
            let visible = match label.visibility {
                Visibility::Visible => true,
                Visibility::Occluded | Visibility::Truncated => false,
                Visibility::Absent => return None,
            };
            Some(Observation { landmark, estimate: (*estimate)?, visible })
        }));
    }

    /// The counts of landmark `landmark` over all images; zero if it has no estimates.
    pub fn counts(&self, landmark: usize) -> VisibilityCounts {
        let all = self.counted(&vec![1; self.images.len()]);
        all.get(landmark).copied().unwrap_or_default()
    }

    /// The mean of all landmarks' balanced accuracies, with its interval, over landmarks that have
    /// both visible and hidden instances.
    pub fn balanced_accuracy(&self, bootstrap: &Bootstrap) -> Estimate {
        let average = |times: &[u32]| {
            let counted = self.counted(times);
            mean(counted.iter().filter_map(VisibilityCounts::balanced_accuracy))
        };
        let value = average(&vec![1; self.images.len()]);
        let [interval] = bootstrap.intervals(self.images.len(), |times| [average(times)]);
        Estimate { value, interval }
    }

    /// The balanced accuracy of each landmark with estimates, by its name in `names`, with
    /// intervals.
    ///
    /// # Panics
    /// If a landmark with estimates has no name.
    pub fn by_landmark(&self, names: &[String], bootstrap: &Bootstrap) -> Named<Estimate> {
        let accuracies = |counted: &[VisibilityCounts]| {
            counted.iter().map(VisibilityCounts::balanced_accuracy).collect::<Vec<_>>()
        };
        let all = self.counted(&vec![1; self.images.len()]);
        let intervals = bootstrap.intervals_of_many(self.images.len(), all.len(), |times| {
            accuracies(&self.counted(times))
        });
        let estimates = accuracies(&all).into_iter().zip(intervals);
        (estimates.zip(&all).enumerate())
            .filter(|(_, (_, counts))| counts.visible + counts.hidden > 0)
            .map(|(landmark, ((value, interval), _))| {
                (names[landmark].clone(), Estimate { value, interval })
            })
            .collect()
    }

    /// Predicted against observed probability, in `bins` bins of equal width from 0 to 1. Empty
    /// bins are left out.
    ///
    /// # Panics
    /// If `bins` is 0.
    pub fn reliability(&self, bins: usize) -> Vec<ReliabilityBin> {
        let observations = self.images.values().flatten();
        reliability(observations.map(|one| (one.estimate.probability, one.visible)), bins)
    }

    /// The counts of each landmark, up to the last with estimates, with each image repeated as
    /// often as `times` says.
    fn counted(&self, times: &[u32]) -> Vec<VisibilityCounts> {
        let landmarks = self.images.values().flatten().map(|observation| observation.landmark + 1);
        let mut counts = vec![VisibilityCounts::default(); landmarks.max().unwrap_or(0)];
        for (image, &times) in self.images.values().zip(times) {
            for observation in image {
                counts[observation.landmark].add(observation, times.into());
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::BoundingBox, landmark::Landmark};

    fn report(rows: &[(Visibility, f32, bool)]) -> VisibilityReport {
        let mut report = VisibilityReport::default();
        for (i, &(label, probability, visible)) in rows.iter().enumerate() {
            let landmark = Landmark::new(1.0, 1.0, label);
            let sample =
                LandmarkSample::new(i.to_string(), BoundingBox::whole(9, 9), vec![landmark]);
            report.update(&[Some(VisibilityEstimate { probability, visible })], &sample);
        }
        report
    }

    #[test]
    fn both_kinds_count_alike_however_rare_one_is() {
        use Visibility::{Absent, Occluded, Truncated, Visible};
        let mut rows = vec![(Visible, 0.9, true); 8];
        rows.extend([(Occluded, 0.9, true), (Truncated, 0.2, false), (Absent, 0.9, true)]);
        let found = report(&rows);
        // All 8 visible ones, and one of two hidden ones: (1 + ½) / 2. Always predicting "visible"
        // is correct in 8 of 10 cases, with a balanced accuracy of ½.
        assert_eq!(found.counts(0).balanced_accuracy(), Some(0.75));
        let none = Bootstrap { resamples: 0, ..Bootstrap::default() };
        assert_eq!(found.balanced_accuracy(&none).value, Some(0.75));
        let names = ["tip".to_string()];
        assert_eq!(found.by_landmark(&names, &none).get("tip").unwrap().value, Some(0.75));
        assert_eq!(report(&rows[..8]).balanced_accuracy(&none).value, None);
    }
}
