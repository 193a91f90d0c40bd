//! Pictures of what was found, and of what led to it.
use dafe::{
    detector::Explanation,
    draw::{Marker, draw_box, draw_landmarks, overlay_map, sheet},
    prelude::*,
};
use image::RgbImage;

use crate::looking::Found;

/// How results are drawn.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    pub schema: &'a LandmarkSchema,
    /// Landmarks from this score on are drawn.
    pub min_score: f32,
}

impl Style<'_> {
    /// The picture with each garment's box and landmarks.
    pub fn landmarks(&self, found: &Found) -> RgbImage {
        let mut drawn = found.picture.clone();
        for garment in &found.garments {
            self.draw(&mut drawn, &garment.detection);
        }
        drawn
    }

    /// What led to a garment's landmarks.
    pub fn explanation(&self, picture: &RgbImage, explanation: &Explanation) -> RgbImage {
        let maps = explanation.modules.iter().map(|module| &module.spatial);
        let maps: Vec<_> = explanation
            .heatmaps
            .iter()
            .chain(maps)
            .map(|map| overlay_map(picture, &map.values, map.size, &map.to_map))
            .collect();
        sheet(&maps, 4, [picture.width().min(400), picture.height().min(400)])
    }

    fn draw(&self, drawn: &mut RgbImage, detection: &Detection) {
        draw_box(drawn, &detection.bounding_box);
        let mut points = vec![None; self.schema.len()];
        for landmark in detection.landmarks.iter().filter(|found| found.score >= self.min_score) {
            points[landmark.index] = Some([landmark.x, landmark.y]);
        }
        draw_landmarks(drawn, self.schema, &points, Marker::Dot);
    }
}
