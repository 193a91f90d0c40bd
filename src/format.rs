//! Checks the format number of a JSON file before anything else, since a later format may have any
//! content.
use serde::Deserialize;
use serde_json::Value;

/// Why a JSON document is rejected. The caller adds the file's name to the message.
pub(crate) enum Refused {
    /// It is not JSON, or has no format number.
    Damaged(String),
    /// It has another format number.
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

/// Checks that a JSON document's `format` is `known`. `writer` is the JSON pointer to the version
/// of this crate that wrote it, if the document has one.
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
