//! How reliable the confidences of positions are, and how many wrong positions are shown.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    bootstrap::Bootstrap,
    estimate::{Estimate, Named},
    reliability::{ReliabilityBin, reliability},
};

/// The position of one visible landmark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// The predicted probability that the position is correct, 0 to 1.
    pub confidence: f32,
    /// Whether the score is high enough for the landmark to be rendered.
    pub rendered: bool,
    /// Whether the position is correct.
    pub correct: bool,
}

/// Counts of correct and incorrect positions, and of those rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementCounts {
    /// Landmarks whose position is correct.
    pub correct: u64,
    /// Correct positions that are rendered.
    pub correct_rendered: u64,
    /// Landmarks whose position is incorrect.
    pub incorrect: u64,
    /// Incorrect positions that are rendered.
    pub incorrect_rendered: u64,
}

impl PlacementCounts {
    /// The fraction of incorrect positions that are rendered; `None` if none is incorrect.
    pub fn incorrect_rendered_rate(&self) -> Option<f64> {
        (self.incorrect > 0).then(|| self.incorrect_rendered as f64 / self.incorrect as f64)
    }

    /// The fraction of correct positions that are not rendered; `None` if none is correct.
    pub fn correct_not_rendered_rate(&self) -> Option<f64> {
        (self.correct > 0)
            .then(|| (self.correct - self.correct_rendered) as f64 / self.correct as f64)
    }

    fn add(&mut self, placement: &Placement, times: u64) {
        let (all, rendered) = match placement.correct {
            true => (&mut self.correct, &mut self.correct_rendered),
            false => (&mut self.incorrect, &mut self.incorrect_rendered),
        };
        *all += times;
        *rendered += times * u64::from(placement.rendered);
    }
}

/// Accumulates confidences and labels of a split.
///
/// ```
/// use dafe::metric::{ConfidenceReport, Placement};
///
/// let mut report = ConfidenceReport::default();
/// let correct = Placement { confidence: 0.9, rendered: true, correct: true };
/// report.update([correct, Placement { correct: false, ..correct }], "shirt.jpg");
/// assert_eq!(report.counts().incorrect_rendered_rate(), Some(1.0));
/// assert_eq!(report.counts().correct_not_rendered_rate(), Some(0.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct ConfidenceReport {
    images: IndexMap<String, Vec<Placement>>,
}

impl ConfidenceReport {
    /// Adds the landmarks of one sample of `image`.
    pub fn update(&mut self, placements: impl IntoIterator<Item = Placement>, image: &str) {
        self.images.entry(image.to_string()).or_default().extend(placements);
    }

    /// The counts over all images.
    pub fn counts(&self) -> PlacementCounts {
        self.counted(&vec![1; self.images.len()])
    }

    /// [`PlacementCounts::incorrect_rendered_rate`] ("incorrect but rendered") and
    /// [`PlacementCounts::correct_not_rendered_rate`] ("correct but not rendered"), with intervals.
    pub fn estimates(&self, bootstrap: &Bootstrap) -> Named<Estimate> {
        let rates = |counts: PlacementCounts| {
            [counts.incorrect_rendered_rate(), counts.correct_not_rendered_rate()]
        };
        let intervals = bootstrap.intervals(self.images.len(), |times| rates(self.counted(times)));
        ["incorrect but rendered", "correct but not rendered"]
            .into_iter()
            .zip(rates(self.counts()))
            .zip(intervals)
            .map(|((name, value), interval)| (name.to_string(), Estimate { value, interval }))
            .collect()
    }

    /// Predicted against observed probability, in `bins` bins of equal width from 0 to 1. Empty
    /// bins are left out.
    ///
    /// # Panics
    /// If `bins` is 0.
    pub fn reliability(&self, bins: usize) -> Vec<ReliabilityBin> {
        let placements = self.images.values().flatten();
        reliability(placements.map(|one| (one.confidence, one.correct)), bins)
    }

    /// The counts with each image repeated as often as `times` says.
    fn counted(&self, times: &[u32]) -> PlacementCounts {
        let mut counts = PlacementCounts::default();
        for (image, &times) in self.images.values().zip(times) {
            image.iter().for_each(|placement| counts.add(placement, times.into()));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_by_hand() {
        let placement = |confidence, rendered, correct| Placement { confidence, rendered, correct };
        let mut report = ConfidenceReport::default();
        report.update([placement(0.9, true, true), placement(0.2, false, true)], "a");
        report.update([placement(0.8, true, false), placement(0.3, false, false)], "b");
        report.update([placement(0.1, false, false), placement(0.95, true, true)], "b");
        let counts = PlacementCounts {
            correct: 3,
            correct_rendered: 2,
            incorrect: 3,
            incorrect_rendered: 1,
        };
        assert_eq!(report.counts(), counts);
        let found = report.estimates(&Bootstrap::default());
        let third = Some(1.0 / 3.0);
        assert_eq!(found.get("incorrect but rendered").unwrap().value, third);
        assert_eq!(found.get("correct but not rendered").unwrap().value, third);
        // One of 0.1, 0.2 and 0.3 is correct; two of 0.8, 0.9 and 0.95 are.
        let observed: Vec<f64> = report.reliability(2).iter().map(|bin| bin.observed).collect();
        assert_eq!(observed, [1.0 / 3.0, 2.0 / 3.0]);
        assert_eq!(PlacementCounts::default().incorrect_rendered_rate(), None);
    }
}
