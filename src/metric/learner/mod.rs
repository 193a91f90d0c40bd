//! NE, PCK and AP as metrics of Burn's learner, [`burn::train::Learner`]. The crate's own training
//! loop, `train`, doesn't use them.
mod ap_metric;
mod entry;
mod mean_metric;

pub use ap_metric::ApMetric;
pub use mean_metric::{MeanMetric, NeMetric, PckMetric};

use crate::landmark::LandmarkSample;

/// The samples of a step: the input of [`NeMetric`], [`PckMetric`], [`MeanMetric`] and
/// [`ApMetric`].
///
/// Implement Burn's [`Adaptor`](burn::train::metric::Adaptor) to create it from the output of a
/// step:
///
/// ```
/// use burn::train::metric::Adaptor;
/// use dafe::{
///     landmark::LandmarkSample,
///     metric::{LearnerMetricInput, NeMetric, PckMetric},
/// };
///
/// /// What a validation step returns: predicted `[x, y]` in the image's pixels, and labels.
/// struct Output {
///     positions: Vec<Vec<[f32; 2]>>,
///     labeled: Vec<LandmarkSample>,
/// }
///
/// impl Adaptor<LearnerMetricInput> for Output {
///     fn adapt(&self) -> LearnerMetricInput {
///         self.positions.iter().cloned().zip(self.labeled.iter().cloned()).collect()
///     }
/// }
///
/// // For `SupervisedTraining::metrics`.
/// let metrics = (NeMetric::ne(8), PckMetric::pck(8, 0.2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct LearnerMetricInput {
    /// The samples, in any order.
    pub samples: Vec<PredictedSample>,
}

/// A labeled sample with its prediction.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PredictedSample {
    /// `[x, y]` of each landmark of the schema, in pixels of the sample's image.
    pub positions: Vec<[f32; 2]>,
    /// The score of each landmark, by which AP ranks detections.
    pub scores: Option<Vec<f32>>,
    /// The image's `[width, height]`, for PCK with boxes clipped to the image, as MMPose's are.
    pub image_size: Option<[u32; 2]>,
    /// The labels.
    pub labeled: LandmarkSample,
}

impl PredictedSample {
    /// Creates a sample with positions only. AP then ranks all detections equally, and PCK uses the
    /// box as labeled.
    pub fn new(positions: Vec<[f32; 2]>, labeled: LandmarkSample) -> Self {
        Self { positions, scores: None, image_size: None, labeled }
    }

    /// Sets the landmarks' scores.
    pub fn with_scores(self, scores: Vec<f32>) -> Self {
        Self { scores: Some(scores), ..self }
    }

    /// Sets the image's `[width, height]`.
    pub fn with_image_size(self, size: [u32; 2]) -> Self {
        Self { image_size: Some(size), ..self }
    }
}

impl FromIterator<PredictedSample> for LearnerMetricInput {
    fn from_iter<I: IntoIterator<Item = PredictedSample>>(samples: I) -> Self {
        Self { samples: samples.into_iter().collect() }
    }
}

impl FromIterator<(Vec<[f32; 2]>, LandmarkSample)> for LearnerMetricInput {
    fn from_iter<I: IntoIterator<Item = (Vec<[f32; 2]>, LandmarkSample)>>(samples: I) -> Self {
        samples
            .into_iter()
            .map(|(positions, labeled)| PredictedSample::new(positions, labeled))
            .collect()
    }
}
