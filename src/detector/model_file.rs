//! One file that holds all of a model: safetensors, whose metadata says the rest.
//!
//! PyTorch and others read its tensors as they read any. The metadata's one entry, "dafe", is JSON:
//! the number of this format and a [`DetectorConfig`].
use std::path::Path;
#[cfg(feature = "train")]
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::config::DetectorConfig;
#[cfg(feature = "train")]
use super::landmark_detector::file;
use crate::{
    Error, ErrorKind,
    file::read_bounded,
    format::{self, Refused},
    model::LandmarkNet,
    weights::{Precision, StateDict, save_with, short},
};

/// The metadata's entry.
const ENTRY: &str = "dafe";

/// The format that is written, and the only one that is read.
const FORMAT: u64 = 2;

/// The largest file that is read: the most parameters that a network may have, in the widest
/// numbers.
const MOST_BYTES: u64 = 4 << 30;
/// The longest description that is read: of 294 landmarks, it has some 30 thousand bytes.
const MOST_DESCRIBED: usize = 4 << 20;

#[derive(Serialize)]
struct Written<'a> {
    format: u64,
    config: &'a DetectorConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "format")]
    _format: u64,
    config: DetectorConfig,
}

/// Writes a model, whole or not at all.
pub(crate) fn write(
    net: &LandmarkNet,
    config: &DetectorConfig,
    path: &Path,
    precision: Precision,
) -> Result<(), Error> {
    let described = Written { format: FORMAT, config };
    let json = serde_json::to_string(&described).expect("plain numbers and strings");
    save_with(net, path, ENTRY, &json, precision)
}

/// A file's bytes, unless there are too many.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let refused = |message| Error::new(ErrorKind::Weights, message).with_path(path);
    read_bounded(path, MOST_BYTES, refused)
}

/// The configuration of the model in `path`, a file or its folder, and the file.
#[cfg(feature = "train")]
pub(crate) fn read_config(path: &Path) -> Result<(PathBuf, DetectorConfig), Error> {
    let path = file(path);
    let (config, _) = parse(&path, bytes(&path)?)?;
    Ok((path.into_owned(), config))
}

/// The model that `bytes` are, named `path` in errors: its configuration, which can work, and its
/// weights, which may not fit.
pub(super) fn parse(path: &Path, bytes: Vec<u8>) -> Result<(DetectorConfig, StateDict), Error> {
    let (weights, described) = StateDict::parse(path, bytes, ENTRY)?;
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    let described = described.ok_or_else(|| {
        failed(
            "parameters alone, without what this crate's models say of themselves (metadata \"dafe\"): \
             weights::load_safetensors reads those into a network"
                .into(),
        )
    })?;
    if described.len() > MOST_DESCRIBED {
        let length = described.len();
        return Err(failed(format!(
            "metadata \"dafe\" has {length} bytes; at most {MOST_DESCRIBED}"
        )));
    }
    let damaged =
        |message: String| failed(short(&format!("damaged: metadata \"dafe\": {message}")));
    format::check(described.as_bytes(), FORMAT, "/config/origin/crate_version").map_err(
        |refused| match refused {
            Refused::Damaged(message) => damaged(message),
            Refused::Other(message) => failed(message).with_kind(ErrorKind::Format),
        },
    )?;
    let Read { config, .. } =
        serde_json::from_str(&described).map_err(|error| damaged(error.to_string()))?;
    Ok((config, weights))
}
