//! Ground truths and detections, kept until all samples are added: those of an image may come in
//! any order.
use super::super::{OksDetection, OksEvaluator, OksTruth, VisibilityRule, detection_score};
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkCategory, LandmarkSample},
};

/// The samples for average precision. Only the landmarks of a sample's category are stored, to save
/// memory.
#[derive(Debug, Clone)]
pub(super) struct OksSamples {
    sigmas: Vec<f64>,
    /// The landmarks of each category.
    slots: Vec<Vec<usize>>,
    images: Vec<Image>,
}

#[derive(Debug, Clone, Default)]
struct Image {
    truths: Vec<Truth>,
    detections: Vec<(usize, f64, Vec<[f32; 2]>)>,
}

/// A labeled sample.
#[derive(Debug, Clone)]
struct Truth {
    category: usize,
    bounding_box: BoundingBox,
    area: Option<f32>,
    crowd: bool,
    /// The landmarks of its category only.
    landmarks: Vec<Landmark>,
}

impl Truth {
    /// Converts it for the evaluator; `landmarks` has all landmarks of the schema.
    fn spread<'a>(&self, landmarks: &'a [Landmark]) -> OksTruth<'a> {
        let truth = OksTruth::new(self.category, landmarks, self.bounding_box);
        OksTruth { area: self.area.map_or(truth.area, f64::from), crowd: self.crowd, ..truth }
    }
}

impl OksSamples {
    /// Without categories in the schema, all samples belong to one.
    pub fn new(sigmas: &[f64], categories: &[LandmarkCategory]) -> Self {
        let mut slots: Vec<_> = categories.iter().map(|one| one.landmarks.clone()).collect();
        if slots.is_empty() {
            slots.push((0..sigmas.len()).collect());
        }
        Self { sigmas: sigmas.to_vec(), slots, images: Vec::new() }
    }

    pub fn add_truth(&mut self, image: usize, sample: &LandmarkSample) {
        if let Some(category) = self.category(sample) {
            let slots = self.slots[category].iter();
            let truth = Truth {
                category,
                bounding_box: sample.bounding_box,
                area: sample.area,
                crowd: sample.crowd,
                landmarks: slots.map(|&slot| sample.landmarks[slot]).collect(),
            };
            self.image(image).truths.push(truth);
        }
    }

    pub fn add_detection(
        &mut self,
        image: usize,
        predicted: &[[f32; 2]],
        scores: Option<&[f32]>,
        sample: &LandmarkSample,
    ) {
        if let Some(category) = self.category(sample) {
            let slots = &self.slots[category];
            let score = match scores {
                Some(scores) => {
                    detection_score(slots.iter().map(|&slot| scores[slot]), sample.score)
                }
                None => f64::from(sample.score.unwrap_or(1.0)),
            };
            let positions = slots.iter().map(|&slot| predicted[slot]).collect();
            self.image(image).detections.push((category, score, positions));
        }
    }

    /// A sample's category for average precision. `None` if it is unknown or not in the schema,
    /// unless the schema has only one.
    fn category(&self, sample: &LandmarkSample) -> Option<usize> {
        let category = sample.category.or((self.slots.len() == 1).then_some(0));
        category.filter(|&category| category < self.slots.len())
    }

    fn image(&mut self, image: usize) -> &mut Image {
        if self.images.len() <= image {
            self.images.resize_with(image + 1, Image::default);
        }
        &mut self.images[image]
    }

    /// Matches all images.
    pub fn evaluator(&self, rule: VisibilityRule) -> OksEvaluator {
        let mut evaluator = OksEvaluator::new(self.sigmas.clone(), self.slots.len(), rule);
        for image in &self.images {
            let truths: Vec<_> = (image.truths.iter())
                .map(|truth| self.spread(truth.category, &truth.landmarks, Landmark::ABSENT))
                .collect();
            let detections: Vec<_> = (image.detections.iter())
                .map(|(category, _, positions)| self.spread(*category, positions, [0.0; 2]))
                .collect();
            let truths: Vec<_> = (image.truths.iter().zip(&truths))
                .map(|(truth, landmarks)| truth.spread(landmarks))
                .collect();
            let detections: Vec<_> = (image.detections.iter().zip(&detections))
                .map(|(&(category, score, _), positions)| OksDetection {
                    category,
                    positions,
                    score,
                })
                .collect();
            evaluator.update(&truths, &detections);
        }
        evaluator
    }

    /// Places a category's values at their landmarks of the schema.
    fn spread<T: Copy>(&self, category: usize, values: &[T], rest: T) -> Vec<T> {
        let mut all = vec![rest; self.sigmas.len()];
        for (&slot, &value) in self.slots[category].iter().zip(values) {
            all[slot] = value;
        }
        all
    }
}
