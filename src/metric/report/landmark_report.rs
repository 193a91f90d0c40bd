//! A report on a split, accumulated sample by sample.
use std::collections::BTreeSet;

use indexmap::IndexSet;

use super::oks_samples::OksSamples;
use crate::{
    landmark::{LandmarkSample, LandmarkSchema, VariationType},
    metric::{AveragePrecision, LandmarkDistances, Ne, VisibilityRule},
};

/// Accumulates the metrics of a split.
///
/// These are normalized error, PCK, AUC, EPE and PDL, over all samples and by landmark, category,
/// variation type and visibility, and average precision if the schema has sigmas. [`Self::summary`]
/// returns the numbers to print or save.
///
/// Average precision is computed per category. Samples whose category is unknown or not in the
/// schema are left out of it, unless the schema has one category or none.
///
/// Samples with equal [`LandmarkSample::image`] share an image. A sample with a
/// [`LandmarkSample::score`] is a detection, whose ground truth must be added by
/// [`Self::add_truth`]. OKS uses [`LandmarkSample::area`] and [`LandmarkSample::crowd`] like COCO's
/// evaluation.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, LandmarkSample, Visibility},
///     metric::LandmarkReport,
///     prelude::*,
/// };
///
/// let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![])?;
/// let bounds = BoundingBox::new(0.0, 0.0, 100.0, 100.0).unwrap();
/// let tip = Landmark::new(50.0, 50.0, Visibility::Visible);
/// let sample = LandmarkSample::new("kite.jpg", bounds, vec![tip]);
/// let mut report = LandmarkReport::new(&schema);
/// report.update(&[[50.0, 75.0]], &sample);
/// let summary = report.summary();
/// assert_eq!(summary.ne, Some(0.25));
/// assert_eq!(summary.headlines["PCK@0.2"].value, Some(0.0));
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LandmarkReport {
    pub(super) schema: LandmarkSchema,
    pub(super) protocol: Ne,
    /// Image names in the order of their first sample.
    pub(super) images: IndexSet<String>,
    pub(super) errors: LandmarkDistances,
    /// The number of samples that were added with their image's size.
    pub(super) clipped_boxes: u64,
    /// The group of each sample in `errors`.
    pub(super) groups: Vec<Group>,
    pub(super) oks: Option<OksSamples>,
}

/// The keys of breakdowns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) category: Option<usize>,
    pub(super) variation: Option<VariationType>,
}

impl LandmarkReport {
    /// Creates an empty report for the landmarks of `schema`, with the default protocol of the
    /// normalized error.
    pub fn new(schema: &LandmarkSchema) -> Self {
        Self {
            protocol: Ne::default(),
            images: IndexSet::new(),
            errors: LandmarkDistances::new(schema.len()),
            clipped_boxes: 0,
            groups: Vec::new(),
            oks: schema.sigmas().map(|sigmas| OksSamples::new(sigmas, schema.categories())),
            schema: schema.clone(),
        }
    }

    /// Sets the protocol of the normalized error.
    pub fn with_protocol(self, protocol: Ne) -> Self {
        Self { protocol, ..self }
    }

    /// Adds one sample: predicted `[x, y]` in its image's pixels.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, predicted: &[[f32; 2]], sample: &LandmarkSample) {
        self.update_with(predicted, None, None, sample);
    }

    /// Adds one sample with optional `scores` of the landmarks, for average precision, and the
    /// image's `[width, height]`, for PCK with boxes clipped to the image, as MMPose's are.
    ///
    /// Scores of landmarks and boxes are combined by
    /// [`detection_score`](crate::metric::detection_score).
    ///
    /// # Panics
    /// If the numbers of landmarks or scores differ.
    pub fn update_with(
        &mut self,
        predicted: &[[f32; 2]],
        scores: Option<&[f32]>,
        image_size: Option<[u32; 2]>,
        sample: &LandmarkSample,
    ) {
        if let Some(scores) = scores {
            let n = self.schema.len();
            assert_eq!(scores.len(), n, "{n} landmarks have scores, not {}", scores.len());
        }
        let (image, _) = self.images.insert_full(sample.image.clone());
        let bounds = &sample.bounding_box;
        self.errors.update(image, predicted, &sample.landmarks, bounds, image_size);
        self.clipped_boxes += u64::from(image_size.is_some());
        self.groups.push(Group { category: sample.category, variation: sample.variation_type });
        if let Some(oks) = &mut self.oks {
            oks.add_detection(image, predicted, scores, sample);
            if sample.score.is_none() {
                oks.add_truth(image, sample);
            }
        }
    }

    /// Adds a labeled sample without a prediction, or whose box had to be detected; only average
    /// precision counts it.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn add_truth(&mut self, sample: &LandmarkSample) {
        let (image, _) = self.images.insert_full(sample.image.clone());
        if let Some(oks) = &mut self.oks {
            oks.add_truth(image, sample);
        }
    }

    /// The headline of the normalized error; `None` if no landmark was scored.
    pub fn ne(&self) -> Option<f64> {
        self.errors.headline(&self.protocol)
    }

    /// Average precision and recall of the landmarks that `rule` counts; `None` if the schema has
    /// no sigmas.
    pub fn average_precision(&self, rule: VisibilityRule) -> Option<AveragePrecision> {
        Some(self.oks.as_ref()?.evaluator(rule).evaluate())
    }

    /// The errors of the samples, in the order they were added.
    pub fn errors(&self) -> &LandmarkDistances {
        &self.errors
    }

    /// The categories of samples, without duplicates, in the schema's order.
    pub(super) fn categories(&self) -> BTreeSet<usize> {
        self.groups.iter().filter_map(|group| group.category).collect()
    }

    /// The variation types of samples, without duplicates, in FLD's order.
    pub(super) fn variations(&self) -> BTreeSet<VariationType> {
        self.groups.iter().filter_map(|group| group.variation).collect()
    }

    /// The name of a category; its index if the schema lacks it.
    pub(super) fn category_name(&self, category: usize) -> String {
        let known = self.schema.categories().get(category);
        known.map_or_else(|| format!("category {category}"), |known| known.name.clone())
    }
}
