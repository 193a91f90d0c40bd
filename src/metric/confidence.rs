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
    /// The predicted probability that the position is right, 0 to 1.
    pub confidence: f32,
    /// Whether the score is high enough for the landmark to be shown.
    pub shown: bool,
    /// Whether the position is right.
    pub right: bool,
}

/// Counts of right and wrong positions, and of those shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementCounts {
    /// Landmarks whose position is right.
    pub right: u64,
    /// Right positions that are shown.
    pub right_shown: u64,
    /// Landmarks whose position is wrong.
    pub wrong: u64,
    /// Wrong positions that are shown.
    pub wrong_shown: u64,
}

impl PlacementCounts {
    /// The fraction of wrong positions that are shown; `None` if none is wrong.
    pub fn wrong_shown_rate(&self) -> Option<f64> {
        (self.wrong > 0).then(|| self.wrong_shown as f64 / self.wrong as f64)
    }

    /// The fraction of right positions that are not shown; `None` if none is right.
    pub fn right_hidden_rate(&self) -> Option<f64> {
        (self.right > 0).then(|| (self.right - self.right_shown) as f64 / self.right as f64)
    }

    fn add(&mut self, placement: &Placement, times: u64) {
        let (all, shown) = match placement.right {
            true => (&mut self.right, &mut self.right_shown),
            false => (&mut self.wrong, &mut self.wrong_shown),
        };
        *all += times;
        *shown += times * u64::from(placement.shown);
    }
}

/// Accumulates confidences and labels of a split.
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

    /// [`PlacementCounts::wrong_shown_rate`] ("wrong but shown") and
    /// [`PlacementCounts::right_hidden_rate`] ("right but hidden"), with intervals.
    pub fn estimates(&self, bootstrap: &Bootstrap) -> Named<Estimate> {
        let rates =
            |counts: PlacementCounts| [counts.wrong_shown_rate(), counts.right_hidden_rate()];
        let intervals = bootstrap.intervals(self.images.len(), |times| rates(self.counted(times)));
        ["wrong but shown", "right but hidden"]
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
        reliability(placements.map(|one| (one.confidence, one.right)), bins)
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
        let placement = |confidence, shown, right| Placement { confidence, shown, right };
        let mut report = ConfidenceReport::default();
        report.update([placement(0.9, true, true), placement(0.2, false, true)], "a");
        report.update([placement(0.8, true, false), placement(0.3, false, false)], "b");
        report.update([placement(0.1, false, false), placement(0.95, true, true)], "b");
        let counts = PlacementCounts { right: 3, right_shown: 2, wrong: 3, wrong_shown: 1 };
        assert_eq!(report.counts(), counts);
        let found = report.estimates(&Bootstrap::default());
        let third = Some(1.0 / 3.0);
        assert_eq!(found.get("wrong but shown").unwrap().value, third);
        assert_eq!(found.get("right but hidden").unwrap().value, third);
        // One of 0.1, 0.2 and 0.3 is right; two of 0.8, 0.9 and 0.95 are.
        let observed: Vec<f64> = report.reliability(2).iter().map(|bin| bin.observed).collect();
        assert_eq!(observed, [1.0 / 3.0, 2.0 / 3.0]);
        assert_eq!(PlacementCounts::default().wrong_shown_rate(), None);
    }
}
