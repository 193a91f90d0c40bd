//! The mean of each landmark, and two ways to reduce them to one number.
/// Accumulates values by landmark. Averages them per landmark, over landmarks, or over all values.
#[derive(Debug, Clone, PartialEq)]
pub struct LandmarkMeans {
    sums: Vec<f64>,
    counts: Vec<u64>,
}

impl LandmarkMeans {
    /// Creates an empty accumulator for `num_landmarks` landmarks.
    pub fn new(num_landmarks: usize) -> Self {
        Self { sums: vec![0.0; num_landmarks], counts: vec![0; num_landmarks] }
    }

    /// Creates it from each landmark's sum and count.
    pub(super) fn of(totals: impl Iterator<Item = (f64, u64)>) -> Self {
        let (sums, counts) = totals.unzip();
        Self { sums, counts }
    }

    /// Adds `value` of `landmark`, `times` times (a bootstrap may draw an image several times, or
    /// never).
    ///
    /// # Panics
    /// If there is no such landmark.
    pub fn add(&mut self, landmark: usize, value: f64, times: u64) {
        // Not times 0, which is NaN for an infinite value.
        if times > 0 {
            self.sums[landmark] += value * times as f64;
            self.counts[landmark] += times;
        }
    }

    /// Adds the values of `other`.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.sums.len(), other.sums.len(), "different numbers of landmarks");
        for i in 0..self.sums.len() {
            self.sums[i] += other.sums[i];
            self.counts[i] += other.counts[i];
        }
    }

    /// The number of landmarks.
    pub fn num_landmarks(&self) -> usize {
        self.sums.len()
    }

    /// The number of values of each landmark.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Each landmark's mean; `None` where it has no values.
    pub fn per_landmark(&self) -> Vec<Option<f64>> {
        self.present().collect()
    }

    /// The unweighted mean of the landmarks' means, over landmarks with values; `None` if there is
    /// none.
    pub fn average(&self) -> Option<f64> {
        mean(self.present().flatten())
    }

    /// The mean of all values; `None` if there are none.
    pub fn pooled(&self) -> Option<f64> {
        let count: u64 = self.counts.iter().sum();
        (count > 0).then(|| self.sums.iter().sum::<f64>() / count as f64)
    }

    fn present(&self) -> impl Iterator<Item = Option<f64>> {
        let mean = |(sum, &count): (&f64, &u64)| (count > 0).then(|| sum / count as f64);
        self.sums.iter().zip(&self.counts).map(mean)
    }
}

/// The mean of `values`; `None` if there are none.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn landmarks_weigh_the_same_unless_pooled() {
        let mut means = LandmarkMeans::new(3);
        means.add(0, 1.0, 1);
        means.add(0, 3.0, 2);
        means.add(2, 5.0, 1);
        means.add(1, f64::INFINITY, 0);
        assert_eq!(means.counts(), [3, 0, 1]);
        assert_eq!(means.per_landmark(), [Some(7.0 / 3.0), None, Some(5.0)]);
        assert_eq!(means.average(), Some((7.0 / 3.0 + 5.0) / 2.0));
        assert_eq!(means.pooled(), Some(12.0 / 4.0));
    }

    #[test]
    fn no_values_are_no_number() {
        for means in [LandmarkMeans::new(0), LandmarkMeans::new(2)] {
            assert_eq!((means.average(), means.pooled()), (None, None));
        }
    }
}
