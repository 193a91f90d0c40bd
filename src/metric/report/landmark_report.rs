//! What a split is scored by: collected sample by sample.
use std::collections::BTreeSet;

use indexmap::IndexSet;

use super::oks_samples::OksSamples;
use crate::{
    landmark::{LandmarkSample, LandmarkSchema, VariationType},
    metric::{AveragePrecision, LandmarkDistances, Ne, VisibilityRule},
};

/// Collects the errors of a split: normalized error, PCK, AUC, EPE and PDL, as a whole and by landmark, category, variation
/// type and visibility, and average precision where the schema has sigmas. [`Self::summary`] has the numbers, to print or save.
///
/// Average precision goes by category: samples whose category is not known, or not in the schema, are left out of it, unless
/// the schema has one category or none.
///
/// Samples of the same [`LandmarkSample::image`] are of one image. A sample with a
/// [`LandmarkSample::score`] is a detection, whose truth is among the samples of
/// [`Self::add_truth`]. OKS goes by [`LandmarkSample::area`] and [`LandmarkSample::crowd`], as
/// COCO's evaluation does.
#[derive(Debug, Clone)]
pub struct LandmarkReport {
    pub(super) schema: LandmarkSchema,
    pub(super) protocol: Ne,
    /// Numbered from 0, as they first come.
    pub(super) images: IndexSet<String>,
    pub(super) errors: LandmarkDistances,
    /// Samples that came with their image's size.
    pub(super) clipped_boxes: u64,
    /// Of each sample in `errors`.
    pub(super) groups: Vec<Group>,
    pub(super) oks: Option<OksSamples>,
}

/// What breakdowns tell samples apart by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) category: Option<usize>,
    pub(super) variation: Option<VariationType>,
}

impl LandmarkReport {
    /// An empty report for the landmarks of `schema`, with the normalized error's default protocol.
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

    /// The same report with another protocol of the normalized error.
    pub fn with_protocol(self, protocol: Ne) -> Self {
        Self { protocol, ..self }
    }

    /// Scores one sample: predicted `[x, y]` in its image's pixels.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, predicted: &[[f32; 2]], sample: &LandmarkSample) {
        self.update_with(predicted, None, None, sample);
    }

    /// [`Self::update`] with what else is known: `scores` of the landmarks, for average precision,
    /// and the image's `[width, height]`, for PCK with boxes clipped to it as MMPose's are.
    ///
    /// Scores of landmarks and boxes are put together by [`detection_score`](crate::metric::detection_score).
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

    /// A labelled sample that nothing was predicted for, or whose box had to be detected: average precision counts it.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn add_truth(&mut self, sample: &LandmarkSample) {
        let (image, _) = self.images.insert_full(sample.image.clone());
        if let Some(oks) = &mut self.oks {
            oks.add_truth(image, sample);
        }
    }

    /// The normalized error's headline; `None` if no landmark was scored.
    pub fn ne(&self) -> Option<f64> {
        self.errors.headline(&self.protocol)
    }

    /// Average precision and recall of the landmarks that `rule` counts; `None` without sigmas in
    /// the schema.
    pub fn average_precision(&self, rule: VisibilityRule) -> Option<AveragePrecision> {
        Some(self.oks.as_ref()?.evaluator(rule).evaluate())
    }

    /// The errors of the samples, in the order in which they came.
    pub fn errors(&self) -> &LandmarkDistances {
        &self.errors
    }

    /// The categories that samples have, each once, in the schema's order.
    pub(super) fn categories(&self) -> BTreeSet<usize> {
        self.groups.iter().filter_map(|group| group.category).collect()
    }

    /// The variation types that samples have, each once, in FLD's order.
    pub(super) fn variations(&self) -> BTreeSet<VariationType> {
        self.groups.iter().filter_map(|group| group.variation).collect()
    }

    /// The name of a category; its number, where the schema does not have it.
    pub(super) fn category_name(&self, category: usize) -> String {
        let known = self.schema.categories().get(category);
        known.map_or_else(|| format!("category {category}"), |known| known.name.clone())
    }
}
