//! The record of an image's detections: the format of NAME.json, and of each line on standard
//! output.
use std::{fs::Metadata, time::UNIX_EPOCH};

use dafe::detector::output::ImageDetections;
use serde::{Deserialize, Serialize};

/// An image's detections, and what shows whether they are up to date.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The image as given, its upright size, and its garments: one per box, one in the whole image,
    /// or all that were found.
    #[serde(flatten)]
    pub found: ImageDetections,
    /// The fingerprint of the run, as in detect.json.
    pub made_by: String,
    /// The state of the image's file when it was read; `None` for standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileState>,
}

/// A file's size and modification time, to detect changes without reading it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileState {
    bytes: u64,
    /// The modification time, in nanoseconds since 1970.
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
