//! Reliability of probabilities: predicted against observed.
use serde::{Deserialize, Serialize};

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
