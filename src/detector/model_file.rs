//! One file that holds all of a model: safetensors, whose metadata says the rest.
//!
//! PyTorch and others read its tensors as they read any. The metadata's one entry, "dafe", is JSON: the number of this form
//! and a [`DetectorConfig`].
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DetectorConfig;
use crate::{
    error::Error,
    model::LandmarkNet,
    weights::{Precision, StateDict, save_with, short},
};

/// The metadata's entry.
const ENTRY: &str = "dafe";

/// The form that is written, and the only one that is read.
const VERSION: u64 = 1;

/// The largest file that is read: the most parameters that a network may have, in the widest numbers.
pub(super) const MOST_BYTES: u64 = 4 << 30;
/// The longest description that is read: of 294 landmarks, it has some 30 thousand bytes.
const MOST_DESCRIBED: usize = 4 << 20;

/// The file before it had its own name.
pub(super) const OLD_CONFIG: &str = "model.json";

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    config: &'a DetectorConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[allow(dead_code, reason = "looked at before the rest is understood")]
    version: u64,
    config: DetectorConfig,
}

/// The part that every form has; a later one's configuration may be anything.
#[derive(Deserialize)]
struct AnyVersion {
    version: u64,
    #[serde(default)]
    config: Value,
}

/// Writes a model, whole or not at all.
pub(crate) fn write(
    net: &LandmarkNet,
    config: &DetectorConfig,
    path: &Path,
    precision: Precision,
) -> Result<(), Error> {
    let described = Written { version: VERSION, config };
    let json = serde_json::to_string(&described).expect("plain numbers and strings");
    save_with(net, path, ENTRY, &json, precision)
}

/// The model that `bytes` are, named `path` in errors: its configuration, which can work, and its parameters, which may not
/// fit.
pub(super) fn parse(path: &Path, bytes: Vec<u8>) -> Result<(DetectorConfig, StateDict), Error> {
    let (weights, described) = StateDict::parse(path, bytes, ENTRY)?;
    let failed = |message: String| Error::Weights { path: path.to_path_buf(), message };
    let Some(described) = described else {
        let message = match path.with_file_name(OLD_CONFIG).is_file() {
            true => format!(
                "parameters alone; {OLD_CONFIG} beside it is of a version of this crate before 0.1, whose models are not read"
            ),
            false => "parameters alone, without what this crate's models say of themselves (metadata \"dafe\"): \
                      weights::load_safetensors reads those into a network"
                .into(),
        };
        return Err(failed(message));
    };
    if described.len() > MOST_DESCRIBED {
        let length = described.len();
        return Err(failed(format!(
            "metadata \"dafe\" has {length} bytes; at most {MOST_DESCRIBED}"
        )));
    }
    let damaged =
        |error: serde_json::Error| failed(short(&format!("damaged: metadata \"dafe\": {error}")));
    let any: AnyVersion = serde_json::from_str(&described).map_err(damaged)?;
    if any.version != VERSION {
        let by = any.config.pointer("/origin/crate_version").and_then(Value::as_str);
        let by = by.map_or(String::new(), |version| format!(", written by dafe {version:.20}"));
        let newer = if any.version > VERSION { ": a newer dafe is needed" } else { "" };
        return Err(failed(format!(
            "a model of form {}{by}; this is dafe {}, which reads form {VERSION}{newer}",
            any.version,
            env!("CARGO_PKG_VERSION")
        )));
    }
    let Read { config, .. } = serde_json::from_str(&described).map_err(damaged)?;
    config.validate().map_err(|error| failed(short(&format!("damaged: {error}"))))?;
    Ok((config, weights))
}
