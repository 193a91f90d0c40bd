//! What was found in an image: the form of NAME.json, and of each line to standard output.
use std::{fs::Metadata, time::UNIX_EPOCH};

use dafe::detector::output::ImageDetections;
use serde::{Deserialize, Serialize};

/// An image and its garments, and what tells whether they still hold.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// As the image was given; of the upright image; a garment for each box, one
    /// for the whole image, or all that were found.
    #[serde(flatten)]
    pub found: ImageDetections,
    /// The fingerprint of the run, as in detect.json.
    pub made_by: String,
    /// The image's file as it was; none of standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileState>,
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
