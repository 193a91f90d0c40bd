//! YAML files, with size limits.
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_saphyr::{Options, alias_limits, options};

use super::annotation::dataset_error;
use crate::{Error, ErrorKind, file::read_bounded};

/// The maximum size of a YAML file, in bytes. Those of datasets have a few thousand bytes.
pub(super) const MAX_YAML_BYTES: u64 = 4 << 20;

/// Reads a YAML file. Aliases can expand a small file to a huge value, so their expansion is
/// limited to what real files need.
pub(super) fn read_yaml<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let bytes = read_bounded(path, MAX_YAML_BYTES, dataset_error(path))?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        dataset_error(path)(format!("not UTF-8 after {} bytes", error.valid_up_to()))
    })?;
    serde_saphyr::from_str_with_options(text, limits()).map_err(|error| {
        const SHOWN: usize = 200;
        let shown: String = error.without_snippet().to_string().chars().take(SHOWN).collect();
        let placed = Error::new(ErrorKind::Annotation, shown).with_path(path);
        match error.location().and_then(|location| usize::try_from(location.line()).ok()) {
            Some(line) if line > 0 => placed.with_line(line),
            _ => placed,
        }
    })
}

fn limits() -> Options {
    options! {
        alias_limits: alias_limits! {
            max_total_replayed_events: 100_000,
            max_replay_stack_depth: 16,
        },
        // A class may be named "null".
        null_as_string: true,
        with_snippet: false,
    }
}

/// A value; a value of any other type counts as missing.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Lenient<T> {
    As(T),
    Other(IgnoredAny),
}
