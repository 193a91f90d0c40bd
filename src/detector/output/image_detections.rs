//! What was found in one image.
use serde::{Deserialize, Serialize};

use crate::{
    detector::{detection::Detection, garments::DetectedGarment},
    geometry::BoundingBox,
};

/// An image and what was found in it: a JSON document of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageDetections {
    /// The image's name or path, as results call it.
    pub image: String,
    /// Of the upright image, in pixels.
    pub width: u32,
    /// Of the upright image, in pixels.
    pub height: u32,
    /// Its garments, in the order in which they were asked for, or the surest first where all were
    /// looked for.
    pub detections: Vec<GarmentDetection>,
}

/// A garment's landmarks, category and box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GarmentDetection {
    /// What the network found.
    #[serde(flatten)]
    pub detection: Detection,
    /// The score of the box, if a detector of boxes gave it and said one; how sure the garment is,
    /// if it is one of [all](crate::detector::LandmarkDetector::detect_all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_score: Option<f32>,
}

impl From<Detection> for GarmentDetection {
    /// In a box without a score.
    fn from(detection: Detection) -> Self {
        Self { detection, box_score: None }
    }
}

impl From<DetectedGarment> for GarmentDetection {
    /// Its score is that of its box.
    fn from(DetectedGarment { detection, score }: DetectedGarment) -> Self {
        Self { detection, box_score: Some(score) }
    }
}

impl ImageDetections {
    /// What was found in the image `image` of `[width, height]` pixels.
    pub fn new<G: Into<GarmentDetection>>(
        image: impl Into<String>,
        [width, height]: [u32; 2],
        detections: impl IntoIterator<Item = G>,
    ) -> Self {
        let detections = detections.into_iter().map(Into::into).collect();
        Self { image: image.into(), width, height, detections }
    }
}

impl GarmentDetection {
    /// Whether all of it can be written: networks that diverged find numbers that are not finite.
    pub fn is_finite(&self) -> bool {
        let Detection { landmarks, bounding_box, .. } = &self.detection;
        let BoundingBox { x1, y1, x2, y2 } = *bounding_box;
        let numbers = landmarks.iter().flat_map(|found| [found.x, found.y, found.score]);
        numbers.chain([x1, y1, x2, y2]).all(f32::is_finite)
    }
}
