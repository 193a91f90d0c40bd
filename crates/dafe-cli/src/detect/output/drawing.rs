//! Drawings of detections and explanations.
use dafe::{
    detector::Explanation,
    draw::{Drawing, LandmarkMark, Marker, explanation_sheet},
    prelude::*,
};
use image::RgbImage;

use crate::detect::looking::Found;

/// How results are rendered.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    pub schema: &'a LandmarkSchema,
    /// Landmarks are rendered from this score on.
    pub min_score: f32,
    /// Whether to write names next to landmarks.
    pub names: bool,
}

impl Style<'_> {
    /// The image with each garment's box, skeleton and landmarks; a garment without landmarks to
    /// draw is left out.
    pub fn landmarks(&self, found: &Found) -> RgbImage {
        let mut drawing = Drawing::new(&found.image);
        for garment in &found.garments {
            let detection = &garment.detection;
            let confident = detection.landmarks.iter().filter(|one| one.score >= self.min_score);
            let marks: Vec<LandmarkMark> = confident.map(LandmarkMark::from).collect();
            // No landmark to draw.
            if marks.is_empty() {
                continue;
            }
            drawing.bounding_box(&detection.bounding_box).skeleton(self.schema, &marks).landmarks(
                self.schema,
                &marks,
                Marker::Dot,
            );
            if self.names {
                drawing.names(self.schema, &marks);
            }
        }
        drawing.image()
    }

    /// A sheet that explains how a garment's landmarks were found.
    pub fn explanation(&self, image: &RgbImage, explanation: &Explanation) -> RgbImage {
        explanation_sheet(image, explanation, self.schema)
    }
}
