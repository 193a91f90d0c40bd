//! Detectors: from an image to named landmarks. A [`LandmarkDetector`] is a trained network and its
//! [configuration](DetectorConfig), saved in one file. Give it a box around the garment, or let it
//! search for one garment or for all of them.
//!
#![cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```")]
#![cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
//! use dafe::{
//!     image::{Rgb, RgbImage},
//!     prelude::*,
//! };
//!
//! let detector = LandmarkDetector::bundled(&Device::flex());
//! let image = RgbImage::from_pixel(200, 300, Rgb([240; 3])); // Or `data::image::read_image`.
//! let bounds = BoundingBox::new(20.0, 30.0, 180.0, 250.0).unwrap();
//! let detection = detector.detect(&image, Some(bounds))?;
//! let min_score = detector.config().min_score();
//! for landmark in detection.landmarks.iter().filter(|landmark| landmark.score >= min_score) {
//!     println!("{landmark}");
//! }
//! # Ok::<(), dafe::Error>(())
//! ```
#[cfg(feature = "bundled")]
pub(crate) mod bundled;
mod calibration;
mod config;
mod consensus;
mod detect;
mod detection;
mod explanation;
mod garments;
mod landmark_detector;
mod look;
pub mod mmpose;
pub(crate) mod model_file;
mod origin;
pub mod output;
mod region;
mod search;
mod suppression;
mod without_boxes;

pub use self::{
    calibration::{Calibration, ScoreCalibration},
    config::DetectorConfig,
    detection::{
        CategoryChoice, DetectedCategory, DetectedLandmark, Detection, DetectionRequest, InputImage,
    },
    explanation::{Explanation, InputMap, ModuleAttention},
    garments::DetectedGarment,
    landmark_detector::LandmarkDetector,
    origin::{DataOrigin, Origin},
    search::Search,
    without_boxes::predict_without_boxes,
};
