//! Writers for detections: JSON Lines (one image per line), CSV (one landmark per line) and COCO
//! keypoint results.
//!
//! Writers take images one by one and write them immediately, so any number of images fits in
//! memory.
//!
//! ```
//! use dafe::{
//!     detector::{
//!         DetectedLandmark,
//!         output::{CsvTable, ImageDetections},
//!     },
//!     prelude::*,
//! };
//!
//! let bounding_box = BoundingBox::new(10.0, 20.0, 110.0, 220.0).unwrap();
//! let collar = DetectedLandmark {
//!     index: 0,
//!     name: "left collar".into(),
//!     x: 40.5,
//!     y: 30.25,
//!     score: 0.75,
//!     confidence: Some(0.875),
//!     visibility: None,
//! };
//! let detection = Detection { landmarks: vec![collar], category: None, bounding_box };
//!
//! let mut table = CsvTable::new(Vec::new())?;
//! table.add(&ImageDetections::new("shirt.jpg", [120, 240], [detection]))?;
//! let text = String::from_utf8(table.finish()?).unwrap();
//! assert_eq!(
//!     text.lines().last(),
//!     Some("shirt.jpg,1,,left collar,40.5,30.25,0.75,0.875,,,10.0,20.0,110.0,220.0")
//! );
//! # Ok::<(), std::io::Error>(())
//! ```
mod coco_results;
mod csv_table;
mod image_detections;
mod json_lines;
#[cfg(test)]
mod tests;

pub use self::{
    coco_results::{CocoIndex, CocoResults, coco_result},
    csv_table::CsvTable,
    image_detections::{GarmentDetection, ImageDetections},
    json_lines::JsonLines,
};
