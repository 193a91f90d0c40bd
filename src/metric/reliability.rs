//! Reliability of probabilities: predicted against observed.
use serde::{Deserialize, Serialize};

use super::Interval;

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A bin of a reliability diagram: predictions whose probability lies between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number of predictions.
    pub count: u64,
    /// The mean predicted probability.
    pub probability: f64,
    /// The fraction of predictions that came true; equal to `probability` if well calibrated.
    pub observed: f64,
}

impl ReliabilityBin {
    /// The 95 % interval of the fraction that comes true: Wilson's score interval (1927), which is
    /// also meaningful for few predictions and for fractions of 0 and 1. From 0 to 1 for an empty
    /// bin.
    ///
    /// ```
    /// use dafe::metric::ReliabilityBin;
    ///
    /// // All of four predictions came true: at least 4 / (4 + 1.96²), not 1.
    /// let bin = ReliabilityBin { low: 0.5, high: 1.0, count: 4, probability: 0.9, observed: 1.0 };
    /// assert!((bin.interval().low - 0.51).abs() < 0.001);
    /// ```
    pub fn interval(&self) -> Interval {
        if self.count == 0 {
            return Interval { low: 0.0, high: 1.0 };
        }
        let n = self.count as f64;
        let p = self.observed;
        let scale = 1.0 + Z * Z / n;
        let center = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        Interval { low: (center - half).max(0.0), high: (center + half).min(1.0) }
    }
}

/// Groups predicted probabilities, each with whether it came true, into `bins` bins of equal width
/// from 0 to 1. Empty bins are left out.
///
/// # Panics
/// If `bins` is 0.
pub(super) fn reliability(
    predictions: impl Iterator<Item = (f32, bool)>,
    bins: usize,
) -> Vec<ReliabilityBin> {
    assert!(bins > 0, "there are no bins");
    let mut found = vec![(0u64, 0.0, 0u64); bins];
    for (probability, came_true) in predictions {
        let probability = f64::from(probability);
        let bin = ((probability * bins as f64) as usize).min(bins - 1);
        let (count, sum, true_ones) = &mut found[bin];
        *count += 1;
        *sum += probability;
        *true_ones += u64::from(came_true);
    }
    let edge = |bin: usize| bin as f64 / bins as f64;
    (found.into_iter().enumerate())
        .filter(|(_, (count, ..))| *count > 0)
        .map(|(bin, (count, sum, true_ones))| ReliabilityBin {
            low: edge(bin),
            high: edge(bin + 1),
            count,
            probability: sum / count as f64,
            observed: true_ones as f64 / count as f64,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `proportion_confint(count, n, method="wilson")` of statsmodels 0.15.
    #[test]
    fn intervals_are_wilsons() {
        for (came_true, count, low, high) in
            [(8, 10, 0.490_162_472, 0.943_317_849), (0, 3, 0.0, 0.561_497_032)]
        {
            let observed = f64::from(came_true) / f64::from(count);
            let count = u64::from(count as u32);
            let bin = ReliabilityBin { low: 0.0, high: 1.0, count, probability: 0.5, observed };
            let found = bin.interval();
            assert!(
                (found.low - low).abs() < 1e-8 && (found.high - high).abs() < 1e-8,
                "{found:?}"
            );
        }
    }

    #[test]
    fn bins_hold_what_they_say() {
        let predictions = [(0.95, true), (0.85, false), (1.0, true), (0.0, false)];
        let bins = reliability(predictions.into_iter(), 4);
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[0].low, bins[0].count, bins[0].observed), (0.0, 1, 0.0));
        let last = bins[1];
        assert_eq!((last.low, last.high, last.count), (0.75, 1.0, 3));
        approx::assert_abs_diff_eq!(last.observed, 2.0 / 3.0, epsilon = 1e-12);
        approx::assert_abs_diff_eq!(last.probability, 2.8 / 3.0, epsilon = 1e-6);
    }
}
