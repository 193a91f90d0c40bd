//! The errors of a split, and what is averaged over them.
use indexmap::IndexSet;

use super::{
    distance::{LandmarkDistance, landmark_distances},
    landmark_means::LandmarkMeans,
};
use crate::{geometry::BoundingBox, landmark::Landmark};

/// A metric that averages a number of each landmark's error. [`Ne`](super::Ne),
/// [`Pck`](super::Pck), [`Auc`](super::Auc), [`Epe`](super::Epe) and [`PdlArea`](super::PdlArea)
/// are such.
pub trait LandmarkMetric: Sync {
    /// The number that this error adds to its landmark's mean; `None` if it does not count.
    fn value(&self, error: &LandmarkDistance) -> Option<f64>;

    /// The headline: by default the unweighted mean of the landmarks' means.
    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.average()
    }
}

/// The errors of a whole split. Metrics, breakdowns and bootstraps are computed from it.
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
    /// Numbered from 0, as they first come.
    images: IndexSet<usize>,
    samples: Vec<Sample>,
    errors: Vec<LandmarkDistance>,
}

/// A sample's errors end at `end`; they begin where the ones of the sample before it end.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    image: usize,
    end: usize,
}

impl LandmarkDistances {
    /// Nothing scored yet, for `num_landmarks` landmarks.
    pub fn new(num_landmarks: usize) -> Self {
        Self { num_landmarks, images: IndexSet::new(), samples: Vec::new(), errors: Vec::new() }
    }

    /// Scores one sample of the image with number `image`; the rest as for [`landmark_distances`].
    /// A bootstrap draws from the images of which a sample was scored, so that any numbers will do.
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
        assert_eq!(truth.len(), n, "{n} landmarks are scored, but {} are labelled", truth.len());
        self.errors.extend(landmark_distances(predicted, truth, bounds, image_size));
        let (image, _) = self.images.insert_full(image);
        self.samples.push(Sample { image, end: self.errors.len() });
    }

    /// How many samples were scored.
    pub fn num_samples(&self) -> usize {
        self.samples.len()
    }

    /// How many images they are of.
    pub fn num_images(&self) -> usize {
        self.images.len()
    }

    /// The errors of each sample, in the order in which they were scored.
    pub fn samples(&self) -> impl Iterator<Item = &[LandmarkDistance]> {
        let mut start = 0;
        self.samples.iter().map(move |sample| {
            let errors = &self.errors[start..sample.end];
            start = sample.end;
            errors
        })
    }

    /// The image of each sample, in the same order: images are numbered from 0 on, as they were
    /// first scored.
    pub(super) fn sample_images(&self) -> impl Iterator<Item = usize> {
        self.samples.iter().map(|sample| sample.image)
    }

    /// Those errors, each sample's with the number of its image, counted from 0 as they first came.
    pub(super) fn samples_with_images(&self) -> impl Iterator<Item = (usize, &[LandmarkDistance])> {
        self.samples.iter().map(|sample| sample.image).zip(self.samples())
    }

    /// How many landmarks are scored.
    pub fn num_landmarks(&self) -> usize {
        self.num_landmarks
    }

    /// The means of `metric` over all errors.
    pub fn means(&self, metric: &dyn LandmarkMetric) -> LandmarkMeans {
        self.means_where(metric, |_, _| true)
    }

    /// The means of `metric` over the errors for which `keep` says so, given the number of the sample, counted from 0
    /// as they were scored, and the error: a breakdown.
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

    /// The headline of `metric`; `None` if nothing counts.
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
    fn nothing_labelled_is_no_number() {
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
