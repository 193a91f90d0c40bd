//! Everything that is measured over a split: collected sample by sample, then summed up to print and to save.
mod named;
mod oks_samples;
mod summary;
mod table;

use std::collections::HashMap;

pub use named::Named;
pub use summary::{Estimate, LandmarkSummary, OksSummary};

use self::oks_samples::OksSamples;
use super::{Bootstrap, LandmarkErrors, NormalizedErrorProtocol};
use crate::landmark::{LandmarkSample, LandmarkSchema, VariationType};

/// Collects the errors of a split: normalized error, PCK, AUC, EPE and PDL, as a whole and by landmark, category, variation
/// type and visibility, and average precision where the schema has sigmas. Displayed, it is a table of its
/// [`Self::summary`].
///
/// Samples of the same [`LandmarkSample::image`] are of one picture. A sample with a [`LandmarkSample::score`] is a
/// detection, whose truth is among the samples of [`Self::add_truth`]. OKS goes by [`LandmarkSample::area`] and
/// [`LandmarkSample::crowd`], as COCO's evaluation does.
#[derive(Debug, Clone)]
pub struct LandmarkReport {
    schema: LandmarkSchema,
    protocol: NormalizedErrorProtocol,
    pictures: HashMap<String, usize>,
    errors: LandmarkErrors,
    /// Of each sample in `errors`.
    groups: Vec<Group>,
    oks: Option<OksSamples>,
}

/// What breakdowns tell samples apart by.
#[derive(Debug, Clone, Copy)]
struct Group {
    category: Option<usize>,
    variation: Option<VariationType>,
}

impl LandmarkReport {
    /// An empty report for the landmarks of `schema`, with the normalized error's default protocol.
    pub fn new(schema: &LandmarkSchema) -> Self {
        Self {
            protocol: NormalizedErrorProtocol::default(),
            pictures: HashMap::new(),
            errors: LandmarkErrors::new(schema.len()),
            groups: Vec::new(),
            oks: schema.sigmas().map(|sigmas| OksSamples::new(sigmas, schema.categories())),
            schema: schema.clone(),
        }
    }

    /// The same report with another protocol of the normalized error.
    pub fn with_protocol(self, protocol: NormalizedErrorProtocol) -> Self {
        Self { protocol, ..self }
    }

    /// Scores one sample: predicted `[x, y]` in its picture's pixels.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, predicted: &[[f32; 2]], sample: &LandmarkSample) {
        self.update_with(predicted, None, None, sample);
    }

    /// [`Self::update`] with what else is known: `scores` of the landmarks, for average precision, and the picture's
    /// `[width, height]`, for PCK with boxes clipped to it as MMPose's are.
    ///
    /// A detection's score is the mean of its category's landmarks' scores, times the box's score for a detected box.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update_with(
        &mut self,
        predicted: &[[f32; 2]],
        scores: Option<&[f32]>,
        picture_size: Option<[u32; 2]>,
        sample: &LandmarkSample,
    ) {
        let picture = self.picture(sample);
        let bounds = &sample.bounding_box;
        self.errors.update(picture, predicted, &sample.landmarks, bounds, picture_size);
        self.groups.push(Group { category: sample.category, variation: sample.variation_type });
        if let Some(oks) = &mut self.oks {
            oks.add_detection(picture, predicted, scores, sample);
            if sample.score.is_none() {
                oks.add_truth(picture, sample);
            }
        }
    }

    /// A labelled sample that nothing was predicted for, or whose box had to be detected: average precision counts it.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn add_truth(&mut self, sample: &LandmarkSample) {
        let picture = self.picture(sample);
        if let Some(oks) = &mut self.oks {
            oks.add_truth(picture, sample);
        }
    }

    fn picture(&mut self, sample: &LandmarkSample) -> usize {
        let next = self.pictures.len();
        match self.pictures.get(&sample.image) {
            Some(&picture) => picture,
            None => *self.pictures.entry(sample.image.clone()).or_insert(next),
        }
    }

    /// The normalized error's headline; `None` if no landmark was scored.
    pub fn ne(&self) -> Option<f64> {
        self.errors.headline(&self.protocol)
    }

    /// The errors of the samples, in the order in which they came.
    pub fn errors(&self) -> &LandmarkErrors {
        &self.errors
    }

    /// The report's numbers, to save, with 95 % intervals.
    pub fn summary(&self) -> LandmarkSummary {
        self.summary_with(&Bootstrap::default())
    }

    /// The report's numbers with other intervals: without any for no resamples.
    pub fn summary_with(&self, bootstrap: &Bootstrap) -> LandmarkSummary {
        LandmarkSummary::of(self, bootstrap)
    }
}
