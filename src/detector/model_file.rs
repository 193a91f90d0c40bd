//! The model file: safetensors with the configuration in the metadata.
//!
//! PyTorch and other tools read its tensors like those of any safetensors file. The metadata has
//! one entry, "dafe": JSON with the format version and a [`DetectorConfig`].
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

/// The metadata's key.
const ENTRY: &str = "dafe";

/// The format version that is written, and the only one that is read.
const FORMAT: u64 = 2;

/// The largest file that is read: the maximum number of parameters of a network, in the widest
/// type.
const MOST_BYTES: u64 = 4 << 30;
/// The longest configuration that is read; one of 294 landmarks has about 30,000 bytes.
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

/// Writes a model file atomically.
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

/// Reads a file's bytes, unless it is too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let refused = |message| Error::new(ErrorKind::Weights, message).with_path(path);
    read_bounded(path, MOST_BYTES, refused)
}

/// Reads the configuration of the model in `path`, a file or its folder; returns the file's path,
/// too.
#[cfg(feature = "train")]
pub(crate) fn read_config(path: &Path) -> Result<(PathBuf, DetectorConfig), Error> {
    let path = file(path);
    let (config, _) = parse(&path, bytes(&path)?)?;
    Ok((path.into_owned(), config))
}

/// Parses a model file, named `path` in errors. The configuration is validated; whether the weights
/// fit the network is not checked here.
pub(super) fn parse(path: &Path, bytes: Vec<u8>) -> Result<(DetectorConfig, StateDict), Error> {
    let (weights, described) = StateDict::parse(path, bytes, ENTRY)?;
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    let described = described.ok_or_else(|| {
        failed(
            "weights without a configuration (metadata \"dafe\"): \
             weights::load_safetensors loads them into a network"
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
