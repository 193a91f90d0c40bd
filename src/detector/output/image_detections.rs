//! The detections in one image.
use serde::{Deserialize, Serialize};

use crate::{
    detector::{detection::Detection, garments::DetectedGarment},
    geometry::BoundingBox,
};

/// The detections in one image; serializes to a JSON document of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageDetections {
    /// The image's name or path in the results.
    pub image: String,
    /// Width of the upright image in pixels.
    pub width: u32,
    /// Height of the upright image in pixels.
    pub height: u32,
    /// The garments in the order of the requests, or best first if all garments were searched for.
    pub detections: Vec<GarmentDetection>,
}

/// A garment's landmarks, category, box and score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GarmentDetection {
    /// The detection.
    #[serde(flatten)]
    pub detection: Detection,
    /// The score of the box, if a box detector provided one; for garments from
    /// [`detect_all`](crate::detector::LandmarkDetector::detect_all), the garment's score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_score: Option<f32>,
}

impl From<Detection> for GarmentDetection {
    /// Converts a detection without a box score.
    fn from(detection: Detection) -> Self {
        Self { detection, box_score: None }
    }
}

impl From<DetectedGarment> for GarmentDetection {
    /// Uses the garment's score as the box score.
    fn from(DetectedGarment { detection, score }: DetectedGarment) -> Self {
        Self { detection, box_score: Some(score) }
    }
}

impl ImageDetections {
    /// Creates the document of the image named `image`, of `[width, height]` pixels.
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
    /// Whether all numbers are finite and can be written; diverged networks produce others.
    pub fn is_finite(&self) -> bool {
        let Detection { landmarks, bounding_box, .. } = &self.detection;
        let BoundingBox { x1, y1, x2, y2 } = *bounding_box;
        let numbers = landmarks.iter().flat_map(|found| [found.x, found.y, found.score]);
        numbers.chain([x1, y1, x2, y2]).all(f32::is_finite)
    }
}
