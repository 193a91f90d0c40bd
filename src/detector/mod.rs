//! Detectors: images in, named landmarks out ([`LandmarkDetector`]).
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
