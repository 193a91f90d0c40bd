//! Normalized error (NE), the main metric of fashion-landmark benchmarks.
use serde::{Deserialize, Serialize};

use super::{
    LandmarkDistance, LandmarkMeans, LandmarkMetric, VisibilityRule, landmark_distances,
    landmark_means::mean,
};
use crate::{geometry::BoundingBox, landmark::Landmark};

/// Normalized error (NE), and which landmarks it scores: by default, the visible ones, wherever
/// they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ne {
    /// Which visibilities are scored.
    pub visibility: VisibilityRule,
    /// Whether landmarks outside the labeled box are left out, as in the code of "A Global-Local
    /// Embedding Module for Fashion Landmark Detection" (GLE).
    pub inside_box_only: bool,
}

impl LandmarkMetric for Ne {
    fn value(&self, error: &LandmarkDistance) -> Option<f64> {
        let counts =
            self.visibility.counts(error.visibility) && (error.inside_box || !self.inside_box_only);
        counts.then_some(error.normalized)
    }
}

impl Ne {
    /// The mean over one sample's scored landmarks; `None` if there are none.
    pub fn sample_mean(&self, sample: &[LandmarkDistance]) -> Option<f64> {
        mean(sample.iter().filter_map(|error| self.value(error)))
    }
}

/// Accumulates the normalized error (NE): mean landmark distance as a fraction of the box's width
/// and height.
///
/// For each landmark, this is the mean over its *visible* instances of `sqrt((dx/w)² + (dy/h)²)`,
/// where `w` and `h` are the width and height of the labeled box. The headline is the unweighted
/// mean over landmarks. Set a [`Ne`] to score other landmarks. Lower is better.
///
/// The DAFE paper states neither formula nor visibility rule. This is the definition in the public
/// fashion-landmark code that the paper compares with, and it reproduces the averages in both of
/// the paper's rows.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::RunningNe,
///     prelude::*,
/// };
///
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 200.0).unwrap();
/// let truth = [
///     Landmark::new(10.0, 20.0, Visibility::Visible),
///     Landmark::new(5.0, 5.0, Visibility::Occluded),
/// ];
/// let mut error = RunningNe::new(2);
/// error.update(&[[13.0, 28.0], [50.0, 50.0]], &truth, &bounds);
/// // √((3/100)² + (8/200)²) = 0.05; the occluded landmark is not scored.
/// assert!((error.average().unwrap() - 0.05).abs() < 1e-7);
/// assert_eq!(error.counts(), [1, 0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RunningNe {
    protocol: Ne,
    means: LandmarkMeans,
}

impl RunningNe {
    /// Creates an empty accumulator for `num_landmarks` landmarks with the default protocol.
    pub fn new(num_landmarks: usize) -> Self {
        let protocol = Ne::default();
        Self { protocol, means: LandmarkMeans::new(num_landmarks) }
    }

    /// Sets the protocol; call it before any update.
    pub fn with_protocol(self, protocol: Ne) -> Self {
        Self { protocol, ..self }
    }

    /// Adds one sample: predicted `[x, y]` and true landmarks in the image's pixels, and its
    /// labeled box.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, predicted: &[[f32; 2]], truth: &[Landmark], bounds: &BoundingBox) {
        let n = self.means.num_landmarks();
        assert!(
            predicted.len() == n && truth.len() == n,
            "{n} landmarks are scored, but {} were predicted and {} are labeled",
            predicted.len(),
            truth.len()
        );
        for error in landmark_distances(predicted, truth, bounds, None) {
            if let Some(value) = self.protocol.value(&error) {
                self.means.add(error.landmark, value, 1);
            }
        }
    }

    /// Adds the errors of `other`.
    ///
    /// # Panics
    /// If the numbers of landmarks or the protocols differ.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.protocol, other.protocol, "different protocols");
        self.means.merge(&other.means);
    }

    /// Each landmark's mean error; `None` where no instance was scored.
    pub fn per_landmark(&self) -> Vec<Option<f64>> {
        self.means.per_landmark()
    }

    /// The number of scored instances of each landmark.
    pub fn counts(&self) -> &[u64] {
        self.means.counts()
    }

    /// The headline: the unweighted mean of the landmarks' errors; `None` if nothing was scored.
    pub fn average(&self) -> Option<f64> {
        self.means.average()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::Visibility;

    fn truth(x: f32, y: f32, visibility: Visibility) -> [Landmark; 1] {
        [Landmark::new(x, y, visibility)]
    }

    #[test]
    fn the_papers_averages_are_the_means_of_its_columns() {
        // Table 1 (DeepFashion-C) and table 2 (FLD) of the paper: eight columns, then "Avg.".
        let rows = [
            ([0.0295, 0.0297, 0.0363, 0.0361, 0.0311, 0.0313, 0.0394, 0.0402], 0.0342),
            ([0.0366, 0.0369, 0.0587, 0.0573, 0.0485, 0.0478, 0.0504, 0.0497], 0.0482),
        ];
        for (columns, printed) in rows {
            let mean = mean(columns.into_iter()).unwrap();
            assert!((mean - printed).abs() <= 0.00005 + 1e-12, "{mean} is printed as {printed}");
        }
    }

    #[test]
    fn sides_are_normalized_each_by_its_own() {
        let bounds = BoundingBox::new(20.0, 10.0, 120.0, 60.0).unwrap();
        let mut error = RunningNe::new(1);
        // dx = 6 of 100, dy = 4 of 50: √(0.06² + 0.08²) = 0.1.
        error.update(&[[56.0, 44.0]], &truth(50.0, 40.0, Visibility::Visible), &bounds);
        approx::assert_abs_diff_eq!(error.average().unwrap(), 0.1, epsilon = 1e-7);
    }

    #[test]
    fn only_visible_landmarks_count_and_each_landmark_weighs_the_same() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let at = |x, visibility| Landmark::new(x, 0.0, visibility);
        let mut error = RunningNe::new(2);
        for x in [1.0, 2.0, 3.0] {
            let truth = [at(x, Visibility::Visible), at(0.0, Visibility::Truncated)];
            error.update(&[[0.0, 0.0], [9.0, 9.0]], &truth, &bounds);
        }
        let truth = [at(0.0, Visibility::Absent), at(4.0, Visibility::Visible)];
        error.update(&[[9.0, 9.0], [0.0, 0.0]], &truth, &bounds);
        // Landmark 0: (0.1 + 0.2 + 0.3) / 3; landmark 1: 0.4; average (0.2 + 0.4) / 2, not 1.0 / 4.
        approx::assert_abs_diff_eq!(error.average().unwrap(), 0.3, epsilon = 1e-7);
        assert_eq!(error.counts(), [3, 1]);
    }

    #[test]
    fn protocols_choose_what_is_scored() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        // 1, 2, 3 and 4 pixels off; the second and the fourth are outside the box.
        let truth = [
            Landmark::new(0.0, 1.0, Visibility::Visible),
            Landmark::new(0.0, -2.0, Visibility::Visible),
            Landmark::new(0.0, 3.0, Visibility::Occluded),
            Landmark::new(-4.0, 0.0, Visibility::Occluded),
        ];
        let scored = |visibility, inside_box_only| {
            let protocol = Ne { visibility, inside_box_only };
            let mut error = RunningNe::new(4).with_protocol(protocol);
            error.update(&[[0.0; 2]; 4], &truth, &bounds);
            error.counts().to_vec()
        };
        assert_eq!(scored(VisibilityRule::Visible, false), [1, 1, 0, 0]);
        assert_eq!(scored(VisibilityRule::Visible, true), [1, 0, 0, 0]);
        assert_eq!(scored(VisibilityRule::VisibleAndOccluded, false), [1, 1, 1, 1]);
        assert_eq!(scored(VisibilityRule::VisibleAndOccluded, true), [1, 0, 1, 0]);
    }

    #[test]
    fn merging_streams_equals_one_stream() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let visible = |x| truth(x, 1.0, Visibility::Visible);
        let [mut whole, mut left, mut right] = [(); 3].map(|()| RunningNe::new(1));
        whole.update(&[[0.0, 0.0]], &visible(3.0), &bounds);
        whole.update(&[[0.0, 0.0]], &visible(5.0), &bounds);
        left.update(&[[0.0, 0.0]], &visible(3.0), &bounds);
        right.update(&[[0.0, 0.0]], &visible(5.0), &bounds);
        left.merge(&right);
        assert_eq!(whole, left);
    }

    #[test]
    fn nothing_scored_is_no_number() {
        assert_eq!(RunningNe::new(3).average(), None);
        assert_eq!(RunningNe::new(1).per_landmark(), [None]);
    }

    #[test]
    #[should_panic(expected = "8 landmarks are scored, but 2 were predicted")]
    fn wrong_counts_panic_naming_them() {
        let bounds = BoundingBox::new(0.0, 0.0, 1.0, 1.0).unwrap();
        RunningNe::new(8).update(&[[0.0; 2]; 2], &[Landmark::ABSENT; 8], &bounds);
    }
}
