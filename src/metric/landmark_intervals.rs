//! Confidence intervals of the means of a split's errors.
use std::array;

use super::{
    Bootstrap, Interval, LandmarkDistance, LandmarkDistances, LandmarkMeans, LandmarkMetric,
};

/// The values of several metrics for one error; 0 where it is not counted.
struct Scored<const N: usize> {
    // 32 bits to save memory bandwidth: every resample reads all of them.
    image: u32,
    landmark: u32,
    values: [f64; N],
    counts: [bool; N],
}

impl LandmarkDistances {
    /// The headline's confidence interval, by a bootstrap over images; `None` if nothing is
    /// counted.
    pub fn interval(&self, metric: &dyn LandmarkMetric, bootstrap: &Bootstrap) -> Option<Interval> {
        let [interval] = self.intervals([metric], bootstrap);
        interval
    }

    /// [`Self::interval`] of several metrics, from the same resamples.
    pub fn intervals<const N: usize>(
        &self,
        metrics: [&dyn LandmarkMetric; N],
        bootstrap: &Bootstrap,
    ) -> [Option<Interval>; N] {
        let scored = self.scored(metrics);
        bootstrap.intervals(self.num_images(), |times| {
            let means = self.drawn(&scored, times);
            array::from_fn(|i| metrics[i].headline(&means[i]))
        })
    }

    /// The interval of each landmark's mean; `None` for landmarks of which nothing is counted.
    pub fn landmark_intervals(
        &self,
        metric: &dyn LandmarkMetric,
        bootstrap: &Bootstrap,
    ) -> Vec<Option<Interval>> {
        let scored = self.scored([metric]);
        bootstrap.intervals_of_many(self.num_images(), self.num_landmarks(), |times| {
            let [means] = self.drawn(&scored, times);
            means.per_landmark()
        })
    }

    /// The headline's interval in each of `count` parts of the errors, from the same resamples of
    /// all images.
    ///
    /// `part` returns the part of an error, if any, given the sample's index as in
    /// [`Self::means_where`].
    ///
    /// # Panics
    /// If `part` returns a number that is not below `count`.
    pub fn part_intervals(
        &self,
        metric: &dyn LandmarkMetric,
        count: usize,
        part: impl Fn(usize, &LandmarkDistance) -> Option<usize>,
        bootstrap: &Bootstrap,
    ) -> Vec<Option<Interval>> {
        let mut parts: Vec<Vec<Scored<1>>> = (0..count).map(|_| Vec::new()).collect();
        for (number, (image, errors)) in self.samples_with_images().enumerate() {
            for error in errors {
                if let Some(part) = part(number, error) {
                    parts[part].push(Scored::of([metric], image, error));
                }
            }
        }
        bootstrap.intervals_of_many(self.num_images(), count, |times| {
            let headline = |scored: &Vec<_>| {
                let [means] = self.drawn(scored, times);
                metric.headline(&means)
            };
            parts.iter().map(headline).collect()
        })
    }

    /// The means of several metrics with each image repeated as often as `times` says.
    fn drawn<const N: usize>(&self, scored: &[Scored<N>], times: &[u32]) -> [LandmarkMeans; N] {
        // By landmark, then metric, so that the values of an error are added to adjacent sums.
        let mut sums = vec![[0.0; N]; self.num_landmarks()];
        let mut counts = vec![[0; N]; self.num_landmarks()];
        for error in scored {
            let (times, landmark) = (times[error.image as usize], error.landmark as usize);
            // About a third of the images are not drawn; and 0 times an infinite value would be
            // NaN.
            if times == 0 {
                continue;
            }
            let (sums, counts) = (&mut sums[landmark], &mut counts[landmark]);
            for i in 0..N {
                sums[i] += error.values[i] * f64::from(times);
                counts[i] += u64::from(times) * u64::from(error.counts[i]);
            }
        }
        array::from_fn(|i| {
            LandmarkMeans::of(sums.iter().zip(&counts).map(|(sums, counts)| (sums[i], counts[i])))
        })
    }

    fn scored<const N: usize>(&self, metrics: [&dyn LandmarkMetric; N]) -> Vec<Scored<N>> {
        self.samples_with_images()
            .flat_map(|(image, errors)| {
                errors.iter().map(move |error| Scored::of(metrics, image, error))
            })
            .collect()
    }
}

impl<const N: usize> Scored<N> {
    fn of(metrics: [&dyn LandmarkMetric; N], image: usize, error: &LandmarkDistance) -> Self {
        let values = metrics.map(|metric| metric.value(error));
        Self {
            image: image as u32,
            landmark: error.landmark as u32,
            values: values.map(|value| value.unwrap_or(0.0)),
            counts: values.map(|value| value.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::BoundingBox,
        landmark::{Landmark, Visibility},
        metric::{Epe, Ne, Pck, PdlArea},
    };

    #[test]
    fn intervals_draw_images_not_samples() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let truth = [Landmark::new(0.0, 0.0, Visibility::Visible)];
        // Two samples, 0 and 10 pixels off, in one image: there is one image to draw.
        let mut errors = LandmarkDistances::new(1);
        errors.update(0, &[[0.0, 0.0]], &truth, &bounds, None);
        errors.update(0, &[[10.0, 0.0]], &truth, &bounds, None);
        let of = |errors: &LandmarkDistances| errors.interval(&Epe, &Bootstrap::default()).unwrap();
        assert_eq!(of(&errors), Interval { low: 5.0, high: 5.0 });
        // In two images, each may be drawn twice.
        let mut errors = LandmarkDistances::new(1);
        errors.update(0, &[[0.0, 0.0]], &truth, &bounds, None);
        errors.update(1, &[[10.0, 0.0]], &truth, &bounds, None);
        assert_eq!(of(&errors), Interval { low: 0.0, high: 10.0 });
        // Image numbers only say which samples share an image.
        let mut renumbered = LandmarkDistances::new(1);
        renumbered.update(usize::MAX, &[[0.0, 0.0]], &truth, &bounds, None);
        renumbered.update(7, &[[10.0, 0.0]], &truth, &bounds, None);
        assert_eq!((renumbered.num_images(), of(&renumbered)), (2, of(&errors)));
    }

    #[test]
    fn several_intervals_are_those_of_each() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let kinds = [Visibility::Visible, Visibility::Occluded, Visibility::Absent];
        let mut errors = LandmarkDistances::new(2);
        for i in 0..40usize {
            let truth = [1, 2].map(|by| Landmark::new(9.0, 9.0, kinds[(i * by) % 3]));
            let predicted = [[9.0 + i as f32, 9.0], [9.0, (i * i % 50) as f32]];
            errors.update(i / 2, &predicted, &truth, &bounds, None);
        }
        let (ne, pck, area) = (Ne::default(), Pck { threshold: 0.2 }, PdlArea::default());
        let metrics: [&dyn LandmarkMetric; 4] = [&ne, &pck, &Epe, &area];
        let bootstrap = Bootstrap { resamples: 50, ..Bootstrap::default() };
        let each = metrics.map(|metric| errors.interval(metric, &bootstrap));
        assert!(each.iter().flatten().all(|interval| interval.low < interval.high));
        assert_eq!(errors.intervals(metrics, &bootstrap), each);
        // A NaN position: fractions stay finite.
        let truth = [Landmark::new(9.0, 9.0, Visibility::Visible), Landmark::ABSENT];
        errors.update(99, &[[f32::NAN; 2]; 2], &truth, &bounds, None);
        assert_eq!(errors.headline(&ne), Some(f64::INFINITY));
        assert_eq!(errors.headline(&Epe), Some(f64::INFINITY));
        let finite = errors.intervals(metrics, &bootstrap).map(|interval| interval.is_some());
        assert_eq!(finite, [false, true, false, true]);
    }

    #[test]
    fn parts_have_the_intervals_of_splits_of_their_own() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let visible = |x| Landmark::new(x, 9.0, Visibility::Visible);
        let at = |i: usize| [[9.0 + i as f32, 9.0], [9.0, (9 + i * i % 50) as f32]];
        let (mut both, mut first) = (LandmarkDistances::new(2), LandmarkDistances::new(2));
        for i in 0..30 {
            both.update(i, &at(i), &[visible(9.0); 2], &bounds, None);
            first.update(i, &at(i), &[visible(9.0), Landmark::ABSENT], &bounds, None);
        }
        let bootstrap = Bootstrap { resamples: 100, ..Bootstrap::default() };
        let ne = Ne::default();
        let alone = first.interval(&ne, &bootstrap);
        assert!(alone.is_some_and(|interval| interval.low < interval.high));
        let by_landmark = both.landmark_intervals(&ne, &bootstrap);
        assert_eq!(by_landmark[0], alone);
        assert_ne!(by_landmark[1], alone);
        assert_eq!(first.landmark_intervals(&ne, &bootstrap), [alone, None]);
        // The same two parts in the other order, and an empty one.
        let part = |_: usize, error: &LandmarkDistance| Some(1 - error.landmark);
        let parts = both.part_intervals(&ne, 3, part, &bootstrap);
        assert_eq!(parts, [by_landmark[1], alone, None]);
        // Samples are numbered in the order they were added. The odd ones are drawn with all
        // images, so their number varies.
        let odd = |sample: usize, _: &LandmarkDistance| (sample % 2 == 1).then_some(0);
        let [found] = both.part_intervals(&ne, 1, odd, &bootstrap)[..] else { unreachable!() };
        let value = ne.headline(&both.means_where(&ne, |sample, _| sample % 2 == 1)).unwrap();
        assert!(found.is_some_and(|found| found.low < value && value < found.high));
    }
}
