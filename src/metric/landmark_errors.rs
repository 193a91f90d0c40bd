//! How far each labelled landmark was missed: what every distance metric is computed from.
use super::{Bootstrap, Interval, LandmarkMeans};
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

/// How far one labelled landmark was missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LandmarkError {
    /// Its index in the schema.
    pub landmark: usize,
    /// Visible or occluded: others have no position to miss.
    pub visibility: Visibility,
    /// Whether it lies in the labelled box, the box's sides included.
    pub inside_box: bool,
    /// The distance, in pixels of the picture.
    pub pixels: f64,
    /// `sqrt((dx/w)² + (dy/h)²)`, `w` and `h` being the sides of the labelled box.
    pub normalized: f64,
    /// The distance over the longer side of the labelled box, after clipping where that was asked for; `None` if
    /// nothing of the box is left.
    pub of_longer_side: Option<f64>,
}

/// The errors of one sample's visible and occluded landmarks: `predicted` `[x, y]` and `truth` in pixels of the
/// picture, and the labelled box. With `picture_size` (`[width, height]`), the box whose longer side
/// [`LandmarkError::of_longer_side`] takes is first clipped to the picture's pixel centres, as MMPose does.
///
/// # Panics
/// If the numbers of landmarks differ.
pub fn landmark_errors<'a>(
    predicted: &'a [[f32; 2]],
    truth: &'a [Landmark],
    bounds: &BoundingBox,
    picture_size: Option<[u32; 2]>,
) -> impl Iterator<Item = LandmarkError> + 'a {
    assert_eq!(
        predicted.len(),
        truth.len(),
        "{} landmarks were predicted and {} are labelled",
        predicted.len(),
        truth.len()
    );
    let [x1, y1, x2, y2] = [bounds.x1, bounds.y1, bounds.x2, bounds.y2].map(f64::from);
    let (width, height) = (x2 - x1, y2 - y1);
    let longer = match picture_size {
        None => width.max(height),
        Some(size) => {
            let [right, bottom] = size.map(|side| f64::from(side.saturating_sub(1)));
            let clipped = |from: f64, to: f64, end: f64| to.clamp(0.0, end) - from.clamp(0.0, end);
            clipped(x1, x2, right).max(clipped(y1, y2, bottom))
        }
    };
    predicted
        .iter()
        .zip(truth)
        .enumerate()
        .filter(|(_, (_, truth))| truth.visibility.has_position())
        .map(move |(landmark, (predicted, truth))| {
            let (x, y) = (f64::from(truth.x), f64::from(truth.y));
            let (dx, dy) = (f64::from(predicted[0]) - x, f64::from(predicted[1]) - y);
            let pixels = dx.hypot(dy);
            LandmarkError {
                landmark,
                visibility: truth.visibility,
                inside_box: (x1..=x2).contains(&x) && (y1..=y2).contains(&y),
                pixels,
                normalized: (dx / width).hypot(dy / height),
                of_longer_side: (longer > 0.0).then(|| pixels / longer),
            }
        })
}

/// A metric that averages a number of each landmark's error. [`NormalizedErrorProtocol`](super::NormalizedErrorProtocol),
/// [`Pck`](super::Pck), [`Auc`](super::Auc), [`EndPointError`](super::EndPointError) and [`PdlArea`](super::PdlArea)
/// are such.
pub trait LandmarkMetric: Sync {
    /// The number that this error adds to its landmark's mean; `None` if it does not count.
    fn score(&self, error: &LandmarkError) -> Option<f64>;

    /// The headline: by default the unweighted mean of the landmarks' means.
    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.average()
    }
}

/// The errors of a whole split. Metrics, breakdowns and bootstraps are computed from it.
///
/// ```
/// use dafe::{metric::{LandmarkErrors, Pck}, prelude::*};
///
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 200.0).unwrap();
/// let truth = [Landmark::new(10.0, 20.0, Visibility::Visible), Landmark::ABSENT];
/// let mut errors = LandmarkErrors::new(2);
/// errors.update(0, &[[13.0, 24.0], [50.0, 50.0]], &truth, &bounds, None);
/// // 5 pixels are 0.025 of the longer side.
/// let found = errors.means(&Pck { threshold: 0.05 });
/// assert_eq!(found.per_landmark(), [Some(1.0), None]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LandmarkErrors {
    num_landmarks: usize,
    samples: Vec<Sample>,
    errors: Vec<LandmarkError>,
}

/// A sample's errors end at `end`; they begin where the ones of the sample before it end.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    picture: usize,
    end: usize,
}

impl LandmarkErrors {
    /// Nothing scored yet, for `num_landmarks` landmarks.
    pub fn new(num_landmarks: usize) -> Self {
        Self { num_landmarks, samples: Vec::new(), errors: Vec::new() }
    }

    /// Scores one sample of the picture with number `picture` (numbers count from 0; a bootstrap draws pictures);
    /// the rest as for [`landmark_errors`].
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(
        &mut self,
        picture: usize,
        predicted: &[[f32; 2]],
        truth: &[Landmark],
        bounds: &BoundingBox,
        picture_size: Option<[u32; 2]>,
    ) {
        let n = self.num_landmarks;
        assert_eq!(truth.len(), n, "{n} landmarks are scored, but {} are labelled", truth.len());
        self.errors.extend(landmark_errors(predicted, truth, bounds, picture_size));
        self.samples.push(Sample { picture, end: self.errors.len() });
    }

    /// How many samples were scored.
    pub fn num_samples(&self) -> usize {
        self.samples.len()
    }

    /// The errors of each sample, in the order in which they were scored, with its picture's number.
    pub fn samples(&self) -> impl Iterator<Item = (usize, &[LandmarkError])> {
        let mut start = 0;
        self.samples.iter().map(move |sample| {
            let errors = &self.errors[start..sample.end];
            start = sample.end;
            (sample.picture, errors)
        })
    }

    /// The means of `metric` over all errors.
    pub fn means(&self, metric: &impl LandmarkMetric) -> LandmarkMeans {
        self.means_where(metric, |_, _| true)
    }

    /// The means of `metric` over the errors for which `keep` says so, given the number of the sample, counted from 0
    /// as they were scored, and the error: a breakdown.
    pub fn means_where(
        &self,
        metric: &impl LandmarkMetric,
        mut keep: impl FnMut(usize, &LandmarkError) -> bool,
    ) -> LandmarkMeans {
        let mut means = LandmarkMeans::new(self.num_landmarks);
        for (sample, (_, errors)) in self.samples().enumerate() {
            for error in errors.iter().filter(|error| keep(sample, error)) {
                if let Some(score) = metric.score(error) {
                    means.add(error.landmark, score, 1);
                }
            }
        }
        means
    }

    /// The headline of `metric`; `None` if nothing counts.
    pub fn headline(&self, metric: &impl LandmarkMetric) -> Option<f64> {
        metric.headline(&self.means(metric))
    }

    /// The headline's confidence interval, by a bootstrap over pictures; `None` if nothing counts.
    pub fn interval(
        &self,
        metric: &impl LandmarkMetric,
        bootstrap: &Bootstrap,
    ) -> Option<Interval> {
        let pictures = self.samples.iter().map(|sample| sample.picture + 1).max().unwrap_or(0);
        let scores: Vec<(usize, usize, f64)> = self
            .samples()
            .flat_map(|(picture, errors)| errors.iter().map(move |error| (picture, error)))
            .filter_map(|(picture, error)| Some((picture, error.landmark, metric.score(error)?)))
            .collect();
        let [interval] = bootstrap.intervals(pictures, |times| {
            let mut means = LandmarkMeans::new(self.num_landmarks);
            for &(picture, landmark, score) in &scores {
                means.add(landmark, score, u64::from(times[picture]));
            }
            [metric.headline(&means)]
        });
        interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{Auc, EndPointError, NormalizedErrorProtocol, Pck, PdlArea};

    #[test]
    fn an_error_is_measured_in_all_three_units() {
        let bounds = BoundingBox::new(-20.0, 10.0, 80.0, 60.0).unwrap();
        let truth = [
            Landmark::ABSENT,
            Landmark::new(80.0, 40.0, Visibility::Occluded),
            Landmark::new(5.0, 5.0, Visibility::Truncated),
            Landmark::new(81.0, 60.0, Visibility::Visible),
        ];
        let predicted = [[0.0; 2], [86.0, 48.0], [0.0; 2], [81.0, 60.0]];
        let measured: Vec<_> = landmark_errors(&predicted, &truth, &bounds, None).collect();
        // 6 and 8 pixels; 6/100 and 8/50; the longer side is 100.
        let occluded = LandmarkError {
            landmark: 1,
            visibility: Visibility::Occluded,
            inside_box: true,
            pixels: 10.0,
            normalized: 0.06f64.hypot(0.16),
            of_longer_side: Some(0.1),
        };
        let visible = LandmarkError {
            landmark: 3,
            visibility: Visibility::Visible,
            inside_box: false,
            pixels: 0.0,
            normalized: 0.0,
            of_longer_side: Some(0.0),
        };
        assert_eq!(measured, [occluded, visible]);

        // Clipped to 0..=40 × 10..=60, whose longer side is 50.
        let clipped = landmark_errors(&predicted, &truth, &bounds, Some([41, 100])).next().unwrap();
        assert_eq!(clipped, LandmarkError { of_longer_side: Some(0.2), ..occluded });
        for nothing_left in [[41, 5], [1, 1], [0, 0]] {
            let error = landmark_errors(&predicted, &truth, &bounds, Some(nothing_left)).next();
            // The box still covers 40 columns of a picture that ends above it.
            let wanted = (nothing_left[0] == 41).then_some(0.25);
            assert_eq!(error.unwrap().of_longer_side, wanted);
        }
    }

    #[test]
    fn nothing_labelled_is_no_number() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let mut absent = LandmarkErrors::new(3);
        absent.update(0, &[[1.0; 2]; 3], &[Landmark::ABSENT; 3], &bounds, None);
        for errors in [LandmarkErrors::new(3), LandmarkErrors::new(0), absent] {
            fn nothing(errors: &LandmarkErrors, metric: impl LandmarkMetric) {
                assert_eq!(errors.headline(&metric), None);
                assert_eq!(errors.interval(&metric, &Bootstrap::default()), None);
                assert!(errors.means(&metric).per_landmark().iter().all(Option::is_none));
            }
            nothing(&errors, NormalizedErrorProtocol::default());
            nothing(&errors, Pck { threshold: 0.2 });
            nothing(&errors, Auc::default());
            nothing(&errors, EndPointError);
            nothing(&errors, PdlArea::default());
        }
    }

    #[test]
    fn intervals_draw_pictures_not_samples() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let truth = [Landmark::new(0.0, 0.0, Visibility::Visible)];
        // Two samples, 0 and 10 pixels off, in one picture: there is one picture to draw.
        let mut errors = LandmarkErrors::new(1);
        errors.update(0, &[[0.0, 0.0]], &truth, &bounds, None);
        errors.update(0, &[[10.0, 0.0]], &truth, &bounds, None);
        let of = |errors: &LandmarkErrors| {
            errors.interval(&EndPointError, &Bootstrap::default()).unwrap()
        };
        assert_eq!(of(&errors), Interval { low: 5.0, high: 5.0 });
        // In two, each may be drawn twice.
        let mut errors = LandmarkErrors::new(1);
        errors.update(0, &[[0.0, 0.0]], &truth, &bounds, None);
        errors.update(1, &[[10.0, 0.0]], &truth, &bounds, None);
        assert_eq!(of(&errors), Interval { low: 0.0, high: 10.0 });
    }

    #[test]
    fn a_breakdown_is_a_filter() {
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
        let truth = |visibility| [Landmark::new(0.0, 0.0, visibility)];
        let mut errors = LandmarkErrors::new(1);
        errors.update(0, &[[3.0, 4.0]], &truth(Visibility::Visible), &bounds, None);
        errors.update(1, &[[6.0, 8.0]], &truth(Visibility::Occluded), &bounds, None);
        let second = errors.means_where(&EndPointError, |sample, _| sample == 1);
        assert_eq!(second.per_landmark(), [Some(10.0)]);
        let visible =
            errors.means_where(&EndPointError, |_, error| error.visibility == Visibility::Visible);
        assert_eq!(visible.per_landmark(), [Some(5.0)]);
    }
}
