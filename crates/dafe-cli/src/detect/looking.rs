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
    /// Whether to explain, which takes garments one by one.
    pub explain: bool,
}

struct Answer {
    detection: Detection,
    explanation: Option<Explanation>,
}

impl Looking<'_> {
    /// Looks for the garments of all images together.
    pub fn look(&self, read: Vec<Read>) -> Vec<Looked> {
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
        let garment = GarmentDetection { detection, box_score: region.score };
        if !garment.is_finite() {
            return Err(
                "the model found numbers that are none: its training may have diverged".into()
            );
        }
        garments.push(garment);
        explanations.extend(explanation);
    }
    Ok(Found { image, garments, explanations })
}
