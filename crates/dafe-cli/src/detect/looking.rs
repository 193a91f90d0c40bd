//! The network over some images at a time.
use dafe::{
    detector::{DetectionRequest, Explanation, output::GarmentDetection},
    prelude::*,
};
use image::RgbImage;

use super::{
    reading::Read,
    record::FileState,
    regions::{Region, Regions},
};

/// An image that was looked at, or why not.
pub struct Looked {
    /// Its index among the inputs.
    pub index: usize,
    pub file: Option<FileState>,
    pub found: Result<Found, String>,
}

/// What was found in an image.
pub struct Found {
    pub image: RgbImage,
    pub garments: Vec<GarmentDetection>,
    /// One for each garment, if they are to be explained.
    pub explanations: Vec<Explanation>,
}

/// How images are looked at.
pub struct Looking<'a> {
    pub detector: &'a LandmarkDetector,
    pub regions: &'a Regions,
    /// The score from which on all garments are taken, if they are looked for.
    pub all_from: Option<f32>,
    /// Whether to explain, which takes garments one by one.
    pub explain: bool,
}

struct Answer {
    detection: Detection,
    explanation: Option<Explanation>,
}

impl Looking<'_> {
    /// Looks at all images.
    pub fn look(&self, read: Vec<Read>) -> Vec<Looked> {
        match self.all_from {
            Some(score) => read.into_iter().map(|read| self.all(read, score)).collect(),
            None => self.each_region(read),
        }
    }

    /// Looks for all garments of an image.
    fn all(&self, Read { index, file, image }: Read, min_score: f32) -> Looked {
        let found = image.and_then(|image| {
            let garments = self.detector.detect_all(&image, min_score);
            let garments = garments.map_err(|error| error.to_string())?;
            let garments = garments.into_iter().map(GarmentDetection::from).collect();
            Found { image, garments, explanations: Vec::new() }.finite()
        });
        Looked { index, file, found }
    }

    /// Looks for the garments in the regions of all images together.
    fn each_region(&self, read: Vec<Read>) -> Vec<Looked> {
        let requests: Vec<DetectionRequest<'_>> = read
            .iter()
            .filter_map(|read| Some((read.index, read.image.as_ref().ok()?)))
            .flat_map(|(index, image)| {
                self.regions.of(index).iter().map(move |region| request(image, region))
            })
            .collect();
        let answers: Vec<_> = match self.explain {
            true => requests.iter().map(|request| self.explained(request)).collect(),
            false => self.batch(&requests),
        };
        let mut answers = answers.into_iter();
        read.into_iter()
            .map(|Read { index, file, image }| {
                let regions = self.regions.of(index);
                let found = image.and_then(|image| {
                    // All are taken, whichever of them fails.
                    let own: Vec<_> = answers.by_ref().take(regions.len()).collect();
                    found(image, regions, own.into_iter().collect::<Result<_, _>>()?)
                });
                Looked { index, file, found }
            })
            .collect()
    }

    fn batch(&self, requests: &[DetectionRequest<'_>]) -> Vec<Result<Answer, String>> {
        let answer = |detection| Ok(Answer { detection, explanation: None });
        match (self.detector.detect_batch(requests), requests) {
            (Ok(detections), _) => detections.into_iter().map(answer).collect(),
            (Err(error), [_]) => vec![Err(error.to_string())],
            // One of them is to blame, and not the others.
            (Err(_), several) => several.chunks(1).flat_map(|one| self.batch(one)).collect(),
        }
    }

    fn explained(&self, request: &DetectionRequest<'_>) -> Result<Answer, String> {
        let explanation = self.detector.explain(request).map_err(|error| error.to_string())?;
        let detection = explanation.detection.clone();
        Ok(Answer { detection, explanation: Some(explanation) })
    }
}

fn request<'a>(image: &'a RgbImage, region: &Region) -> DetectionRequest<'a> {
    DetectionRequest { image, bounding_box: region.bounding_box, category: region.category }
}

fn found(image: RgbImage, regions: &[Region], answers: Vec<Answer>) -> Result<Found, String> {
    let (mut garments, mut explanations) = (Vec::new(), Vec::new());
    for (Answer { detection, explanation }, region) in answers.into_iter().zip(regions) {
        garments.push(GarmentDetection { detection, box_score: region.score });
        explanations.extend(explanation);
    }
    Found { image, garments, explanations }.finite()
}

impl Found {
    /// Itself, if all of it can be written.
    fn finite(self) -> Result<Self, String> {
        match self.garments.iter().all(GarmentDetection::is_finite) {
            true => Ok(self),
            false => {
                Err("the model found numbers that are none: its training may have diverged".into())
            }
        }
    }
}

/// Whether there is a garment of which a landmark has at least this score.
pub fn shows_any(garments: &[GarmentDetection], min_score: f32) -> bool {
    let mut landmarks = garments.iter().flat_map(|garment| &garment.detection.landmarks);
    landmarks.any(|landmark| landmark.score >= min_score)
}
