//! Averages of landmark errors (NE, PCK and others) as metrics of Burn's learner.
use std::sync::Arc;

use burn::{
    tensor::TensorReadError,
    train::metric::{
        Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes,
        NumericEntry, SerializedEntry,
    },
};

use super::{LearnerMetricInput, entry};
use crate::metric::{LandmarkMeans, LandmarkMetric, Ne, Pck, landmark_distances};

/// Any [`LandmarkMetric`] as a metric of Burn's learner.
///
/// The value of an epoch is the metric's headline over all of its samples, not the mean over steps.
#[derive(Debug, Clone)]
pub struct MeanMetric<M> {
    name: MetricName,
    metric: M,
    higher_is_better: bool,
    step: Means,
    epoch: Means,
}

/// Normalized error; see [`Ne`].
pub type NeMetric = MeanMetric<Ne>;

/// Percentage of correct keypoints; see [`Pck`].
pub type PckMetric = MeanMetric<Pck>;

#[derive(Debug, Clone)]
struct Means {
    means: LandmarkMeans,
    samples: usize,
}

impl Means {
    fn new(num_landmarks: usize) -> Self {
        Self { means: LandmarkMeans::new(num_landmarks), samples: 0 }
    }
}

impl NeMetric {
    /// The normalized error of `num_landmarks` landmarks with the default protocol, named `NE`.
    pub fn ne(num_landmarks: usize) -> Self {
        Self::new("NE", Ne::default(), num_landmarks, false)
    }
}

impl PckMetric {
    /// The fraction of `num_landmarks` landmarks that are off by less than `threshold` times the
    /// longer side of the box. The threshold is in the name, such as `PCK@0.2`.
    pub fn pck(num_landmarks: usize, threshold: f64) -> Self {
        Self::new(&format!("PCK@{threshold}"), Pck { threshold }, num_landmarks, true)
    }
}

impl<M: LandmarkMetric> MeanMetric<M> {
    /// Creates a metric. Burn identifies metrics by `name`.
    pub fn new(name: &str, metric: M, num_landmarks: usize, higher_is_better: bool) -> Self {
        let means = Means::new(num_landmarks);
        Self {
            name: Arc::new(name.into()),
            metric,
            higher_is_better,
            step: means.clone(),
            epoch: means,
        }
    }

    fn headline(&self, means: &Means) -> Option<f64> {
        self.metric.headline(&means.means)
    }

    fn aggregated(&self, means: &Means) -> Option<NumericEntry> {
        let aggregated_value = self.headline(means)?;
        Some(NumericEntry::Aggregated { aggregated_value, count: means.samples })
    }
}

impl<M: LandmarkMetric + Clone + Send> Metric for MeanMetric<M> {
    type Input = LearnerMetricInput;

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes { unit: None, higher_is_better: self.higher_is_better }.into()
    }

    /// # Panics
    /// If the numbers of landmarks differ.
    fn update(
        &mut self,
        input: &LearnerMetricInput,
        _: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let n = self.epoch.means.num_landmarks();
        self.step = Means::new(n);
        for sample in &input.samples {
            let labeled = &sample.labeled;
            let count = labeled.landmarks.len();
            assert_eq!(count, n, "{n} landmarks are scored, but {count} are labeled");
            let bounds = &labeled.bounding_box;
            let distances = landmark_distances(
                &sample.positions,
                &labeled.landmarks,
                bounds,
                sample.image_size,
            );
            for distance in distances {
                if let Some(value) = self.metric.value(&distance) {
                    self.step.means.add(distance.landmark, value, 1);
                }
            }
        }
        self.step.samples = input.samples.len();
        self.epoch.means.merge(&self.step.means);
        self.epoch.samples += self.step.samples;
        let values = [&self.epoch, &self.step].map(|means| self.headline(means));
        Ok(entry::step(values[0], values[1], self.step.samples))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(entry::epoch(self.headline(&self.epoch)))
    }

    fn clear(&mut self) {
        self.epoch = Means::new(self.epoch.means.num_landmarks());
        self.step = self.epoch.clone();
    }
}

impl<M: LandmarkMetric> Numeric for MeanMetric<M> {
    fn value(&self) -> Option<NumericEntry> {
        self.aggregated(&self.step)
    }

    fn running_value(&self) -> Option<NumericEntry> {
        self.aggregated(&self.epoch)
    }

    /// NaN if nothing in the epoch is labeled.
    fn final_value(&self) -> NumericEntry {
        NumericEntry::Final(self.headline(&self.epoch).unwrap_or(f64::NAN))
    }
}
