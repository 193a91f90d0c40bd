//! False landmarks, which the garment lacks, and missed ones.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    bootstrap::Bootstrap,
    estimate::{Estimate, Named},
};
use crate::landmark::{LandmarkSample, Visibility};

/// Counts false and missed landmarks over samples whose category is known.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, LandmarkSample, Visibility},
///     metric::LandmarkPresence,
///     prelude::*,
/// };
///
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
/// let landmarks = vec![Landmark::new(20.0, 30.0, Visibility::Visible), Landmark::ABSENT];
/// let sample =
///     LandmarkSample { category: Some(0), ..LandmarkSample::new("skirt.jpg", bounds, landmarks) };
/// let mut presence = LandmarkPresence::default();
/// presence.update(&[true, true], Some(0), &sample);
/// assert_eq!((presence.false_rate(), presence.miss_rate()), (Some(1.0), Some(0.0)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkPresence {
    /// Landmarks that the samples' categories lack.
    pub absent: u64,
    /// False landmarks: those of `absent` that were returned.
    pub false_landmarks: u64,
    /// Landmarks with a labeled position.
    pub labeled: u64,
    /// Missed landmarks: those of `labeled` that were left out.
    pub missed: u64,
    /// Samples whose category is known.
    pub samples: u64,
    /// Samples whose category was inferred correctly.
    pub correct_category: u64,
}

impl LandmarkPresence {
    /// Adds one sample: which landmarks were returned, and the inferred category. Samples of
    /// unknown category are ignored.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, returned: &[bool], inferred: Option<usize>, sample: &LandmarkSample) {
        let n = sample.landmarks.len();
        assert_eq!(returned.len(), n, "{n} landmarks are labeled, {} predicted", returned.len());
        if sample.category.is_none() {
            return;
        }
        self.samples += 1;
        self.correct_category += u64::from(inferred == sample.category);
        for (&returned, landmark) in returned.iter().zip(&sample.landmarks) {
            if landmark.visibility == Visibility::Absent {
                self.absent += 1;
                self.false_landmarks += u64::from(returned);
            } else if landmark.visibility.has_position() {
                self.labeled += 1;
                self.missed += u64::from(!returned);
            }
        }
    }

    /// Adds the counts of `other`, `times` times (a bootstrap may draw an image several times, or
    /// never).
    pub fn add(&mut self, other: &Self, times: u64) {
        self.absent += times * other.absent;
        self.false_landmarks += times * other.false_landmarks;
        self.labeled += times * other.labeled;
        self.missed += times * other.missed;
        self.samples += times * other.samples;
        self.correct_category += times * other.correct_category;
    }

    /// The fraction of absent landmarks that were returned; 1 for a network that always returns
    /// all. `None` if none is absent.
    pub fn false_rate(&self) -> Option<f64> {
        ratio(self.false_landmarks, self.absent)
    }

    /// The fraction of labeled landmarks that were left out; 0 for a network that always returns
    /// all. `None` if none is labeled.
    pub fn miss_rate(&self) -> Option<f64> {
        ratio(self.missed, self.labeled)
    }

    /// The fraction of samples whose category was inferred correctly; `None` without samples.
    pub fn category_accuracy(&self) -> Option<f64> {
        ratio(self.correct_category, self.samples)
    }
}

/// [`LandmarkPresence`] by image, for confidence intervals.
#[derive(Debug, Clone, Default)]
pub struct PresenceReport {
    images: IndexMap<String, LandmarkPresence>,
}

impl PresenceReport {
    /// Adds one sample like [`LandmarkPresence::update`]; samples with equal
    /// [`LandmarkSample::image`] share an image.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, returned: &[bool], inferred: Option<usize>, sample: &LandmarkSample) {
        let image = self.images.entry(sample.image.clone()).or_default();
        image.update(returned, inferred, sample);
    }

    /// The counts over all images.
    pub fn total(&self) -> LandmarkPresence {
        let mut total = LandmarkPresence::default();
        self.images.values().for_each(|image| total.add(image, 1));
        total
    }

    /// [`LandmarkPresence::false_rate`] ("false landmarks"), [`LandmarkPresence::miss_rate`]
    /// ("missed landmarks") and [`LandmarkPresence::category_accuracy`] ("correct category"), with
    /// intervals.
    pub fn estimates(&self, bootstrap: &Bootstrap) -> Named<Estimate> {
        let rates = |presence: &LandmarkPresence| {
            [presence.false_rate(), presence.miss_rate(), presence.category_accuracy()]
        };
        let intervals = bootstrap.intervals(self.images.len(), |times| {
            let mut drawn = LandmarkPresence::default();
            for (image, &times) in self.images.values().zip(times) {
                drawn.add(image, times.into());
            }
            rates(&drawn)
        });
        ["false landmarks", "missed landmarks", "correct category"]
            .into_iter()
            .zip(rates(&self.total()))
            .zip(intervals)
            .map(|((name, value), interval)| (name.to_string(), Estimate { value, interval }))
            .collect()
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::BoundingBox, landmark::Landmark};

    #[test]
    fn counts_what_is_returned_in_vain_and_what_is_left_out() {
        let at = |visibility| Landmark::new(0.0, 0.0, visibility);
        use Visibility::{Absent, Occluded, Truncated, Visible};
        let landmarks = [Visible, Occluded, Truncated, Absent, Absent].map(at).to_vec();
        let sample = |category| LandmarkSample {
            category,
            ..LandmarkSample::new("", BoundingBox::whole(9, 9), landmarks.clone())
        };
        let mut report = PresenceReport::default();
        report.update(&[true, false, true, true, false], Some(2), &sample(Some(1)));
        report.update(&[true; 5], Some(1), &sample(Some(1)));
        report.update(&[true; 5], None, &sample(None));
        let presence = report.total();
        // Absent: 2 + 2, returned 1 + 2; labeled 2 + 2, left out 1; a truncated landmark is
        // neither.
        assert_eq!(presence.false_rate(), Some(0.75));
        assert_eq!(presence.miss_rate(), Some(0.25));
        assert_eq!(presence.category_accuracy(), Some(0.5));
        assert_eq!(LandmarkPresence::default().false_rate(), None);
        // All samples are in one image, so each resample is the same.
        let estimates = report.estimates(&Bootstrap::default());
        let found = estimates.get("missed landmarks").unwrap();
        assert_eq!(found.value, Some(0.25));
        let interval = found.interval.map(|interval| (interval.low, interval.high));
        assert_eq!(interval, Some((0.25, 0.25)));
    }
}
