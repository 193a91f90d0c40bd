//! The number of a file's format, looked at before the rest is understood: a later format may be
//! anything.
use serde::Deserialize;
use serde_json::Value;

/// Why a JSON document is not read further; the message is for whoever knows the file's name.
pub(crate) enum Refused {
    /// It is no JSON, or has no number of a format.
    Damaged(String),
    /// It is of another format.
    Other(String),
}

#[cfg(feature = "train")]
impl Refused {
    /// What is wrong.
    pub fn message(self) -> String {
        match self {
            Self::Damaged(message) | Self::Other(message) => message,
        }
    }
}

#[derive(Deserialize)]
struct Head {
    format: u64,
}

/// Whether a JSON document's `format` is the one that is known. `writer` points to the version of
/// this crate that wrote it, if it says so.
pub(crate) fn check(json: &[u8], known: u64, writer: &str) -> Result<(), Refused> {
    let damaged = |error: serde_json::Error| Refused::Damaged(error.to_string());
    let document: Value = serde_json::from_slice(json).map_err(damaged)?;
    let Head { format } = Head::deserialize(&document).map_err(damaged)?;
    if format == known {
        return Ok(());
    }
    let by = document.pointer(writer).and_then(Value::as_str);
    let by = by.map_or(String::new(), |version| format!(", written by dafe {version:.20}"));
    let newer = if format > known { ": a newer dafe is needed" } else { "" };
    let own = env!("CARGO_PKG_VERSION");
    Err(Refused::Other(format!(
        "its format is {format}{by}; this is dafe {own}, which reads format {known}{newer}"
    )))
}
