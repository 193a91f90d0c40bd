//! Average precision as a metric of Burn's learner.
use std::sync::Arc;

use burn::{
    tensor::TensorReadError,
    train::metric::{
        Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes,
        NumericEntry, SerializedEntry,
    },
};

use super::{LearnerMetricInput, entry};
use crate::{
    Error,
    landmark::LandmarkSchema,
    metric::{AreaRange, LandmarkReport, VisibilityRule},
};

/// Average precision by object keypoint similarity (COCO's AP); see
/// [`OksEvaluator`](crate::metric::OksEvaluator).
///
/// A step has no value of its own, as AP needs all samples of an epoch. The metric's name is `AP`.
///
/// Each sample is both a ground truth and a detection in its labeled box. A sample with a
/// [`score`](crate::landmark::LandmarkSample::score) is only a detection, as in [`LandmarkReport`].
#[derive(Debug, Clone)]
pub struct ApMetric {
    name: MetricName,
    schema: LandmarkSchema,
    rule: VisibilityRule,
    report: LandmarkReport,
    value: Option<f64>,
}

impl ApMetric {
    /// AP of the landmarks that `rule` counts; COCO uses [`VisibilityRule::VisibleAndOccluded`].
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the schema has no sigmas, which object
    /// keypoint similarity needs.
    pub fn new(schema: &LandmarkSchema, rule: VisibilityRule) -> Result<Self, Error> {
        if schema.sigmas().is_none() {
            let reason = "average precision needs the schema's sigmas: set them with `with_sigmas`";
            return Err(Error::config(reason));
        }
        Ok(Self {
            name: Arc::new("AP".into()),
            report: LandmarkReport::new(schema),
            schema: schema.clone(),
            rule,
            value: None,
        })
    }
}

impl Metric for ApMetric {
    type Input = LearnerMetricInput;

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes { unit: None, higher_is_better: true }.into()
    }

    /// # Panics
    /// If the numbers of landmarks or scores differ.
    fn update(
        &mut self,
        input: &LearnerMetricInput,
        _: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        for sample in &input.samples {
            let scores = sample.scores.as_deref();
            self.report.update_with(&sample.positions, scores, sample.image_size, &sample.labeled);
        }
        Ok(SerializedEntry::not_available(None))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        let found = self.report.average_precision(self.rule);
        self.value = found.and_then(|found| found.mean(AreaRange::All)).map(|mean| mean.ap());
        Ok(entry::epoch(self.value))
    }

    fn clear(&mut self) {
        self.report = LandmarkReport::new(&self.schema);
        self.value = None;
    }
}

impl Numeric for ApMetric {
    fn value(&self) -> Option<NumericEntry> {
        self.value.map(NumericEntry::Value)
    }

    fn running_value(&self) -> Option<NumericEntry> {
        self.value()
    }

    /// NaN if no ground truth is counted.
    fn final_value(&self) -> NumericEntry {
        NumericEntry::Final(self.value.unwrap_or(f64::NAN))
    }
}
