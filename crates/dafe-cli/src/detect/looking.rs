//! Runs the network over batches of images.
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

/// A processed image, or the reason why it failed.
pub struct Looked {
    /// The image's index among the inputs.
    pub index: usize,
    pub file: Option<FileState>,
    pub found: Result<Found, String>,
}

/// The detections in an image.
pub struct Found {
    pub image: RgbImage,
    pub garments: Vec<GarmentDetection>,
    /// One per garment, if explanations were requested.
    pub explanations: Vec<Explanation>,
}

/// How images are processed.
pub struct Looking<'a> {
    pub detector: &'a LandmarkDetector,
    pub regions: &'a Regions,
    /// The minimum score of garments, if all garments are searched for.
    pub all_from: Option<f32>,
    /// Whether to explain, which processes garments one by one.
    pub explain: bool,
}

struct Answer {
    detection: Detection,
    explanation: Option<Explanation>,
}

impl Looking<'_> {
    /// Processes all images.
    pub fn look(&self, read: Vec<Read>) -> Vec<Looked> {
        match self.all_from {
            Some(score) => read.into_iter().map(|read| self.all(read, score)).collect(),
            None => self.each_region(read),
        }
    }

    /// Finds all garments of an image.
    fn all(&self, Read { index, file, image }: Read, min_score: f32) -> Looked {
        let found = image.and_then(|image| {
            let garments = self.detector.detect_all(&image, min_score);
            let garments = garments.map_err(|error| error.to_string())?;
            let garments = garments.into_iter().map(GarmentDetection::from).collect();
            Found { image, garments, explanations: Vec::new() }.finite()
        });
        Looked { index, file, found }
    }

    /// Finds the garments in the regions of all images in one batch.
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
                    // All answers of an image are consumed, even if one of them failed.
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
            // Processed one by one, so that only the image with the error fails.
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
    /// Returns itself if all its numbers are finite and can be written.
    fn finite(self) -> Result<Self, String> {
        match self.garments.iter().all(GarmentDetection::is_finite) {
            true => Ok(self),
            false => Err("the model's output is not finite: its training may have diverged".into()),
        }
    }
}

/// Whether any landmark of the garments reaches this score.
pub fn shows_any(garments: &[GarmentDetection], min_score: f32) -> bool {
    let mut landmarks = garments.iter().flat_map(|garment| &garment.detection.landmarks);
    landmarks.any(|landmark| landmark.score >= min_score)
}
