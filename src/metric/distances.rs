//! The errors of a split, and averages over them.
use indexmap::IndexSet;

use super::{
    distance::{LandmarkDistance, landmark_distances},
    landmark_means::LandmarkMeans,
};
use crate::{geometry::BoundingBox, landmark::Landmark};

/// A metric that averages one value per landmark error: [`Ne`](super::Ne), [`Pck`](super::Pck),
/// [`Auc`](super::Auc), [`Epe`](super::Epe), [`PdlArea`](super::PdlArea).
pub trait LandmarkMetric: Sync {
    /// The value of one error; `None` if it is not counted.
    fn value(&self, error: &LandmarkDistance) -> Option<f64>;

    /// The headline: by default, the unweighted mean of the landmarks' means.
    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.average()
    }
}

/// The errors of a whole split, from which metrics, breakdowns and bootstraps are computed.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::{LandmarkDistances, Pck},
///     prelude::*,
/// };
///
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 200.0).unwrap();
/// let truth = [Landmark::new(10.0, 20.0, Visibility::Visible), Landmark::ABSENT];
/// let mut errors = LandmarkDistances::new(2);
/// errors.update(0, &[[13.0, 24.0], [50.0, 50.0]], &truth, &bounds, None);
/// // 5 pixels are 0.025 of the longer side.
/// let found = errors.means(&Pck { threshold: 0.05 });
/// assert_eq!(found.per_landmark(), [Some(1.0), None]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LandmarkDistances {
    num_landmarks: usize,
    /// Image numbers in the order of their first sample.
    images: IndexSet<usize>,
    samples: Vec<Sample>,
    errors: Vec<LandmarkDistance>,
}

/// A sample. Its errors end at `end` and start where those of the previous sample end.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    image: usize,
    end: usize,
}

impl LandmarkDistances {
    /// Creates an empty collection for `num_landmarks` landmarks.
    pub fn new(num_landmarks: usize) -> Self {
        Self { num_landmarks, images: IndexSet::new(), samples: Vec::new(), errors: Vec::new() }
    }

    /// Adds one sample of the image with number `image`; the other arguments are those of
    /// [`landmark_distances`].
    ///
    /// A bootstrap draws from the images that have samples, so image numbers may be arbitrary.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(
        &mut self,
        image: usize,
        predicted: &[[f32; 2]],
        truth: &[Landmark],
        bounds: &BoundingBox,
        image_size: Option<[u32; 2]>,
    ) {
        let n = self.num_landmarks;
        assert_eq!(truth.len(), n, "{n} landmarks are scored, but {} are labeled", truth.len());
        self.errors.extend(landmark_distances(predicted, truth, bounds, image_size));
        let (image, _) = self.images.insert_full(image);
        self.samples.push(Sample { image, end: self.errors.len() });
    }

    /// The number of samples.
    pub fn num_samples(&self) -> usize {
        self.samples.len()
    }

    /// The number of different images.
    pub fn num_images(&self) -> usize {
        self.images.len()
    }

    /// The errors of each sample, in the order they were added.
    pub fn samples(&self) -> impl Iterator<Item = &[LandmarkDistance]> {
        let mut start = 0;
        self.samples.iter().map(move |sample| {
            let errors = &self.errors[start..sample.end];
            start = sample.end;
            errors
        })
    }

    /// The image of each sample, in the same order. Images are numbered from 0 in the order of
    /// their first sample.
    pub(super) fn sample_images(&self) -> impl Iterator<Item = usize> {
        self.samples.iter().map(|sample| sample.image)
    }

    /// The errors of each sample with the number of its image, as in [`Self::sample_images`].
    pub(super) fn samples_with_images(&self) -> impl Iterator<Item = (usize, &[LandmarkDistance])> {
        self.samples.iter().map(|sample| sample.image).zip(self.samples())
    }

    /// The number of landmarks of the schema.
    pub fn num_landmarks(&self) -> usize {
        self.num_landmarks
    }

    /// The means of `metric` over all errors.
    pub fn means(&self, metric: &dyn LandmarkMetric) -> LandmarkMeans {
        self.means_where(metric, |_, _| true)
    }

    /// The means of `metric` over the errors that `keep` selects: a breakdown.
    ///
    /// `keep` gets the sample's index, in the order samples were added, and the error.
    pub fn means_where(
        &self,
        metric: &dyn LandmarkMetric,
        mut keep: impl FnMut(usize, &LandmarkDistance) -> bool,
    ) -> LandmarkMeans {
        let mut means = LandmarkMeans::new(self.num_landmarks);
        for (sample, errors) in self.samples().enumerate() {
            for error in errors.iter().filter(|error| keep(sample, error)) {
                if let Some(value) = metric.value(error) {
                    means.add(error.landmark, value, 1);
                }
            }
        }
        means
    }

    /// The headline of `metric`; `None` if nothing is counted.
    pub fn headline(&self, metric: &dyn LandmarkMetric) -> Option<f64> {
        metric.headline(&self.means(metric))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        landmark::Visibility,
        metric::{Auc, Bootstrap, Epe, Ne, Pck, PdlArea},
    };

    #[test]
    fn nothing_labeled_is_no_number() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let mut absent = LandmarkDistances::new(3);
        absent.update(0, &[[1.0; 2]; 3], &[Landmark::ABSENT; 3], &bounds, None);
        for errors in [LandmarkDistances::new(3), LandmarkDistances::new(0), absent] {
            fn nothing(errors: &LandmarkDistances, metric: impl LandmarkMetric) {
                assert_eq!(errors.headline(&metric), None);
                assert_eq!(errors.interval(&metric, &Bootstrap::default()), None);
                assert!(errors.means(&metric).per_landmark().iter().all(Option::is_none));
            }
            nothing(&errors, Ne::default());
            nothing(&errors, Pck { threshold: 0.2 });
            nothing(&errors, Auc::default());
            nothing(&errors, Epe);
            nothing(&errors, PdlArea::default());
        }
    }

    #[test]
    fn numbers_have_no_gaps() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let mut errors = LandmarkDistances::new(0);
        for image in [usize::MAX, 7, usize::MAX, 0] {
            errors.update(image, &[], &[], &bounds, None);
        }
        assert_eq!(errors.sample_images().collect::<Vec<_>>(), [0, 1, 0, 2]);
        assert_eq!((errors.num_samples(), errors.num_images()), (4, 3));
    }

    #[test]
    fn a_breakdown_is_a_filter() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let truth = |visibility| [Landmark::new(0.0, 0.0, visibility)];
        let mut errors = LandmarkDistances::new(1);
        errors.update(0, &[[3.0, 4.0]], &truth(Visibility::Visible), &bounds, None);
        errors.update(1, &[[6.0, 8.0]], &truth(Visibility::Occluded), &bounds, None);
        let second = errors.means_where(&Epe, |sample, _| sample == 1);
        assert_eq!(second.per_landmark(), [Some(10.0)]);
        let visible = errors.means_where(&Epe, |_, error| error.visibility == Visibility::Visible);
        assert_eq!(visible.per_landmark(), [Some(5.0)]);
    }
}
