//! Failure rate: the fraction of samples that failed as a whole.
use super::{Bootstrap, Interval, LandmarkDistance, LandmarkDistances, Ne};

/// The fraction of samples whose mean normalized error is above `threshold`.
///
/// This is the failure rate of face-landmark benchmarks (COFW of Burgos-Artizzu et al., 2013;
/// 300-W; WFLW), which normalize by the distance between the eyes and mostly use a threshold of
/// 0.08 or 0.1; here, the fashion-landmark papers' normalized error is averaged. It separates two
/// cases with the same mean over a split: slightly off everywhere, and far off in a few samples.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::{FailureRate, LandmarkDistances},
///     prelude::*,
/// };
///
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
/// let truth = [Landmark::new(50.0, 50.0, Visibility::Visible); 2];
/// let mut errors = LandmarkDistances::new(2);
/// errors.update(0, &[[50.0, 50.0], [50.0, 80.0]], &truth, &bounds, None); // (0 + 0.3) / 2
/// errors.update(1, &[[50.0, 60.0], [50.0, 90.0]], &truth, &bounds, None); // (0.1 + 0.4) / 2
/// assert_eq!(FailureRate::default().of(&errors), Some(0.5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailureRate {
    /// A sample with a higher mean error failed. 0.2 by default.
    pub threshold: f64,
    /// Which landmarks are counted; by default, the visible ones. Samples without any are left out.
    pub protocol: Ne,
}

impl Default for FailureRate {
    fn default() -> Self {
        Self { threshold: 0.2, protocol: Ne::default() }
    }
}

impl FailureRate {
    /// Whether the sample with these errors failed; `None` if none of its landmarks is counted.
    pub fn failed(&self, sample: &[LandmarkDistance]) -> Option<bool> {
        self.protocol.sample_mean(sample).map(|mean| mean > self.threshold)
    }

    /// The fraction of samples that failed; `None` if no sample is counted.
    pub fn of(&self, errors: &LandmarkDistances) -> Option<f64> {
        share(self.by_image(errors), |_| 1)
    }

    /// Its confidence interval, by a bootstrap over images; `None` if no sample is counted.
    pub fn interval(&self, errors: &LandmarkDistances, bootstrap: &Bootstrap) -> Option<Interval> {
        let failed: Vec<_> = self.by_image(errors).collect();
        let [interval] = bootstrap.intervals(errors.num_images(), |times| {
            [share(failed.iter().copied(), |image| u64::from(times[image]))]
        });
        interval
    }

    /// The image of each counted sample, and whether the sample failed.
    fn by_image(&self, errors: &LandmarkDistances) -> impl Iterator<Item = (usize, bool)> {
        let samples = errors.sample_images().zip(errors.samples());
        samples.filter_map(|(image, sample)| Some((image, self.failed(sample)?)))
    }
}

/// The fraction of samples that failed, each counted as often as its image was drawn.
fn share(
    samples: impl Iterator<Item = (usize, bool)>,
    times: impl Fn(usize) -> u64,
) -> Option<f64> {
    let (failed, count) = samples.fold((0, 0), |(failed, count), (image, fails)| {
        let times = times(image);
        (failed + times * u64::from(fails), count + times)
    });
    (count > 0).then(|| failed as f64 / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::BoundingBox,
        landmark::{Landmark, Visibility},
    };

    /// Samples of given images. Each has two visible landmarks, with the given errors in pixels in
    /// a box of 100, and an occluded one that is far off.
    fn errors(samples: &[(usize, [f32; 2])]) -> LandmarkDistances {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let at = |visibility| Landmark::new(0.0, 0.0, visibility);
        let truth = [Visibility::Visible, Visibility::Visible, Visibility::Occluded].map(at);
        let mut errors = LandmarkDistances::new(3);
        for &(image, [first, second]) in samples {
            let predicted = [[first, 0.0], [0.0, second], [90.0, 0.0]];
            errors.update(image, &predicted, &truth, &bounds, None);
        }
        errors
    }

    #[test]
    fn a_sample_fails_as_a_whole_and_by_its_visible_landmarks() {
        // Means of 0.25 (which is not above itself), 0.255 and 0: one of three.
        let found = errors(&[(0, [0.0, 50.0]), (1, [1.0, 50.0]), (2, [0.0, 0.0])]);
        let quarter = FailureRate { threshold: 0.25, ..FailureRate::default() };
        assert_eq!(quarter.of(&found), Some(1.0 / 3.0));
        // Counted by landmark as in PCK, two of six would be missed.
        assert_eq!(FailureRate::default().of(&found), Some(2.0 / 3.0));
        let lost = errors(&[(0, [f32::NAN, 0.0])]);
        assert_eq!(FailureRate::default().of(&lost), Some(1.0));
    }

    #[test]
    fn samples_without_a_landmark_that_counts_are_left_out() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let mut found = errors(&[(0, [90.0, 90.0])]);
        let hidden = [Landmark::new(0.0, 0.0, Visibility::Occluded); 3];
        found.update(1, &[[0.0; 2]; 3], &hidden, &bounds, None);
        assert_eq!(FailureRate::default().of(&found), Some(1.0));
        let none = LandmarkDistances::new(3);
        assert_eq!(FailureRate::default().of(&none), None);
        assert_eq!(FailureRate::default().interval(&none, &Bootstrap::default()), None);
    }

    #[test]
    fn intervals_draw_images_not_samples() {
        // Two samples of one image: there is one image to draw.
        let one = errors(&[(0, [90.0, 90.0]), (0, [0.0, 0.0])]);
        let interval = |found| FailureRate::default().interval(found, &Bootstrap::default());
        assert_eq!(interval(&one), Some(Interval { low: 0.5, high: 0.5 }));
        let two = errors(&[(0, [90.0, 90.0]), (1, [0.0, 0.0])]);
        assert_eq!(interval(&two), Some(Interval { low: 0.0, high: 1.0 }));
        // 100 of 400 failed: √(0.25 · 0.75 / 400) · 1.96 = 0.0424 to each side, to within a tenth
        // with 1000 resamples (see the bootstrap's own tests).
        let many: Vec<_> =
            (0..400).map(|i| (i, if i % 4 == 0 { [90.0; 2] } else { [0.0; 2] })).collect();
        let Interval { low, high } = interval(&errors(&many)).unwrap();
        approx::assert_relative_eq!((high - low) / 2.0, 0.0424, max_relative = 0.1);
    }
}
