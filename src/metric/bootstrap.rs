//! Confidence intervals by a percentile bootstrap over images.
use std::{panic::resume_unwind, thread};

use serde::{Deserialize, Serialize};

use crate::random::SplitMix64;

/// Options of the percentile bootstrap (Efron, 1979).
///
/// Each resample draws as many images as there are, with replacement; the interval covers the
/// central range of the statistic over all resamples. Whole images are drawn, since errors within
/// an image are correlated.
///
/// ```
/// use dafe::metric::Bootstrap;
///
/// let errors = [0.02, 0.03, 0.04, 0.07]; // of four images
/// let mean = |times: &[u32]| {
///     let errors = errors.iter().zip(times).map(|(error, &times)| error * f64::from(times));
///     [Some(errors.sum::<f64>() / 4.0)]
/// };
/// let [interval] = Bootstrap::default().intervals(4, mean);
/// let interval = interval.unwrap();
/// assert!(interval.low < 0.04 && 0.04 < interval.high);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// The number of resamples.
    pub resamples: usize,
    /// The confidence level, 0 to 1: the fraction of resamples inside the interval.
    pub confidence: f64,
    /// The random seed; equal seeds draw equal images.
    pub seed: u64,
}

impl Default for Bootstrap {
    /// 1000 resamples, 95 %, seed 0.
    fn default() -> Self {
        Self { resamples: 1000, confidence: 0.95, seed: 0 }
    }
}

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Bootstrap {
    /// Computes the intervals of `N` statistics.
    ///
    /// `statistics` gets how many times each of `images` was drawn. Resamples where it returns
    /// `None` are ignored. The interval is `None` if all of them are ignored, if there are no
    /// images, or if an end would be infinite. The work is split over all processors; the result
    /// doesn't depend on their number.
    pub fn intervals<const N: usize>(
        &self,
        images: usize,
        statistics: impl Fn(&[u32]) -> [Option<f64>; N] + Sync,
    ) -> [Option<Interval>; N] {
        let found = self.intervals_of_many(images, N, |times| statistics(times).to_vec());
        found.try_into().unwrap_or_else(|_| unreachable!("one for each statistic"))
    }

    /// [`Self::intervals`] for a number of statistics known only at run time, such as one per
    /// landmark.
    ///
    /// # Panics
    /// If `statistics` returns a number of values other than `count`.
    pub fn intervals_of_many(
        &self,
        images: usize,
        count: usize,
        statistics: impl Fn(&[u32]) -> Vec<Option<f64>> + Sync,
    ) -> Vec<Option<Interval>> {
        let resamples = if images == 0 { 0 } else { self.resamples };
        let threads = thread::available_parallelism().map_or(1, usize::from).min(resamples);
        let every = |first: usize| {
            let mut times = vec![0; images];
            let of = |resample| {
                self.draw(resample, &mut times);
                statistics(&times)
            };
            (first..resamples).step_by(threads.max(1)).map(of).collect::<Vec<_>>()
        };
        // This thread does the first chunk itself: with one processor, or without threads as on
        // wasm, none is started.
        let found = thread::scope(|scope| {
            let every = &every;
            let others: Vec<_> =
                (1..threads).map(|first| scope.spawn(move || every(first))).collect();
            let mut found = every(0);
            for other in others {
                found.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            found
        });
        let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(found.len()); count];
        for values in found {
            assert_eq!(values.len(), count, "{count} statistics, but {} values", values.len());
            drawn.iter_mut().zip(values).for_each(|(drawn, value)| drawn.extend(value));
        }
        drawn.into_iter().map(|values| self.interval(values)).collect()
    }

    /// Draws as many images as there are; sets `times` to how often each was drawn.
    fn draw(&self, resample: usize, times: &mut [u32]) {
        // Each resample has its own random stream, so it is the same on any thread.
        let stream = SplitMix64(self.seed).next().wrapping_add(resample as u64);
        let mut random = SplitMix64(SplitMix64(stream).next());
        times.fill(0);
        for _ in 0..times.len() {
            times[random.below(times.len())] += 1;
        }
    }

    fn interval(&self, mut values: Vec<f64>) -> Option<Interval> {
        values.sort_by(f64::total_cmp);
        let tail = (1.0 - self.confidence.clamp(0.0, 1.0)) / 2.0;
        let interval =
            Interval { low: quantile(&values, tail)?, high: quantile(&values, 1.0 - tail)? };
        (interval.low.is_finite() && interval.high.is_finite()).then_some(interval)
    }
}

/// The quantile `at` of `sorted`, with linear interpolation (numpy's default); `None` if it is
/// empty.
fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    let place = at * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(if low == high { low } else { low + (high - low) * place.fract() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(values: &[f64]) -> impl Fn(&[u32]) -> [Option<f64>; 1] {
        |times| {
            let sum: f64 = values.iter().zip(times).map(|(x, &times)| x * f64::from(times)).sum();
            [Some(sum / values.len() as f64)]
        }
    }

    #[test]
    fn intervals_of_a_mean_cover_it_as_often_as_they_say() {
        // 400 sets of 60 numbers, uniform in 0..1. The fraction of 90 % intervals that contain ½
        // has a standard deviation of 1.5 %, and the percentile bootstrap's own bias at 60 is about
        // 1 %.
        let mut random = SplitMix64(7);
        let trials = 400;
        let covered = (0..trials).filter(|_| {
            let values: Vec<f64> =
                (0..60).map(|_| random.below(1 << 20) as f64 / 2f64.powi(20)).collect();
            let options = Bootstrap { resamples: 300, confidence: 0.9, seed: random.next() };
            let [interval] = options.intervals(values.len(), mean(&values));
            let Interval { low, high } = interval.unwrap();
            (low..=high).contains(&0.5)
        });
        let share = covered.count() as f64 / f64::from(trials);
        assert!((0.85..=0.94).contains(&share), "{share} of the intervals hold the mean");
    }

    #[test]
    fn a_means_interval_is_as_wide_as_theory_says() {
        let values: Vec<f64> = (0..400).map(f64::from).collect();
        let [interval] = Bootstrap::default().intervals(values.len(), mean(&values));
        let Interval { low, high } = interval.unwrap();
        // The standard deviation is 400/√12 of one, and a 20th of that for the mean of 400; 1.96 of
        // those to each side. An end from 1000 resamples has a standard deviation of 4.4 % of that
        // (√(0.025 · 0.975 / 1000) over the normal density there), the mean of two 3.1 %: 10 % is
        // about three of those.
        let wanted = 1.96 * 400.0 / 12f64.sqrt() / 20.0;
        approx::assert_relative_eq!((high - low) / 2.0, wanted, max_relative = 0.1);
        approx::assert_abs_diff_eq!((high + low) / 2.0, 199.5, epsilon = 1.5);
    }

    #[test]
    fn a_seed_gives_one_interval() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * i)).collect();
        let of = |seed| Bootstrap { seed, ..Bootstrap::default() }.intervals(30, mean(&values));
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn too_little_to_draw_from_is_defined() {
        let options = Bootstrap::default();
        assert_eq!(options.intervals(0, |_| [Some(1.0)]), [None]);
        let one = options.intervals(1, |times| [Some(f64::from(times[0]))]);
        assert_eq!(one, [Some(Interval { low: 1.0, high: 1.0 })]);
        assert_eq!(options.intervals(3, |_| [None, Some(2.0)])[0], None);
        // One end is infinite. For a statistic that is infinite in one resample of 256, both ends
        // are finite.
        assert_eq!(options.intervals(3, |_| [Some(f64::INFINITY)]), [None]);
        let drawn_alone = |times: &[u32]| if times[0] == 4 { f64::INFINITY } else { 1.0 };
        let seldom = options.intervals(4, |times| [Some(drawn_alone(times))]);
        assert_eq!(seldom, [Some(Interval { low: 1.0, high: 1.0 })]);
        let none = Bootstrap { resamples: 0, ..options };
        assert_eq!(none.intervals(3, |_| [Some(1.0)]), [None]);
        // Resamples without a value are ignored; confidences out of range are clamped.
        let odd = Bootstrap { confidence: 7.0, ..options };
        let [interval] = odd.intervals(2, |times| [(times[0] > 0).then_some(f64::from(times[0]))]);
        assert_eq!(interval, Some(Interval { low: 1.0, high: 2.0 }));
    }

    #[test]
    fn quantiles_are_numpys() {
        // numpy.percentile([1, 2, 4, 8], [0, 2.5, 50, 97.5, 100])
        let found =
            [0.0, 0.025, 0.5, 0.975, 1.0].map(|at| quantile(&[1.0, 2.0, 4.0, 8.0], at).unwrap());
        for (found, wanted) in found.into_iter().zip([1.0, 1.075, 3.0, 7.7, 8.0]) {
            approx::assert_abs_diff_eq!(found, wanted, epsilon = 1e-12);
        }
    }
}
