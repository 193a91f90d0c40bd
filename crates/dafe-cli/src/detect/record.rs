//! What was found in an image: the form of NAME.json, and of each line to standard output.
use std::{fs::Metadata, time::UNIX_EPOCH};

use dafe::prelude::*;
use serde::{Deserialize, Serialize};

/// An image and its garments.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// As the image was given.
    pub picture: String,
    /// Of the upright image, in pixels.
    pub width: u32,
    pub height: u32,
    /// One for each box, or one for the whole image.
    pub detections: Vec<Garment>,
    /// The fingerprint of the run, as in detect.json.
    pub made_by: String,
    /// The image's file as it was; none of standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileState>,
}

/// A garment's landmarks, category and box.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Garment {
    #[serde(flatten)]
    pub detection: Detection,
    /// The detector's score of the box, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_score: Option<f32>,
}

/// What tells, without reading it, that a file is as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileState {
    bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    modified: Option<u64>,
}

impl FileState {
    pub fn new(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            bytes: metadata.len(),
            modified: since.and_then(|since| u64::try_from(since.as_nanos()).ok()),
        }
    }
}

impl Garment {
    /// Whether all of it can be written: networks that diverged find numbers that are none.
    pub fn is_finite(&self) -> bool {
        let Detection { landmarks, bounding_box, .. } = &self.detection;
        let BoundingBox { x1, y1, x2, y2 } = *bounding_box;
        let numbers = landmarks.iter().flat_map(|found| [found.x, found.y, found.score]);
        numbers.chain([x1, y1, x2, y2]).all(f32::is_finite)
    }
}
