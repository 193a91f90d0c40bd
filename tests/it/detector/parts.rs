//! Disassembling and reassembling a model file.
use std::sync::LazyLock;

use dafe::{Error, ErrorKind, prelude::*};
use serde_json::Value;

use super::support::DETECTOR;

/// safetensors: the header's length in 8 bytes, the header as JSON, the numbers.
#[derive(Clone)]
pub struct Parts {
    pub header: Value,
    pub numbers: Vec<u8>,
}

impl Parts {
    pub fn of(bytes: &[u8]) -> Self {
        let length = header_length(bytes);
        let (header, numbers) = bytes[8..].split_at(length);
        Self { header: serde_json::from_slice(header).unwrap(), numbers: numbers.to_vec() }
    }

    /// The model's description.
    pub fn described(&self) -> Value {
        serde_json::from_str(self.header["__metadata__"]["dafe"].as_str().unwrap()).unwrap()
    }

    /// The same file with this description.
    pub fn describing(mut self, described: &str) -> Vec<u8> {
        self.header["__metadata__"]["dafe"] = described.into();
        self.bytes()
    }

    pub fn bytes(&self) -> Vec<u8> {
        let header = self.header.to_string().into_bytes();
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], &header, &self.numbers].concat()
    }
}

pub fn header_length(bytes: &[u8]) -> usize {
    u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize
}

/// A valid file.
pub fn saved() -> Vec<u8> {
    static SAVED: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        DETECTOR.save(folder.path()).unwrap();
        std::fs::read(folder.path().join(LandmarkDetector::FILE)).unwrap()
    });
    SAVED.clone()
}

pub fn load(bytes: Vec<u8>) -> Result<LandmarkDetector, Error> {
    LandmarkDetector::from_bytes(bytes, "some.safetensors", DETECTOR.device())
}

/// The error message for a file, without its name.
#[track_caller]
pub fn refusal(bytes: Vec<u8>) -> String {
    let error = load(bytes).unwrap_err();
    let kinds = [ErrorKind::Weights, ErrorKind::Format, ErrorKind::Shape];
    assert!(kinds.contains(&error.kind()), "{error:?}");
    let text = error.to_string();
    assert!(text.len() < 1000 && !text.contains('\n'), "{text}");
    text.strip_prefix("some.safetensors: ").expect("the file's name").to_string()
}
