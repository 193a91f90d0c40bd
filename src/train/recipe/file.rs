//! The recipe file in a run's folder.
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::config::TrainConfig;
use crate::{Error, file::read_bounded, format};

/// The file's name.
pub(in crate::train) const NAME: &str = "config.json";

/// The format version that is written, and the only one that is read.
const FORMAT: u64 = 2;

/// Maximum size of the file, in bytes.
const MOST_BYTES: u64 = 16 << 20;

#[derive(Serialize)]
struct Written<'a> {
    format: u64,
    recipe: &'a TrainConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "format")]
    _format: u64,
    recipe: TrainConfig,
}

/// Serializes the file.
pub(in crate::train) fn to_json(recipe: &TrainConfig) -> Vec<u8> {
    let written = Written { format: FORMAT, recipe };
    serde_json::to_vec_pretty(&written).expect("plain numbers and strings")
}

/// Reads the recipe of the run in `folder`.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if it does not exist; a [configuration
/// error](crate::ErrorKind::Config) with the file's name if its format version is not supported, or
/// it is malformed or invalid.
pub fn read_config(folder: impl AsRef<Path>) -> Result<TrainConfig, Error> {
    let folder = folder.as_ref();
    let path = folder.join(NAME);
    let failed = |message: String| Error::config(message).with_path(&path);
    let json = read_bounded(&path, MOST_BYTES, failed)?;
    format::check(&json, FORMAT, "").map_err(|refused| failed(refused.message()))?;
    let Read { recipe, .. } =
        serde_json::from_slice(&json).map_err(|error| failed(error.to_string()))?;
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::Preset;

    #[test]
    fn a_recipe_is_read_as_it_was_written_or_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let recipe = TrainConfig::preset(Preset::Nano, 8);
        let written = String::from_utf8(to_json(&recipe)).unwrap();
        fs::write(&path, &written).unwrap();
        assert_eq!(read_config(folder.path()).unwrap(), recipe);

        for (from, to, message) in [
            ("\"format\": 2", "\"format\": 1", "its format is 1; this is dafe "),
            ("\"format\": 2", "\"form\": 2", "missing field `format`"),
            ("\"epochs\": 8", "\"epochs\": 0", "epochs must be at least 1, not 0 at line "),
            ("\"seed\"", "\"sed\"", "unknown field `sed`"),
        ] {
            assert!(written.contains(from), "{from}");
            fs::write(&path, written.replace(from, to)).unwrap();
            let error = read_config(folder.path()).unwrap_err().to_string();
            let start = format!("{}: {message}", path.display());
            assert!(error.starts_with(&start), "{error}");
        }
    }
}
